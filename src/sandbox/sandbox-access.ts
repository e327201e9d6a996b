import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

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
