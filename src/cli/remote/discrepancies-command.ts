import type { Command } from 'commander'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { version, wholeNumber } from '../option-values.js'
import { type Column, linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import { declareDiscrepancyBatches } from './discrepancy-batch-command.js'
import { type DiscrepancyConditions, discrepancyFilterOf, withDiscrepancyConditions } from './discrepancy-filter.js'
import { VERB_OF } from './discrepancy-verbs.js'
import {
  DiscrepancyDetailDocument,
  type DiscrepancyDetailQuery,
  type DiscrepancyLineFragment,
  DiscrepancyListDocument,
  type DiscrepancyListQuery,
  IgnoreDiscrepancyDocument,
  RepairHereDocument,
  RepairThereDocument,
} from './generated/graphql.js'

type Listing = Remote & DiscrepancyConditions & { readonly limit: number }
type Detail = NonNullable<DiscrepancyDetailQuery['discrepancy']>

const PAGE = 100
const MOST_VERSION = 2_147_483_647

/** `lienthong discrepancies …`: sai lệch that runs of reconciliation have found. */
export const declareDiscrepancies = (program: Command, session: Session): void => {
  const { say } = session
  const group = program
    .command('discrepancies')
    .description(say('các sai lệch đối soát, qua cổng', 'discrepancies of reconciliation, through the gateway'))
  withDiscrepancyConditions(declareRemote(group, 'list', say('danh sách, mới nhất trước', 'list, newest first'), session), say)
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 100_000, say), 50)
    .action((options: Listing) => list(session, options))
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
  declareDiscrepancyBatches(group, session)
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

const list = async (session: Session, options: Listing): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const filter = discrepancyFilterOf(options)
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

const show = async (session: Session, id: string, options: Remote): Promise<void> => {
  const one = await detailOf(await openGateway(session, options), id)
  const acts = one.acts.map(({ act, allowed, reason }) =>
    allowed
      ? `lienthong discrepancies ${VERB_OF[act]} ${one.id} --version ${one.version} --reason "…"`
      : `${VERB_OF[act]}: ${reason ?? session.say('không được', 'not allowed')}`,
  )
  const trail = (one.audit ?? []).map(({ at, actorLabel, act, reason }) => `${localInstant(at)} ${actorLabel} ${act}: ${reason}`)
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
