import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Unit } from '../drill-system.js'
import { DrillFailure, type Fault, type Stage, until } from '../fault.js'
import { misbehaveAtWrites } from './misbehaving.js'
import { preloading, restart } from './preloaded.js'

/** What can happen to our own processes: killed at the worst moments, standing still, cut off from the database. */

interface Open {
  readonly id: string
  readonly systemId: 'VILIS' | 'ONE_STOP' | 'PORTAL'
  readonly key: string
  readonly startedMs: number
}

/** Sendings that this worker has claimed and not settled. */
const openAt = ({ system }: Stage, worker: Unit): Promise<Open[]> =>
  system.sql<Open>(
    `SELECT t.id::text, t.system_id AS "systemId", t.idempotency_key AS key, (extract(epoch FROM a.started_at) * 1000)::float8 AS "startedMs"
     FROM attempt a JOIN transfer t ON t.id = a.transfer_id
     WHERE a.kind = 'SEND' AND a.ended_at IS NULL AND a.outcome IS NULL AND a.worker LIKE $1`,
    [`%:${worker.program.pid}`],
  )

/** How far each of them has come at the other side. */
type Reached = 'NOT_SENT' | 'SENT' | 'PROCESSED' | 'ANSWERED'

const stagesOf = async (stage: Stage, worker: Unit): Promise<Reached[]> => {
  const open = await openAt(stage, worker)
  return Promise.all(
    open.map(async ({ systemId, key, startedMs }) => {
      const request = (await stage.seen(systemId)).findLast((seen) => seen.key === key && seen.atMs >= startedMs - 1)
      if (!request) return 'NOT_SENT'
      if (request.processed === 0) return 'SENT'
      return request.answered === 'OK' ? 'ANSWERED' : 'PROCESSED'
    }),
  )
}

const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items
  if (item === undefined) throw new DrillFailure('không có tiến trình nào')
  return item
}

/** The worker that has a sending as far as that. Which one has is chance; so that one has, more is taken in whenever all is settled. */
const workerWith = async (stage: Stage, what: string, isFarEnough: (reached: Reached) => boolean): Promise<Unit> => {
  const found: Unit[] = []
  await stage.until(what, async () => {
    for (const worker of stage.system.workers) if ((await stagesOf(stage, worker)).some(isFarEnough)) found.push(worker)
    if (found.length === 0 && (await stage.count('t.settled_at IS NULL')) === 0) await stage.intake.fill(Math.ceil(stage.size / 4))
    return found.length > 0
  })
  return first(found)
}

const TRIES = 20
/** A transaction that it had begun keeps its rows until PostgreSQL ends it, half a minute later. */
const ROWS_LET_GO_MS = 90_000

/** Sendings of this worker that others have taken over, in all its life. */
const lostBy = async ({ system }: Stage, worker: Unit): Promise<number> =>
  (await system.sql(`SELECT 1 FROM attempt WHERE outcome = 'LOST' AND worker LIKE $1`, [`%:${worker.program.pid}`])).length

/** Outcomes that this worker came to when it had no right any more, and that were kept: of these so many that are a word of the other side's. */
const lateOf = async ({ system }: Stage, worker: Unit): Promise<{ kept: number; heard: number }> => {
  const [found] = await system.sql<{ kept: number; heard: number }>(
    `SELECT count(*)::int AS kept, count(*) FILTER (WHERE outcome IN ('ACCEPTED', 'REJECTED', 'CONFLICT'))::int AS heard
     FROM attempt WHERE late AND kind = 'SEND' AND worker LIKE $1`,
    [`%:${worker.program.pid}`],
  )
  return found ?? { kept: 0, heard: 0 }
}

/**
 * A worker is away for longer than its lease while they have a sending of its that it has not settled: others ask in its place, then it is back, with
 * an answer that is late. One that could settle all before it was away has proven nothing: then once more.
 */
const awayBeyondLease = async (
  stage: Stage,
  leave: (worker: Unit) => unknown,
  comeBack: (worker: Unit) => unknown,
  /** `heard`: it goes on meanwhile and hears their answers; `kept`: back from a stall it may find that its time for them is over. */
  late: 'heard' | 'kept',
): Promise<void> => {
  let filling: Promise<void> | undefined
  for (let lost = 0, tries = 1; lost === 0; tries += 1) {
    if (tries > TRIES) throw new DrillFailure('tiến trình chuyển đã kịp lưu mọi trả lời')
    await misbehaveAtWrites(stage, { kind: 'ANSWER_LATE', delayMs: 1_200 })
    filling ??= stage.intake.fill(stage.size)
    const worker = await workerWith(stage, 'bên nhận đã ghi, chưa trả lời', (reached) => reached === 'PROCESSED')
    const before = await lostBy(stage, worker)
    const { [late]: lateBefore } = await lateOf(stage, worker)
    await leave(worker)
    await until('quyền gửi của nó đã mất', async () => (await openAt(stage, worker)).length === 0, ROWS_LET_GO_MS)
    lost = (await lostBy(stage, worker)) - before
    await comeBack(worker)
    if (lost === 0) continue
    stage.note(`${lost} lượt được tiến trình khác hỏi lại thay`)
    await until('trả lời đến muộn của nó được giữ lại', async () => (await lateOf(stage, worker))[late] > lateBefore, ROWS_LET_GO_MS)
    stage.note(`${(await lateOf(stage, worker)).heard} trả lời muộn được giữ lại`)
  }
  stage.mended()
  await filling
}

