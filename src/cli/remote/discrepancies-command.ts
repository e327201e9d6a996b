import type { Command } from 'commander'
import { COMPARED_FIELDS } from '../../model/compared-record.js'
import { DISCREPANCY_CLASSES, DISCREPANCY_STATES } from '../../model/discrepancy.js'
import { SYSTEM_IDS } from '../../model/system.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { localDay, someOf, version, wholeNumber } from '../option-values.js'
import { type Column, linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import {
  type ComparedField,
  type DiscrepancyClass,
  DiscrepancyDetailDocument,
  type DiscrepancyDetailQuery,
  type DiscrepancyLineFragment,
  DiscrepancyListDocument,
  type DiscrepancyListQuery,
  type DiscrepancyState,
  IgnoreDiscrepancyDocument,
  RepairHereDocument,
  RepairThereDocument,
  type SystemId,
} from './generated/graphql.js'

interface Conditions {
  readonly class?: DiscrepancyClass[]
  readonly system?: SystemId[]
  readonly state?: DiscrepancyState[]
  readonly field?: ComparedField[]
  readonly dossier?: string
  readonly commune?: string
  readonly procedure?: string
  readonly run?: string
  readonly text?: string
  readonly from?: string
  readonly to?: string
  readonly limit: number
}

type Detail = NonNullable<DiscrepancyDetailQuery['discrepancy']>

const PAGE = 100
const MOST_VERSION = 2_147_483_647

/** `lienthong discrepancies …`: sai lệch that runs of reconciliation have found. */
export const declareDiscrepancies = (program: Command, session: Session): void => {
  const { say } = session
  const group = program
    .command('discrepancies')
    .description(say('các sai lệch đối soát, qua cổng', 'discrepancies of reconciliation, through the gateway'))
  declareRemote(group, 'list', say('danh sách, mới nhất trước', 'list, newest first'), session)
    .addOption(someOf('--class <class>', say('loại', 'class'), DISCREPANCY_CLASSES, say))
    .addOption(someOf('--system <system>', say('hệ thống bên kia', 'system'), SYSTEM_IDS, say))
    .addOption(someOf('--state <state>', say('trạng thái', 'state'), DISCREPANCY_STATES, say))
    .addOption(someOf('--field <field>', say('trường khác nhau', 'field that differs'), COMPARED_FIELDS, say))
    .option('--dossier <code>', say('đầu mã hồ sơ', 'beginning of the code of the dossier'))
    .option('--commune <code>', say('mã xã tiếp nhận', 'commune that received it'))
    .option('--procedure <code>', say('mã thủ tục', 'code of the procedure'))
    .option('--run <run>', say('thấy trong lượt đối soát này', 'seen in this run'))
    .option('--text <text>', say('từ trong hồ sơ', 'words of the dossier'))
    .option('--from <day>', say('ngày tiếp nhận từ', 'received from'), localDay(say))
    .option('--to <day>', say('ngày tiếp nhận đến', 'received to'), localDay(say))
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 100_000, say), 50)
    .action((options: Remote & Conditions) => list(session, options))
  declareRemote(group, 'show <discrepancy>', say('hai bên cạnh nhau, và làm được gì', 'both sides, and what can be done'), session).action(
    (id: string, options: Remote) => show(session, id, options),
  )
  const acts = {
    'repair-here': [RepairHereDocument, say('sửa ở cổng liên thông theo bên kia', 'repair here by what they hold')],
    'repair-there': [RepairThereDocument, say('gửi lại cho bên kia', 'send again to them')],
    ignore: [IgnoreDiscrepancyDocument, say('bỏ qua các giá trị này', 'let these values stand')],
  } as const
  for (const [verb, [document, description]] of Object.entries(acts))
    declareAct(group, `${verb} <discrepancy>`, description, session)
      .option('--version <n>', say('chỉ khi còn ở phiên bản này', 'only while it has this version'), version(MOST_VERSION, say))
      .action((id: string, options: Acting & { version?: number }) => act(session, id, options, document))
}

