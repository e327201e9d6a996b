import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../platform/start-error.js'

const fileIn = (stateDir: string): string => join(stateDir, 'sandbox-access.json')

/**
 * Leaves the gateway's address and the tokens where scripts on this machine find them while `npm start` runs (`npm run example` does), readable
 * for this account alone. Returns how to take them away.
 */
export const leaveSandboxAccess = async (
  stateDir: string,
  gatewayUrl: string,
  tokens: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> => {
  await writeFile(fileIn(stateDir), `${JSON.stringify({ url: `${gatewayUrl}/graphql`, tokens }, null, 2)}\n`, { mode: 0o600 })
  return () => rm(fileIn(stateDir), { force: true })
}

/** What a running `npm start` has left for a role; null: there is none. */
export const readSandboxAccess = async (stateDir: string, role: string): Promise<{ url: string; token: string } | null> => {
  try {
    const { url, tokens } = JSON.parse(await readFile(fileIn(stateDir), 'utf8')) as { url: string; tokens: Record<string, string> }
    const token = tokens[role]
    return token === undefined ? null : { url, token }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}
