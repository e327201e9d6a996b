import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../platform/start-error.js'

const fileIn = (stateDir: string): string => join(stateDir, 'sandbox-access.json')

/** What a running `npm start` leaves on this machine for commands beside it, readable for this account alone. */
export interface SandboxAccess {
  /** Of the GraphQL endpoint. */
  readonly url: string
  /** By role. */
  readonly tokens: Readonly<Record<string, string>>
  /** The twins, as the `systems` of a configuration file, and the accounts there under the names of the environment. */
  readonly systems: unknown
  /** Addresses at which the twins are told what to do. */
  readonly controls: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

/** `npm run example` and `npx lienthong` find it. Returns how to take it away. */
export const leaveSandboxAccess = async (stateDir: string, access: SandboxAccess): Promise<() => Promise<void>> => {
  await writeFile(fileIn(stateDir), `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 })
  return () => rm(fileIn(stateDir), { force: true })
}

/** Null: there is none. */
export const readSandboxAccess = async (stateDir: string): Promise<SandboxAccess | null> => {
  try {
    return JSON.parse(await readFile(fileIn(stateDir), 'utf8')) as SandboxAccess
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** For what asks the gateway in a role; null: there is none. */
export const readSandboxToken = async (stateDir: string, role: string): Promise<{ url: string; token: string } | null> => {
  const access = await readSandboxAccess(stateDir)
  const token = access?.tokens[role]
  return access && token !== undefined ? { url: access.url, token } : null
}
