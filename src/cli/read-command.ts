import { parseArgs } from 'node:util'

/** What was asked for. WRONG: why it is none of the commands; nothing is done for a command that is only nearly right. */
export type Command =
  | { readonly kind: 'HELP' }
  | { readonly kind: 'WRONG'; readonly why: string }
  | { readonly kind: 'LOAD_MAPPINGS'; readonly json: boolean; readonly file: string }
  | { readonly kind: 'MAPPING_GAPS'; readonly json: boolean }
  | { readonly kind: 'LIST_ROUTES'; readonly json: boolean }
  | { readonly kind: 'RECOVERY_STATUS'; readonly json: boolean }
  | { readonly kind: 'OPEN_RECOVERY'; readonly json: boolean; readonly backupAt: string | undefined; readonly reason: string | undefined }
  | { readonly kind: 'CLOSE_RECOVERY'; readonly json: boolean; readonly reason: string | undefined; readonly force: boolean }
  | {
      readonly kind: 'SET_ROUTES'
      readonly json: boolean
      readonly mode: string
      readonly from: string | undefined
      readonly operations: readonly string[]
    }

const wrong = (why: string): Command => ({ kind: 'WRONG', why })

const parse = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      from: { type: 'string' },
      operation: { type: 'string', multiple: true },
      'backup-at': { type: 'string' },
      reason: { type: 'string' },
      force: { type: 'boolean' },
    },
  })

/**
 * Reads a command line strictly: an option that is misspelt, or a word too many, would widen what is done (`routes set` without its
 * `--operation` sets every route).
 */
export const readCommand = (argv: readonly string[]): Command => {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  if (values.help || positionals[0] === 'help') return { kind: 'HELP' }
  const json = values.json === true
  const [group, verb, argument, ...tooMany] = positionals
  const name = [group, verb].join(' ')
  const bare = argument === undefined
  if (tooMany.length > 0) return wrong(`Thừa: ${tooMany.join(' ')}`)
  if (name !== 'routes set' && (values.from !== undefined || values.operation !== undefined))
    return wrong('--from và --operation chỉ dùng với "routes set".')
  if (name !== 'recovery open' && values['backup-at'] !== undefined) return wrong('--backup-at chỉ dùng với "recovery open".')
  if (name !== 'recovery close' && values.force !== undefined) return wrong('--force chỉ dùng với "recovery close".')
  if (name !== 'recovery open' && name !== 'recovery close' && values.reason !== undefined)
    return wrong('--reason chỉ dùng với "recovery open" và "recovery close".')
  switch (name) {
    case 'mappings load':
      return bare ? wrong('Thiếu tệp ánh xạ.') : { kind: 'LOAD_MAPPINGS', json, file: argument }
    case 'mappings gaps':
      return bare ? { kind: 'MAPPING_GAPS', json } : wrong(`Thừa: ${argument}`)
    case 'routes list':
      return bare ? { kind: 'LIST_ROUTES', json } : wrong(`Thừa: ${argument}`)
    case 'routes set':
      return bare
        ? wrong('Thiếu chế độ.')
        : { kind: 'SET_ROUTES', json, mode: argument, from: values.from, operations: values.operation ?? [] }
    case 'recovery status':
      return bare ? { kind: 'RECOVERY_STATUS', json } : wrong(`Thừa: ${argument}`)
    case 'recovery open':
      return bare ? { kind: 'OPEN_RECOVERY', json, backupAt: values['backup-at'], reason: values.reason } : wrong(`Thừa: ${argument}`)
    case 'recovery close':
      return bare ? { kind: 'CLOSE_RECOVERY', json, reason: values.reason, force: values.force === true } : wrong(`Thừa: ${argument}`)
    default:
      return wrong(positionals.length === 0 ? 'Thiếu lệnh.' : `Không có lệnh "${positionals.join(' ')}".`)
  }
}