const HELD_MS = 250

/**
 * Breaks the worker's wire to the database in one direction in the middle of its work, until one of its sendings stands where it is
 * wanted; then kills it. Which sending that is, is chance; that there is one, is made sure of.
 */
const killWhere = async (stage: Stage, hold: 'FROM_SERVER' | 'FROM_CLIENT', wanted: 'NOT_SENT' | 'ANSWERED'): Promise<void> => {
  const worker = first(stage.system.workers)
  const filling = stage.intake.fill(stage.size)
  for (let tries = 1; ; tries += 1) {
    await stage.until('tiến trình chuyển đang làm việc', async () => (await openAt(stage, worker)).length > 0 || tries > 1)
    worker.wire.hold(hold)
    await pause(HELD_MS)
    const stages = await stagesOf(stage, worker)
    if (stages.includes(wanted)) {
      stage.note(`${stages.filter((one) => one === wanted).length} lượt đúng vào chỗ cần giết`)
      break
    }
    worker.wire.heal()
    if (tries === TRIES) throw new DrillFailure('không bắt được tiến trình chuyển ở chỗ cần giết')
    if ((await stage.count('NOT t.settled_at IS NOT NULL')) === 0) await stage.intake.fill(Math.ceil(stage.size / 4))
  }
  await worker.program.kill()
  // What was kept back is lost with the process.
  worker.wire.reset()
  worker.wire.heal()
  await worker.start()
  stage.mended()
  await filling
}

export const PROCESS_FAULTS: readonly Fault[] = [
  { name: 'calm', title: 'không có lỗi nào: mức so sánh', run: ({ intake, size }) => intake.fill(size) },
  {
    name: 'worker-killed-before-send',
    title: 'giết tiến trình chuyển: đã lưu lần thử, chưa gửi',
    run: (stage) => killWhere(stage, 'FROM_SERVER', 'NOT_SENT'),
  },
  {
    name: 'worker-killed-after-send',
    title: 'giết tiến trình chuyển: bên nhận đã ghi, chưa trả lời',
    run: async (stage) => {
      await misbehaveAtWrites(stage, { kind: 'ANSWER_LATE', delayMs: 1_200 })
      const filling = stage.intake.fill(stage.size)
      const worker = await workerWith(stage, 'bên nhận đã ghi, chưa trả lời', (reached) => reached === 'PROCESSED')
      await worker.program.kill()
      await worker.start()
      stage.mended()
      await filling
    },
  },
  {
    name: 'worker-killed-before-commit',
    title: 'giết tiến trình chuyển: đã nghe trả lời, chưa lưu',
    run: (stage) => killWhere(stage, 'FROM_CLIENT', 'ANSWERED'),
  },
  {
    name: 'workers-killed-at-random',
    title: 'giết các tiến trình chuyển, lúc nào không biết trước',
    run: async (stage) => {
      const { system, random } = stage
      const filling = stage.intake.fill(stage.size)
      for (const worker of system.workers) {
        await pause(random.between(50, 600))
        await worker.program.kill()
        await worker.start()
      }
      stage.mended()
      await filling
    },
  },
  {
    name: 'worker-stalls',
    title: 'tiến trình chuyển đứng hình lâu hơn quyền gửi',
    run: (stage) =>
      awayBeyondLease(
        stage,
        ({ program }) => program.signal('SIGSTOP'),
        ({ program }) => program.signal('SIGCONT'),
        'kept',
      ),
  },
  {
    name: 'worker-busy',
    title: 'tiến trình chuyển bận tính lâu hơn quyền gửi',
    run: async (stage) => {
      const { folder, workers } = stage.system
      const file = join(folder, 'het-ban')
      for (const worker of workers) await restart(worker, { ...preloading('busy-loop'), DRILL_BUSY_UNTIL_FILE: file })
      await awayBeyondLease(
        stage,
        async ({ program }) => {
          await rm(file, { force: true })
          program.signal('SIGUSR2')
        },
        () => writeFile(file, ''),
        'kept',
      )
      for (const unit of workers) await restart(unit)
    },
  },
  {
    name: 'worker-cut-off',
    title: 'tiến trình chuyển mất PostgreSQL, SOAP vẫn chạy',
    run: (stage) =>
      awayBeyondLease(
        stage,
        ({ wire }) => wire.cut(),
        ({ wire }) => wire.heal(),
        'heard',
      ),
  },
  {
    name: 'worker-silenced',
    title: 'gói tin giữa tiến trình chuyển và PostgreSQL bị nuốt cả hai chiều',
    run: (stage) =>
      awayBeyondLease(
        stage,
        ({ wire }) => wire.hold('FROM_SERVER', 'FROM_CLIENT'),
        ({ wire }) => wire.heal(),
        'heard',
      ),
  },
]
