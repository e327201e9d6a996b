/**
 * An identity provider of another maker (oidc-provider) as a process of its own. It prints its issuer, and then reads settings from stdin, one line of JSON each, whose
 * fields replace those before, and answers `done`: `{ consoleUrl, audience, tokenSeconds, refreshTokens }`. It ends when stdin closes. Its roles stand where Keycloak puts them; any
 * account of the list may come in, without a password.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { exportJWK, generateKeyPair } from 'jose'

// It warns that it forgets all when it ends, and under Node 20 that it is written for 22, of which this alone is missing.
console.warn = () => undefined
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null)
const { default: Provider } = await import('oidc-provider')

const CLIENT_ID = 'bang-dieu-khien'
const RESOURCE = 'urn:lien-thong'

const ACCOUNTS = {
  'van-hanh': { name: 'Người vận hành thử', realm_access: { roles: ['offline_access', 'lien-thong-van-hanh'] } },
  'chua-gan': { name: 'Người chưa gán', realm_access: { roles: ['offline_access'] } },
}

const settings = { consoleUrl: '', audience: 'lien-thong', tokenSeconds: 600, refreshTokens: true }
let provider

const openProvider = async (issuer) => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { consoleUrl } = settings
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${consoleUrl}/console/signed-in`],
        post_logout_redirect_uris: [`${consoleUrl}/console/signed-out`],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'mot' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    ttl: { AuthorizationCode: 60, IdToken: 86_400, RefreshToken: 86_400, Session: 86_400, Grant: 86_400, Interaction: 600 },
    clientBasedCORS: (_ctx, origin) => origin === consoleUrl,
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, preferred_username: accountId, name: ACCOUNTS[accountId].name }),
    }),
    extraTokenClaims: (_ctx, token) => ACCOUNTS[token.accountId],
    issueRefreshToken: () => settings.refreshTokens,
    interactions: { url: (_ctx, { uid }) => `/who/${uid}` },
    // Nobody is asked whether the district's own console may know who they are.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: CLIENT_ID, accountId: ctx.oidc.session.accountId })
      grant.addOIDCScope(ctx.oidc.params.scope)
      await grant.save()
      return grant
    },
    renderError: (ctx, { error, error_description }) => {
      ctx.body = `${error}: ${error_description}`
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: settings.audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: settings.tokenSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = `<title>Rời đi</title>${form}<button form="op.logoutForm" name="logout" value="yes">Rời hệ thống đăng nhập</button>`
        },
      },
    },
  })
}

const FORM = `<!doctype html><title>Bạn là ai</title><form method="post"><label>Tài khoản <input name="account" /></label>
<button name="answer" value="enter">Vào</button><button name="answer" value="stop">Thôi</button></form>`

/** Who is there: a page, and what the person answers. */
const ask = async (request, response) => {
  if (request.method === 'GET') return response.setHeader('content-type', 'text/html; charset=utf-8').end(FORM)
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  const answers = new URLSearchParams(Buffer.concat(pieces).toString('utf8'))
  const accountId = answers.get('account') ?? ''
  const isEntering = answers.get('answer') === 'enter' && accountId in ACCOUNTS
  await provider.interactionFinished(request, response, isEntering ? { login: { accountId } } : { error: 'access_denied' })
}

const server = createServer((request, response) => {
  if (request.url.startsWith('/who/')) void ask(request, response)
  else provider.callback()(request, response)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`
process.stdout.write(`${issuer} ${RESOURCE} ${CLIENT_ID}\n`)

const lines = createInterface({ input: process.stdin })
lines.on('line', async (line) => {
  Object.assign(settings, JSON.parse(line))
  provider ??= await openProvider(issuer)
  process.stdout.write('done\n')
})
lines.once('close', () => process.exit(0))
