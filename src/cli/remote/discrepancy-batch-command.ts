import { Argument, type Command } from 'commander'
import { CommandFailed, EXIT } from '../exit-code.js'
import { version, wholeNumber } from '../option-values.js'
import { printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import { type DiscrepancyConditions, discrepancyFilterOf, withDiscrepancyConditions } from './discrepancy-filter.js'
import { ACT_OF } from './discrepancy-verbs.js'
import { barOf, followUntilStill } from './follow-until-still.js'
import {
  ActOnBatchDocument,
  BatchesDocument,
  BatchPreviewDocument,
  type BatchStateFragment,
  type DiscrepancyAct,
  type DiscrepancyBatchAct,
  type DiscrepancyFilterInput,
  StartBatchDocument,
} from './generated/graphql.js'
import { batchColumns, describeBatch, describePreview, settledOfBatch } from './show-batch.js'

const MOST_VERSION = 2_147_483_647
const MOST_ROWS = 1_000_000

interface Start {
  readonly expect?: number
  readonly all?: boolean
  readonly follow?: boolean
}

/** `lienthong discrepancies batch …`: one act on all that a filter matches, foreseen first, approved by a second person when there are many. */
export const declareDiscrepancyBatches = (discrepancies: Command, session: Session): void => {
  const { say } = session
  const group = discrepancies
    .command('batch')
    .description(say('xử lý hàng loạt: một thao tác trên mọi sai lệch khớp điều kiện', 'one act on all discrepancies that match'))
  const follow = say('theo dõi cho đến khi dừng', 'follow until it stands still')
  withDiscrepancyConditions(
    declareRemote(group, 'preview', say('mỗi thao tác sẽ làm được gì, không đổi gì', 'what each act would do; changes nothing'), session),
    say,
  )
    .option('--all', say('mọi sai lệch, khi không cho điều kiện nào', 'every one, when no condition is given'))
    .action((options: Remote & DiscrepancyConditions & Start) => preview(session, options))
  const start = declareAct(
    group,
    'start',
    say(
      'chốt danh sách và bắt đầu; nhiều quá thì chờ người thứ hai duyệt',
      'freeze the list and begin; many of them wait for a second person',
    ),
    session,
  ).addArgument(new Argument('<act>', say('thao tác', 'act')).choices(Object.keys(ACT_OF)))
  withDiscrepancyConditions(start, say)
    .option('--all', say('mọi sai lệch, khi không cho điều kiện nào', 'every one, when no condition is given'))
    .requiredOption('--expect <n>', say('số sai lệch đã thấy khi preview', 'how many preview has shown'), wholeNumber(1, MOST_ROWS, say))
    .option('--follow', follow)
    .action((verb: string, options: Acting & DiscrepancyConditions & Start) => begin(session, ACT_OF[verb] as DiscrepancyAct, options))
  declareRemote(group, 'status [batch]', say('một đợt, hoặc 50 đợt mới nhất', 'one batch, or the newest 50'), session)
    .option('--follow', follow)
    .action((id: string | undefined, options: Remote & Start) => (id === undefined ? list(session, options) : show(session, id, options)))
  const acts = {
    approve: ['APPROVE', say('duyệt đợt của người khác: nó bắt đầu', "approve another person's batch: it begins")],
    cancel: ['CANCEL', say('hủy: phần chưa làm không làm nữa', 'cancel: what is not done yet is left')],
  } as const
  for (const [verb, [act, description]] of Object.entries(acts))
    declareAct(group, `${verb} <batch>`, description, session)
      .option('--version <n>', say('chỉ khi còn ở phiên bản này', 'only while it has this version'), version(MOST_VERSION, say))
      .option('--follow', follow)
      .action((id: string, options: Acting & Start & { version?: number }) => actOn(session, id, act, options))
}

/** A batch over everything, by a condition forgotten, would be the widest slip of all. */
const chosen = (options: DiscrepancyConditions & Start, { say }: Session): DiscrepancyFilterInput => {
  const filter = discrepancyFilterOf(options)
  if (options.all || Object.values(filter).some((value) => value !== undefined)) return filter
  throw new CommandFailed(EXIT.USAGE, say('Cần ít nhất một điều kiện, hoặc --all.', 'A condition is needed, or --all.'))
}

const preview = async (session: Session, options: Remote & DiscrepancyConditions & Start): Promise<void> => {
  const filter = chosen(options, session)
  const { discrepancyPreview } = await (await openGateway(session, options)).ask(BatchPreviewDocument, { filter })
  printerFor(options.json, session.terminal).result(discrepancyPreview, describePreview(discrepancyPreview, session))
}

const begin = async (session: Session, act: DiscrepancyAct, options: Acting & DiscrepancyConditions & Start): Promise<void> => {
  const filter = chosen(options, session)
  const gateway = await openGateway(session, options)
  const { reason, expect: expectedCount = 0 } = options
  const { batch } = await actOnce(session, options.clientKey, (clientKey) =>
    gateway.ask(StartBatchDocument, { input: { clientKey, act, filter, expectedCount, reason } }),
  )
  await tell(session, gateway, batch, options)
}

const batchOf = async (gateway: Gateway, id: string, { say }: Session): Promise<BatchStateFragment> => {
  const { discrepancyBatches } = await gateway.ask(BatchesDocument, {})
  const batch = discrepancyBatches.find((one) => one.id === id)
  if (!batch)
    throw new CommandFailed(EXIT.REFUSED, say(`${id} không ở trong 50 đợt mới nhất.`, `${id} is not among the newest 50 batches.`))
  return batch
}

const actOn = async (
  session: Session,
  id: string,
  act: DiscrepancyBatchAct,
  options: Acting & Start & { version?: number },
): Promise<void> => {
  const gateway = await openGateway(session, options)
  const expectedVersion = options.version ?? (await batchOf(gateway, id, session)).version
  const { batch } = await actOnce(
    session,
    options.clientKey,
    (clientKey) => gateway.ask(ActOnBatchDocument, { input: { clientKey, batchId: id, act, expectedVersion, reason: options.reason } }),
    ` --version ${expectedVersion}`,
  )
  await tell(session, gateway, batch, options)
}

const show = async (session: Session, id: string, options: Remote & Start): Promise<void> => {
  const gateway = await openGateway(session, options)
  await tell(session, gateway, await batchOf(gateway, id, session), options)
}

const tell = async (session: Session, gateway: Gateway, batch: BatchStateFragment, options: Remote & Start): Promise<void> => {
  const last = options.follow
    ? await followUntilStill(session, () => batchOf(gateway, batch.id, session), {
        isMoving: ({ state }) => state === 'RUNNING',
        progressOf: (one) =>
          `${barOf(settledOfBatch(one) / one.rowCount)} ${settledOfBatch(one)}/${one.rowCount} ${[one.stateLabel, ...one.waitsFor].join(': ')}`,
      })
    : batch
  printerFor(options.json, session.terminal).result(last, describeBatch(last, session))
}

const list = async (session: Session, options: Remote): Promise<void> => {
  const { say, terminal } = session
  const { discrepancyBatches } = await (await openGateway(session, options)).ask(BatchesDocument, {})
  printerFor(options.json, terminal).table(discrepancyBatches, batchColumns(say), say('Chưa có đợt xử lý nào.', 'There are no batches.'))
}
