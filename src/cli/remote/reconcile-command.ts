import { type Command, Option } from 'commander'
import { RECONCILIATION_SCOPES, RECONCILIATION_STATES } from '../../model/reconciliation-run.js'
import { SYSTEM_IDS } from '../../model/system.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import { localDay, someOf, version, wholeNumber } from '../option-values.js'
import { printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import {
  CancelRunDocument,
  OneRunDocument,
  PauseRunDocument,
  type ReconciliationScope,
  type ReconciliationState,
  ResumeRunDocument,
  type RunStateFragment,
  RunsDocument,
  StartRunDocument,
  type SystemId,
} from './generated/graphql.js'
import { describeRun, followRun, runColumns } from './show-run.js'

const MOST_VERSION = 2_147_483_647

interface Starting {
  readonly scope: ReconciliationScope
  readonly system?: SystemId[]
  readonly from?: string
  readonly to?: string
  readonly follow?: boolean
}

/** `lienthong reconcile …`: đối soát, its runs. */
export const declareReconcile = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('reconcile').description(say('các lượt đối soát, qua cổng', 'runs of reconciliation, through the gateway'))
  declareRemote(group, 'list', say('danh sách, mới nhất trước', 'list, newest first'), session)
    .addOption(someOf('--state <state>', say('trạng thái', 'state'), RECONCILIATION_STATES, say))
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 100, say), 20)
    .action((options: Remote & { state?: ReconciliationState[]; limit: number }) => listRuns(session, options))
  const follow = ['--follow', say('theo dõi cho đến khi dừng', 'follow until it stands still')] as const
  declareRemote(group, 'status <run>', say('tiến độ và kết quả', 'progress and findings'), session)
    .option(...follow)
    .action((id: string, options: Remote & { follow?: boolean }) => showRun(session, id, options))
  declareAct(group, 'start', say('mở một lượt', 'start a run'), session)
    .addOption(new Option('--scope <scope>', say('phạm vi', 'scope')).choices(RECONCILIATION_SCOPES).default('OPEN'))
    .addOption(someOf('--system <system>', say('chỉ những hệ thống này', 'these systems alone'), SYSTEM_IDS, say))
    .option('--from <day>', say('ngày tiếp nhận từ, với RANGE', 'received from, with RANGE'), localDay(say))
    .option('--to <day>', say('ngày tiếp nhận đến, với RANGE', 'received to, with RANGE'), localDay(say))
    .option(...follow)
    .action((options: Acting & Starting) => start(session, options))
  const acts = {
    pause: [PauseRunDocument, say('tạm dừng', 'pause it')],
    resume: [ResumeRunDocument, say('cho chạy tiếp', 'go on')],
    cancel: [CancelRunDocument, say('hủy: những gì đã thấy được giữ lại', 'cancel: what was found stays')],
  } as const
  for (const [verb, [document, description]] of Object.entries(acts))
    declareAct(group, `${verb} <run>`, description, session)
      .option('--version <n>', say('chỉ khi lượt còn ở phiên bản này', 'only while the run has this version'), version(MOST_VERSION, say))
      .action((id: string, options: Acting & { version?: number }) => act(session, id, options, document))
}

const runOf = async (gateway: Gateway, id: string): Promise<RunStateFragment> => {
  const { reconciliationRun } = await gateway.ask(OneRunDocument, { id })
  if (!reconciliationRun) throw new CommandFailed(EXIT.REFUSED, id)
  return reconciliationRun
}

const listRuns = async (session: Session, options: Remote & { state?: ReconciliationState[]; limit: number }): Promise<void> => {
  const { say, terminal } = session
  const { reconciliationRuns } = await (await openGateway(session, options)).ask(RunsDocument, {
    first: options.limit,
    states: options.state,
  })
  printerFor(options.json, terminal).table(
    reconciliationRuns.edges.map(({ node }) => node),
    runColumns(say),
    say('Không có lượt đối soát nào.', 'There are no runs.'),
  )
}

/** A run that was given up is told by the exit code as well. */
const tell = (session: Session, options: Remote, run: RunStateFragment): void => {
  printerFor(options.json, session.terminal).result(run, describeRun(run, session))
  if (run.state === 'FAILED') throw new CommandFailed(EXIT.WARNED, run.endedBecause ?? run.stateLabel)
}

const showRun = async (session: Session, id: string, options: Remote & { follow?: boolean }): Promise<void> => {
  const gateway = await openGateway(session, options)
  tell(session, options, options.follow ? await followRun(session, () => runOf(gateway, id)) : await runOf(gateway, id))
}

const start = async (session: Session, options: Acting & Starting): Promise<void> => {
  const gateway = await openGateway(session, options)
  const { scope, system: systems, from, to, reason } = options
  const { run } = await actOnce(session, options.clientKey, (clientKey) =>
    gateway.ask(StartRunDocument, { input: { clientKey, scope, systems, from, to, reason } }),
  )
  tell(session, options, options.follow ? await followRun(session, () => runOf(gateway, run.id)) : run)
}

const act = async (
  session: Session,
  id: string,
  options: Acting & { version?: number },
  document: typeof PauseRunDocument,
): Promise<void> => {
  const gateway = await openGateway(session, options)
  const expectedVersion = options.version ?? (await runOf(gateway, id)).version
  const { run } = await actOnce(
    session,
    options.clientKey,
    (clientKey) => gateway.ask(document, { input: { clientKey, runId: id, reason: options.reason, expectedVersion } }),
    ` --version ${expectedVersion}`,
  )
  printerFor(options.json, session.terminal).result(run, describeRun(run, session))
}
