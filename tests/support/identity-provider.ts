import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SignInSettings } from '../../src/access/console-settings.js'
import { projectRoot } from '../../src/platform/paths.js'

/** A real identity provider (`identity-provider-process.mjs`). Its access tokens are for the audience `lien-thong`, unless told otherwise. */
export interface TestIdentityProvider {
  readonly settings: SignInSettings
  /** Before anybody signs in, `consoleUrl` at least. */
  set(settings: { consoleUrl?: string; audience?: string; tokenSeconds?: number; refreshTokens?: boolean }): Promise<void>
  stop(): Promise<void>
}

export const startIdentityProvider = async (): Promise<TestIdentityProvider> => {
  const program = join(projectRoot, 'tests/support/identity-provider-process.mjs')
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const said = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the identity provider has ended')
    return value
  }
  const [issuer = '', resource = '', clientId = ''] = (await said()).split(' ')
  return {
    settings: { issuer, resource, clientId, scopes: ['openid', 'profile'], name: 'tài khoản tỉnh' },
    set: async (settings) => {
      child.stdin.write(`${JSON.stringify(settings)}\n`)
      await said()
    },
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
