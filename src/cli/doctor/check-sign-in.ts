import { createPublicKey } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { z } from 'zod'
import type { SignInSettings } from '../../access/console-settings.js'
import type { Environment } from '../../config/env.js'
import { errorCode } from '../../platform/start-error.js'
import type { Say } from '../language.js'
import { type Finding, fail, ok, warn } from './finding.js'

/**
 * Đăng nhập: whether the identity provider's discovery document answers, is its own, offers what the console needs, and publishes keys that the gateway takes. It is read
 * from this server; whether it lets the console's page ask (CORS) only a browser sees.
 */
const PROBE_MS = 5_000

const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  end_session_endpoint: z.url().optional(),
  code_challenge_methods_supported: z.array(z.string()).default([]),
})

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

type Read<Shape> = { readonly read: Shape } | { readonly problem: string }

const readJson = async <Shape>(address: string, shape: z.ZodType<Shape>): Promise<Read<Shape>> => {
  try {
    const response = await fetch(address, {
      signal: AbortSignal.timeout(PROBE_MS),
      headers: { accept: 'application/json', connection: 'close' },
    })
    const text = await response.text()
    if (!response.ok) return { problem: `HTTP ${response.status}` }
    const parsed = shape.safeParse(JSON.parse(text))
    return parsed.success ? { read: parsed.data } : { problem: z.prettifyError(parsed.error).replaceAll('\n', ' ') }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // What `fetch` says itself is only that it failed.
    const { message } = error.cause instanceof Error ? error.cause : error
    return { problem: error.name === 'TimeoutError' ? 'TIMEOUT' : (errorCode(error.cause) ?? message) }
  }
}

const addressOf = (issuer: string): string => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

export const checkSignIn = async (settings: SignInSettings, environment: Environment, say: Say): Promise<Finding[]> => {
  const { issuer } = settings
  const check = say('hệ thống đăng nhập', 'sign-in system')
  const address = addressOf(issuer)
  const answer = await readJson(address, discovery)
  const ours = issuerFinding(issuer, environment, say)
  if ('problem' in answer)
    return [
      ours,
      fail(
        check,
        say(`${address} không đọc được (${answer.problem})`, `${address} cannot be read (${answer.problem})`),
        say('xem "auth.signIn.issuer", mạng và hệ thống bên đó.', 'look at "auth.signIn.issuer", the network and their system.'),
      ),
    ]
  const { read } = answer
  if (read.issuer !== issuer)
    return [
      ours,
      fail(
        check,
        say(`tự xưng là ${read.issuer}, không phải ${issuer}`, `calls itself ${read.issuer}, not ${issuer}`),
        say(`đặt "auth.signIn.issuer" và JWT_ISSUER là ${read.issuer}.`, `set "auth.signIn.issuer" and JWT_ISSUER to ${read.issuer}.`),
      ),
    ]
  return [ours, ok(check, issuer), ...offerFindings(read, say), await keyFinding(read.jwks_uri, environment, say)]
}

const issuerFinding = (issuer: string, { JWT_ISSUER }: Environment, say: Say): Finding =>
  JWT_ISSUER === issuer
    ? ok('JWT_ISSUER', issuer)
    : fail(
        'JWT_ISSUER',
        say(`là ${JWT_ISSUER}, cổng sẽ không khởi động`, `is ${JWT_ISSUER}, the gateway will not start`),
        say(`đặt JWT_ISSUER là ${issuer}.`, `set JWT_ISSUER to ${issuer}.`),
      )

/** Only what is amiss. */
const offerFindings = (offered: z.infer<typeof discovery>, say: Say): Finding[] => {
  const check = say('hệ thống đăng nhập', 'sign-in system')
  const { origin } = new URL(offered.issuer)
  const findings: Finding[] = []
  if (new URL(offered.token_endpoint).origin !== origin)
    findings.push(
      fail(
        check,
        say(
          `cấp mã ở ${new URL(offered.token_endpoint).origin}, nơi bảng điều khiển không được gọi`,
          `gives tokens at ${new URL(offered.token_endpoint).origin}, where the console may not ask`,
        ),
        say(`trang chỉ gọi được ${origin}: cần một hệ thống cấp mã cùng tên miền.`, `the page asks ${origin} alone: one host is needed.`),
      ),
    )
  if (!offered.code_challenge_methods_supported.includes('S256'))
    findings.push(
      warn(
        check,
        say('không khai là có PKCE (S256)', 'does not say that it has PKCE (S256)'),
        say('hỏi bên đó: không có PKCE thì mã trao đổi có thể bị dùng trộm.', 'ask them: without PKCE a code that leaks can be used.'),
      ),
    )
  if (offered.end_session_endpoint === undefined)
    findings.push(
      warn(
        check,
        say('không có nơi đăng xuất', 'has no place to sign out'),
        say('dặn người dùng máy chung đóng trình duyệt sau khi đăng xuất.', 'tell people at shared machines to close the browser.'),
      ),
    )
  return findings
}

const keysOfGateway = async ({ JWT_JWKS_URL, JWT_PUBLIC_KEY }: Environment): Promise<Read<readonly JWK[]>> => {
  if (JWT_JWKS_URL) {
    const answer = await readJson(JWT_JWKS_URL, keySet)
    return 'problem' in answer ? answer : { read: answer.read.keys as readonly JWK[] }
  }
  try {
    return { read: [createPublicKey((JWT_PUBLIC_KEY ?? '').replaceAll('\\n', '\n')).export({ format: 'jwk' }) as JWK] }
  } catch {
    return { problem: 'JWT_PUBLIC_KEY' }
  }
}

const namesOf = async (keys: readonly JWK[]): Promise<Set<string>> =>
  new Set(await Promise.all(keys.map((key) => calculateJwkThumbprint(key))))

const keyFinding = async (jwksUri: string, environment: Environment, say: Say): Promise<Finding> => {
  const check = say('khóa của hệ thống đăng nhập', 'keys of the sign-in system')
  const unread = (problem: string): Finding =>
    fail(check, problem, say('xem JWT_JWKS_URL và hệ thống bên đó.', 'look at JWT_JWKS_URL and their system.'))
  const published = await readJson(jwksUri, keySet)
  if ('problem' in published) return unread(`${jwksUri}: ${published.problem}`)
  const taken = await keysOfGateway(environment)
  if ('problem' in taken) return unread(taken.problem)
  const names = await namesOf(taken.read)
  const shared = [...(await namesOf(published.read.keys as readonly JWK[]))].filter((name) => names.has(name)).length
  if (shared === 0)
    return fail(
      check,
      say('không phải khóa mà cổng đang nhận', 'are not those that the gateway takes'),
      say(`đặt JWT_JWKS_URL là ${jwksUri}, bỏ JWT_PUBLIC_KEY.`, `set JWT_JWKS_URL to ${jwksUri}, without JWT_PUBLIC_KEY.`),
    )
  if (environment.JWT_JWKS_URL) return ok(check, say(`cổng nhận ${shared} khóa`, `the gateway takes ${shared}`))
  return warn(
    check,
    say('cổng nhận một khóa cố định', 'the gateway takes one fixed key'),
    say(`đặt JWT_JWKS_URL là ${jwksUri}: khi bên đó đổi khóa, cổng tự theo.`, `set JWT_JWKS_URL to ${jwksUri}: keys change.`),
  )
}
