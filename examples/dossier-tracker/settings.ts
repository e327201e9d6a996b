import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Gateway } from './gateway.js'

/** What the person at the terminal did not say right, in one sentence. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

export interface Settings extends Gateway {
  /** Changes to wait for. */
  readonly changes: number
  readonly patienceMs: number
}

/** What `npm start` leaves for those who try things out: its address and a token a role. */
const readSandboxAccess = async (folder: string, role: string): Promise<Partial<Gateway>> => {
  try {
    const access = JSON.parse(await readFile(join(folder, 'sandbox-access.json'), 'utf8')) as {
      url: string
      tokens: Record<string, string>
    }
    return { url: access.url, token: access.tokens[role] }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return {}
    throw error
  }
}

const USAGE = 'Cách dùng: npm run example -- [--url <địa chỉ GraphQL>] [--token <mã>] [--changes <số>] [--patience <giây>]'

const readArguments = (commandLine: readonly string[]) => {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args: [...commandLine], options: { url: text, token: text, changes: text, patience: text } }).values
  } catch (error) {
    throw new SettingsError(`${(error as Error).message}\n${USAGE}`)
  }
}

const numberFrom = (text: string | undefined, usual: number): number => {
  const value = text === undefined ? usual : Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new SettingsError(`"${text}" không phải là một số nguyên dương.\n${USAGE}`)
}

/** Arguments first, then the environment, then what `npm start` left. */
export const readSettings = async (
  commandLine: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Settings> => {
  const values = readArguments(commandLine)
  const sandbox = await readSandboxAccess(environment.STATE_DIR ?? '.state', 'officer')
  const url = values.url ?? environment.GATEWAY_URL ?? sandbox.url ?? 'http://127.0.0.1:4000/graphql'
  const token = values.token ?? environment.GATEWAY_TOKEN ?? sandbox.token
  if (token === undefined) throw new SettingsError('Chưa có mã đăng nhập: chạy "npm start" trước, hoặc cho --token hay GATEWAY_TOKEN.')
  if (!URL.canParse(url)) throw new SettingsError(`"${url}" không phải là một địa chỉ.`)
  return { url, token, changes: numberFrom(values.changes, 4), patienceMs: numberFrom(values.patience, 60) * 1_000 }
}
