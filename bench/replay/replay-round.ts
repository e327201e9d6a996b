import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Caller } from '../../src/access/caller.js'
import { parseConfiguration } from '../../src/config/config.js'
import { type Context, openContext } from '../../src/context.js'
import type { PlanAct, ReplayPlanState } from '../../src/model/replay-plan.js'
import { actOnReplayPlan } from '../../src/operator/act-on-replay-plan.js'
import { createReplayPlan } from '../../src/operator/create-replay-plan.js'
import { findPlan } from '../../src/operator/replay-plan-repository.js'
import { countRows } from '../../src/operator/replay-row-repository.js'
import { keepHeapSmall } from '../../src/platform/heap.js'
import { createLogger } from '../../src/platform/logger.js'
import { startWorker } from '../../src/worker-process.js'
import type { SeedFailedTask } from './seed-failed.js'

/**
 * One round of `bench:replay`, in a process of its own: the worker as it runs in production takes a plan of refused transfers from its creation through the
 * dry run, which asks the other side about each, to delivered. What to do comes by the environment, the result goes to standard output as JSON.
 */
export interface ReplayTask {
  readonly databaseUrl: string
  readonly backendUrl: string
  readonly stateDir: string
  readonly count: number
  readonly concurrency: number
}

export interface ReplayRound {
  readonly createSeconds: number
  readonly dryRunSeconds: number
  readonly runSeconds: number
  /** After creation, after the dry run and at the end. */
  readonly peakMemoryMb: number
}

const DOCUMENT_BYTES = 4_096
const LOOK_EVERY_MS = 100
const MAKER: Caller = { subject: 'lap', displayName: 'Người lập', role: 'OPERATOR', communes: [] }
const APPROVER: Caller = { subject: 'duyet', displayName: 'Người duyệt', role: 'OPERATOR', communes: [] }

const task = JSON.parse(process.env.BENCH_TASK ?? '{}') as ReplayTask
keepHeapSmall()

const open = async (): Promise<Context> => {
  const { databaseUrl, stateDir, backendUrl: endpoint, concurrency } = task
  const vilis = { endpoint, concurrency, connections: concurrency, limits: { maxPerSecond: 100_000 }, poll: { enabled: false } }
  return openContext({
    databaseUrl,
    poolSize: 20,
    stateDir,
    secrets: { VILIS_USERNAME: 'lienthong', VILIS_PASSWORD: 'mat-khau' },
    logger: createLogger({ name: 'bench', level: 'warn' }),
    configuration: parseConfiguration({
      reconciliation: { scheduled: false },
      systems: { VILIS: vilis, ONE_STOP: { enabled: false }, PORTAL: { enabled: false } },
      replayPlans: { everyMs: 500 },
    }),
  })
}

const seed = async (context: Context): Promise<void> => {
  const { sha256 } = await context.keepDocument(Buffer.alloc(DOCUMENT_BYTES, 'x'))
  const document = {
    name: 'Đơn đăng ký',
    fileName: 'don.pdf',
    mediaType: 'application/pdf',
    sha256,
    sizeBytes: DOCUMENT_BYTES,
    originals: 1,
    copies: 0,
  }
  const failed: SeedFailedTask = { databaseUrl: task.databaseUrl, document, count: task.count }
  const program = fileURLToPath(new URL('./seed-failed.js', import.meta.url))
  await promisify(execFile)(process.execPath, [program], { env: { ...process.env, BENCH_SEED: JSON.stringify(failed) } })
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1_000
}

const context = await open()
const { db } = context
await seed(context)
const worker = await startWorker(context)

const planOf = async (id: string) => {
  const plan = await findPlan(db, id)
  if (!plan) throw new Error('the plan is gone')
  return plan
}
const act = async (planId: string, name: PlanAct, actor: Caller): Promise<void> => {
  const { version } = await planOf(planId)
  const result = await actOnReplayPlan(db, { planId, version, reason: 'Đo tốc độ', actor }, name, context.options.configuration.replayPlans)
  if (result.kind === 'REFUSED') throw new Error(result.message)
}
const until = async (planId: string, wanted: ReplayPlanState): Promise<void> => {
  for (;;) {
    const { state, stoppedBecause } = await planOf(planId)
    if (state === wanted) return
    if (state === 'STOPPED') throw new Error(stoppedBecause ?? '')
    await pause(LOOK_EVERY_MS)
  }
}

let planId = ''
const createSeconds = await secondsOf(async () => {
  const made = await createReplayPlan(
    db,
    {
      plan: {
        name: 'Đo tốc độ',
        reason: 'Đo tốc độ',
        kind: 'REPLAY',
        perSecond: null,
        windowFrom: null,
        windowTo: null,
        stopAtFailureShare: 0.2,
        stopAfterSettled: 20,
      },
      filter: { systems: ['VILIS'], states: ['REJECTED'], textFindsPersons: false },
      asked: { systems: ['VILIS'], states: ['REJECTED'] },
      scope: { communes: null },
      actor: MAKER,
    },
    context.options.configuration.replayPlans,
  )
  if (made.kind === 'REFUSED') throw new Error(made.message)
  planId = made.planId
})
const dryRunSeconds = await secondsOf(async () => {
  await act(planId, 'DRY_RUN', MAKER)
  await until(planId, task.count > context.options.configuration.replayPlans.approvalAbove ? 'AWAITING_APPROVAL' : 'READY')
})
if ((await planOf(planId)).needsApproval) await act(planId, 'APPROVE', APPROVER)
const runSeconds = await secondsOf(async () => {
  await act(planId, 'START', MAKER)
  await until(planId, 'DONE')
})
const { results, forecasts } = await countRows(db, planId)
const delivered = results.find(({ result }) => result === 'DELIVERED')?.count
if (delivered !== task.count) throw new Error(`not all were delivered: ${JSON.stringify({ results, forecasts })}`)
await worker.stop()
await context.close()
const round: ReplayRound = { createSeconds, dryRunSeconds, runSeconds, peakMemoryMb: process.resourceUsage().maxRSS / 1024 }
process.stdout.write(`${JSON.stringify(round)}\n`)
