import { type Command, Option } from 'commander'
import { REPLAY_FORECASTS, REPLAY_PLAN_STATES, REPLAY_RESULTS } from '../../model/replay-plan.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import { someOf, wholeNumber } from '../option-values.js'
import { printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import { declareCreatePlan } from './create-plan.js'
import { followPlan } from './follow-plan.js'
import {
  ApprovePlanDocument,
  CancelPlanDocument,
  DryRunPlanDocument,
  OnePlanDocument,
  PausePlanDocument,
  PlanRowsDocument,
  type PlanRowsQuery,
  type PlanStateFragment,
  PlansDocument,
  type ReplayPlanState,
  type ReplayRowForecast,
  type ReplayRowResult,
  ResumePlanDocument,
  StartPlanDocument,
} from './generated/graphql.js'
import { describePlan, type PlanRow, planColumns, rowColumns } from './show-plan.js'

/** `lienthong plans …`: a filter of transfers frozen to a list, tried, and replayed as a whole. */
export const declarePlans = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('plans').description(say('các kế hoạch gửi lại, qua cổng', 'replay plans, through the gateway'))
  declareRemote(group, 'list', say('danh sách, mới nhất trước', 'list, newest first'), session)
    .addOption(someOf('--state <state>', say('trạng thái', 'state'), REPLAY_PLAN_STATES, say))
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 100, say), 20)
    .action((options: Remote & { state?: ReplayPlanState[]; limit: number }) => listPlans(session, options))
  declareCreatePlan(group, session)
  declareRemote(group, 'status <plan>', say('dự báo, tiến độ, kết quả', 'forecast, progress, results'), session)
    .option('--follow', say('theo dõi cho đến khi dừng', 'follow until it stands still'))
    .action((id: string, options: Remote & { follow?: boolean }) => showPlan(session, id, options))
  declareRemote(group, 'rows <plan>', say('từng lượt của kế hoạch', 'the transfers of a plan'), session)
    .addOption(new Option('--forecast <forecast>', say('chỉ dự báo này', 'this forecast alone')).choices(REPLAY_FORECASTS))
    .addOption(new Option('--result <result>', say('chỉ kết quả này', 'this result alone')).choices(REPLAY_RESULTS))
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 100_000, say), 50)
    .action((id: string, options: Remote & Rows) => listRows(session, id, options))
  const acts = {
    'dry-run': [DryRunPlanDocument, say('chạy thử: không gửi gì', 'try it: nothing is sent')],
    approve: [ApprovePlanDocument, say('duyệt kế hoạch của người khác', "approve another person's plan")],
    start: [StartPlanDocument, say('cho chạy', 'run it')],
    pause: [PausePlanDocument, say('tạm dừng', 'pause it')],
    resume: [ResumePlanDocument, say('cho chạy tiếp', 'go on')],
    cancel: [CancelPlanDocument, say('hủy: phần chưa gửi không gửi nữa', 'cancel: what has not gone does not go')],
  } as const
  for (const [verb, [document, description]] of Object.entries(acts))
    declareAct(group, `${verb} <plan>`, description, session)
      .option(
        '--version <n>',
        say('chỉ khi kế hoạch còn ở phiên bản này', 'only while the plan has this version'),
        wholeNumber(0, 1_000_000, say),
      )
      .option('--follow', say('theo dõi cho đến khi dừng', 'follow until it stands still'))
      .action((id: string, options: Acting & { version?: number; follow?: boolean }) => act(session, id, options, document))
}

interface Rows {
  readonly forecast?: ReplayRowForecast
  readonly result?: ReplayRowResult
  readonly limit: number
}

type ActDocument = typeof DryRunPlanDocument

const PAGE = 100

const planOf = async (gateway: Gateway, id: string): Promise<PlanStateFragment> => {
  const { replayPlan } = await gateway.ask(OnePlanDocument, { id })
  if (!replayPlan) throw new CommandFailed(EXIT.REFUSED, id)
  return replayPlan
}

const listPlans = async (session: Session, options: Remote & { state?: ReplayPlanState[]; limit: number }): Promise<void> => {
  const { say, terminal } = session
  const { replayPlans } = await (await openGateway(session, options)).ask(PlansDocument, { first: options.limit, states: options.state })
  printerFor(options.json, terminal).table(
    replayPlans.edges.map(({ node }) => node),
    planColumns(say),
    say('Không có kế hoạch nào.', 'There are no plans.'),
  )
}

const listRows = async (session: Session, id: string, { limit, forecast, result, ...options }: Remote & Rows): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const rows: PlanRow[] = []
  let after: string | null | undefined
  do {
    const { replayPlan }: PlanRowsQuery = await gateway.ask(PlanRowsDocument, {
      id,
      first: Math.min(PAGE, limit - rows.length),
      after,
      forecast,
      result,
    })
    rows.push(...(replayPlan?.rows.edges.map(({ node }) => node) ?? []))
    after = replayPlan?.rows.pageInfo.hasNextPage ? replayPlan.rows.pageInfo.endCursor : null
  } while (after && rows.length < limit)
  if (after) terminal.note(say(`Còn nữa, đưa ra ${rows.length} dòng (--limit).`, `There are more, ${rows.length} are shown (--limit).`))
  printerFor(options.json, terminal).table(rows, rowColumns(say), say('Không có dòng nào.', 'There are no rows.'))
}

const showPlan = async (session: Session, id: string, options: Remote & { follow?: boolean }): Promise<void> => {
  const gateway = await openGateway(session, options)
  const plan = options.follow ? await followPlan(session, () => planOf(gateway, id)) : await planOf(gateway, id)
  printerFor(options.json, session.terminal).result(plan, describePlan(plan, session))
}

const act = async (
  session: Session,
  id: string,
  options: Acting & { version?: number; follow?: boolean },
  document: ActDocument,
): Promise<void> => {
  const gateway = await openGateway(session, options)
  const version = options.version ?? (await planOf(gateway, id)).version
  const { plan } = await actOnce(
    session,
    options.clientKey,
    (clientKey) => gateway.ask(document, { input: { clientKey, planId: id, reason: options.reason, version } }),
    ` --version ${version}`,
  )
  const last = options.follow ? await followPlan(session, () => planOf(gateway, id)) : plan
  printerFor(options.json, session.terminal).result(last, describePlan(last, session))
}