const columns = (say: Say): Column<DiscrepancyLineFragment>[] => [
  { heading: say('sai lệch', 'discrepancy'), of: ({ id }) => id },
  { heading: say('hồ sơ', 'dossier'), of: ({ dossierCode }) => dossierCode },
  { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
  { heading: say('loại', 'class'), of: (one) => one.class },
  { heading: say('trạng thái', 'state'), of: ({ state }) => state },
  { heading: say('đề xuất', 'proposed'), of: ({ proposedRepair }) => proposedRepair },
  { heading: say('xác nhận lúc', 'found'), of: ({ foundAt }) => foundAt && localInstant(foundAt) },
  { heading: say('trường', 'fields'), of: ({ fields }) => fields.map(({ field }) => field).join(', ') },
]

const list = async (session: Session, options: Remote & Conditions): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const filter = {
    classes: options.class,
    systems: options.system,
    states: options.state,
    fields: options.field,
    dossierCode: options.dossier,
    communeCode: options.commune,
    procedureCode: options.procedure,
    runId: options.run,
    text: options.text,
    receivedFrom: options.from,
    receivedTo: options.to,
  }
  const rows: DiscrepancyLineFragment[] = []
  let after: string | null | undefined
  do {
    const first = Math.min(PAGE, options.limit - rows.length)
    const { discrepancies }: DiscrepancyListQuery = await gateway.ask(DiscrepancyListDocument, { filter, first, after })
    rows.push(...discrepancies.edges.map(({ node }) => node))
    after = discrepancies.pageInfo.hasNextPage ? discrepancies.pageInfo.endCursor : null
  } while (after && rows.length < options.limit)
  if (after) terminal.note(say(`Còn nữa, đưa ra ${rows.length} dòng (--limit).`, `There are more, ${rows.length} are shown (--limit).`))
  printerFor(options.json, terminal).table(rows, columns(say), say('Không có sai lệch nào.', 'There are no discrepancies.'))
}

const detailOf = async (gateway: Gateway, id: string): Promise<Detail> => {
  const { discrepancy } = await gateway.ask(DiscrepancyDetailDocument, { id })
  if (!discrepancy) throw new CommandFailed(EXIT.REFUSED, id)
  return discrepancy
}

const sidesOf = (one: DiscrepancyLineFragment, { say }: Session): string[] => {
  const none = say('không có', 'none')
  return linesOf(
    [
      ...one.fields.map(({ label, ours, theirs }) => ({ label, ours: ours?.join('; ') || none, theirs: theirs?.join('; ') || none })),
      {
        label: say('Thay đổi gần nhất', 'Last change'),
        ours: one.ourChangedAt ? localInstant(one.ourChangedAt) : none,
        theirs: one.theirChangedAt ? localInstant(one.theirChangedAt) : none,
      },
    ],
    [
      { heading: say('trường', 'field'), of: ({ label }) => label },
      { heading: say('cổng liên thông', 'gateway'), of: ({ ours }) => ours },
      { heading: one.systemId, of: ({ theirs }) => theirs },
    ],
  )
}

const describe = (one: DiscrepancyLineFragment, session: Session): string => {
  const { say } = session
  return [
    `${one.dossierCode} ${one.systemId} ${one.class}: ${one.classLabel}`,
    `${one.state}: ${one.stateLabel}, ${say('phiên bản', 'version')} ${one.version}`,
    `${say('Nguyên nhân có thể', 'Probable cause')}: ${one.causeLabel}`,
    `${say('Đề xuất', 'Proposed')}: ${one.proposedRepair}: ${one.repairLabel}`,
    '',
    ...sidesOf(one, session),
  ].join('\n')
}

const VERBS = { REPAIR_HERE: 'repair-here', REPAIR_THERE: 'repair-there', IGNORE: 'ignore' } as const

const show = async (session: Session, id: string, options: Remote): Promise<void> => {
  const one = await detailOf(await openGateway(session, options), id)
  const acts = one.acts.map(({ act, allowed, reason }) =>
    allowed
      ? `lienthong discrepancies ${VERBS[act]} ${one.id} --version ${one.version} --reason "…"`
      : `${VERBS[act]}: ${reason ?? session.say('không được', 'not allowed')}`,
  )
  const trail = (one.audit ?? []).map(({ at, actor, act, reason }) => `${localInstant(at)} ${actor} ${act}: ${reason}`)
  const text = [describe(one, session), '', ...acts, ...(trail.length > 0 ? ['', ...trail] : [])].join('\n')
  printerFor(options.json, session.terminal).result(one, text)
}

const act = async (
  session: Session,
  id: string,
  options: Acting & { version?: number },
  document: typeof RepairHereDocument,
): Promise<void> => {
  const gateway = await openGateway(session, options)
  const expectedVersion = options.version ?? (await detailOf(gateway, id)).version
  const { discrepancy } = await actOnce(
    session,
    options.clientKey,
    (clientKey) => gateway.ask(document, { input: { clientKey, discrepancyId: id, reason: options.reason, expectedVersion } }),
    ` --version ${expectedVersion}`,
  )
  printerFor(options.json, session.terminal).result(discrepancy, describe(discrepancy, session))
}
