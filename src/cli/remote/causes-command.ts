import type { Command } from 'commander'
import { SYSTEM_IDS } from '../../model/system.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { someOf, wholeNumber } from '../option-values.js'
import { type Column, linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { actOnce } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import {
  type CauseLineFragment,
  CausesDocument,
  type CausesQuery,
  NoteCauseDocument,
  OneCauseDocument,
  type SystemId,
} from './generated/graphql.js'

/** `lienthong causes list | show | note`: nguyên nhân lỗi, with what helped whoever met it before. */
export const declareCauses = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('causes').description(say('các nguyên nhân lỗi, qua cổng', 'causes of failures, through the gateway'))
  declareRemote(group, 'list', say('danh sách, nhiều lượt chưa xong nhất trước', 'list, most open transfers first'), session)
    .addOption(someOf('--system <system>', say('hệ thống nhận', 'system'), SYSTEM_IDS, say))
    .option('--all', say('cả những nguyên nhân không còn lượt nào chưa xong', 'also those that no open transfer has'))
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 10_000, say), 50)
    .action((options: Listed) => listCauses(session, options))
  declareRemote(
    group,
    'show <cause>',
    say('một nguyên nhân: thuộc bên nào, làm gì, ghi chú', 'one: whose side, what to do, its note'),
    session,
  ).action((id: string, options: Remote) => showCause(session, id, options))
  declareRemote(group, 'note <cause>', say('ghi cho người trực sau', 'leave a note for the next operator'), session)
    .option('--note <text>', say('đã biết gì; "" để xóa', 'what is known; "" takes it away'))
    .option('--remedy <text>', say('cách xử lý; "" để xóa', 'what helps; "" takes it away'))
    .option(
      '--version <n>',
      say('chỉ khi ghi chú còn ở phiên bản này', 'only while the note has this version'),
      wholeNumber(0, 1_000_000, say),
    )
    .option('--client-key <key>', say('khóa chống làm hai lần', 'key under which it is done once'))
    .action((id: string, options: Noted) => noteCause(session, id, options))
}

interface Listed extends Remote {
  readonly system?: SystemId[]
  readonly all?: boolean
  readonly limit: number
}

interface Noted extends Remote {
  readonly note?: string
  readonly remedy?: string
  readonly version?: number
  readonly clientKey?: string
}

const PAGE = 100

const openOf = ({ openCount, openCountIsExact }: CauseLineFragment): string => `${openCountIsExact ? '' : '> '}${openCount}`

const columns = (say: Say): Column<CauseLineFragment>[] => [
  { heading: say('nguyên nhân', 'cause'), of: ({ id }) => id },
  { heading: say('chưa xong', 'open'), of: openOf },
  { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
  { heading: say('nghiệp vụ', 'operation'), of: ({ operation }) => operation },
  { heading: say('bên', 'side'), of: ({ side }) => side },
  { heading: say('lần cuối', 'last seen'), of: ({ lastSeenAt }) => lastSeenAt && localInstant(lastSeenAt) },
  { heading: say('ghi chú', 'noted'), of: ({ note, remedy }) => (note || remedy ? '*' : '') },
  { heading: say('lỗi', 'failure'), of: ({ title }) => title },
]

const listCauses = async (session: Session, { system, all, limit, ...options }: Listed): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const rows: CauseLineFragment[] = []
  let after: string | null | undefined
  do {
    const { causes }: CausesQuery = await gateway.ask(CausesDocument, {
      first: Math.min(PAGE, limit - rows.length),
      after,
      filter: { systems: system, openOnly: !all },
    })
    rows.push(...causes.edges.map(({ node }) => node))
    after = causes.pageInfo.hasNextPage ? causes.pageInfo.endCursor : null
  } while (after && rows.length < limit)
  if (after) terminal.note(say(`Còn nữa, đưa ra ${rows.length} dòng (--limit).`, `There are more, ${rows.length} are shown (--limit).`))
  printerFor(options.json, terminal).table(rows, columns(say), say('Không có nguyên nhân nào.', 'There are no causes.'))
}

const causeOf = async (gateway: Gateway, id: string): Promise<CauseLineFragment> => {
  const { cause } = await gateway.ask(OneCauseDocument, { id })
  if (!cause) throw new CommandFailed(EXIT.REFUSED, id)
  return cause
}

const describeCause = (cause: CauseLineFragment, { say }: Session): string => {
  const facts: [string, string | number | null | undefined][] = [
    [say('Lỗi', 'Failure'), cause.title],
    [say('Nơi', 'Where'), [cause.systemId, cause.operation, cause.kind, cause.code, cause.field].filter(Boolean).join(' ')],
    [say('Thuộc bên', 'Side'), cause.side],
    [say('Việc cần làm', 'To do'), cause.nextStep],
    [say('Chưa xong', 'Open'), openOf(cause)],
    [
      say('Lần đầu, lần cuối', 'First, last'),
      [cause.firstSeenAt, cause.lastSeenAt].flatMap((at) => (at ? localInstant(at) : [])).join(', '),
    ],
    [say('Ghi chú', 'Note'), cause.note],
    [say('Cách xử lý', 'Remedy'), cause.remedy],
    [say('Người ghi', 'Noted by'), cause.notedBy && `${cause.notedBy}${cause.notedAt ? `, ${localInstant(cause.notedAt)}` : ''}`],
    [say('Phiên bản', 'Version'), cause.version],
  ]
  const lines = linesOf(
    facts.filter(([, value]) => value !== null && value !== undefined && value !== ''),
    [
      { heading: say('Nguyên nhân', 'Cause'), of: ([name]) => name },
      { heading: cause.id, of: ([, value]) => value },
    ],
  )
  const plan = `lienthong plans create --cause ${cause.id} --name "…" --reason "…"`
  return [...lines, ...(cause.openCount > 0 ? ['', plan] : [])].join('\n')
}

const showCause = async (session: Session, id: string, options: Remote): Promise<void> => {
  const cause = await causeOf(await openGateway(session, options), id)
  printerFor(options.json, session.terminal).result(cause, describeCause(cause, session))
}

/** What is not given stays as it is; an empty text takes it away. */
const kept = (given: string | undefined, before: string | null | undefined): string | null =>
  given === undefined ? (before ?? null) : given.trim() || null

const noteCause = async (session: Session, id: string, { note, remedy, version, clientKey, ...options }: Noted): Promise<void> => {
  const { say, terminal } = session
  if (note === undefined && remedy === undefined)
    throw new CommandFailed(EXIT.USAGE, say('Cần --note hoặc --remedy.', '--note or --remedy is needed.'))
  const gateway = await openGateway(session, options)
  const before = await causeOf(gateway, id)
  const told = { causeId: id, note: kept(note, before.note), remedy: kept(remedy, before.remedy), version: version ?? before.version }
  const { cause } = await actOnce(
    session,
    clientKey,
    (key) => gateway.ask(NoteCauseDocument, { input: { clientKey: key, ...told } }),
    ` --version ${told.version}`,
  )
  printerFor(options.json, terminal).result(cause, describeCause(cause, session))
}
