import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { asFileFault } from '../../model/file-fault.js'
import { declareCommand } from '../declare-command.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { wholeNumber } from '../option-values.js'
import type { Access, AccessSources, Session } from '../session.js'

export interface Remote {
  readonly url?: string
  readonly tokenFile?: string
  readonly patience: number
  readonly json?: boolean
}

const PATIENCE_S = 60

/** A command that a gateway answers. */
export const declareRemote = (parent: Command, usage: string, description: string, session: Session): Command => {
  const { say } = session
  return declareCommand(parent, usage, description, session)
    .option('--url <url>', say('địa chỉ của cổng (mặc định: LIENTHONG_URL)', 'address of the gateway (default: LIENTHONG_URL)'))
    .option(
      '--token-file <file>',
      say('tệp chứa mã đăng nhập (mặc định: LIENTHONG_TOKEN)', 'file with the token (default: LIENTHONG_TOKEN)'),
    )
    .option(
      '--patience <seconds>',
      say('chờ cổng trả lời và thử lại nhiều nhất bao lâu, giây', 'how long to wait for the gateway and to try again, seconds'),
      wholeNumber(1, 3_600, say),
      PATIENCE_S,
    )
}

/** `https://gateway.example` means its `/graphql`. */
const endpointOf = (text: string, say: Say): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CommandFailed(EXIT.USAGE, say(`"${text}" không phải là địa chỉ http(s).`, `"${text}" is no http(s) address.`))
  if (url.pathname === '/') url.pathname = '/graphql'
  return url.href
}

const tokenIn = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw asFileFault(error, file, 'READ')
  }
}

/**
 * Options first, then the environment, then the sandbox that runs here. The sandbox's token goes to the sandbox alone.
 */
export const findAccess = async (options: Remote, sources: AccessSources, say: Say): Promise<Access> => {
  const url = options.url ?? sources.url
  const file = options.tokenFile ?? (sources.token === undefined ? sources.tokenFile : undefined)
  const token = file === undefined ? sources.token : await tokenIn(file)
  const sandbox = url === undefined ? await sources.sandbox() : null
  if (sandbox) return { url: sandbox.url, token: token ?? sandbox.token }
  if (url === undefined)
    throw new CommandFailed(
      EXIT.USAGE,
      say(
        'Chưa biết địa chỉ của cổng: cho --url hoặc LIENTHONG_URL, hoặc chạy "npm start" trước.',
        'No gateway: give --url or LIENTHONG_URL, or run "npm start" first.',
      ),
    )
  if (!token)
    throw new CommandFailed(
      EXIT.NOT_ALLOWED,
      say(
        'Chưa có mã đăng nhập: cho --token-file, LIENTHONG_TOKEN_FILE hoặc LIENTHONG_TOKEN.',
        'No token: give --token-file, LIENTHONG_TOKEN_FILE or LIENTHONG_TOKEN.',
      ),
    )
  return { url: endpointOf(url, say), token }
}
