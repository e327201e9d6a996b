import { setTimeout as pause } from 'node:timers/promises'
import { DrillFailure, type Fault, type Stage } from '../fault.js'
import { attemptsInVain, mostAttempts } from '../judge/bounds.js'
import { CONCURRENCY } from '../settings.js'

/** One system is away for long while dossiers go on coming: no attempt is spent on each of them, and nothing is lost by it. */
const OUTAGE_MS = 10_000
/** Fewer would stay within the bound even if each of them were tried again and again. */
const LEAST_DOSSIERS = 12
const expectFewAttempts = async ({ system, convict, note, count }: Stage, from: Date, to: Date): Promise<void> => {
  const attempts = await system.sql<{ kind: string; count: number }>(
    `SELECT a.kind, count(*)::int AS count FROM attempt a JOIN transfer t ON t.id = a.transfer_id
     WHERE t.system_id = 'VILIS' AND a.started_at BETWEEN $1 AND $2 GROUP BY a.kind`,
    [from, to],
  )
  const outage = { of: 'VILIS', lastedMs: to.getTime() - from.getTime(), inFlight: system.workers.length * CONCURRENCY, attempts }
  for (const { invariant, of, detail } of attemptsInVain(outage)) convict(invariant, of, detail)
  const shown = attempts.map(({ kind, count: spent }) => `${spent} ${kind}`).join(', ')
  note(
    `lần thử tới ViLIS khi nó ngừng: ${shown}; chặn trên mỗi loại ${mostAttempts(outage)}; lượt chờ ViLIS: ${await count(`t.system_id = 'VILIS'`)}`,
  )
}

export const OUTAGE_FAULTS: readonly Fault[] = [
  {
    name: 'vilis-down-long',
    title: 'ViLIS ngừng mười giây khi hồ sơ vẫn đến',
    weight: 2,
    run: async (stage) => {
      const { system, intake, size, until, count, convict } = stage
      const from = new Date()
      await system.twins.VILIS.offline()
      const third = Math.ceil(Math.max(size, LEAST_DOSSIERS) / 3)
      for (let part = 0; part < 3; part += 1) await Promise.all([intake.fill(third), pause(OUTAGE_MS / 3)])
      const to = new Date()
      await expectFewAttempts(stage, from, to)
      await system.twins.VILIS.online()
      stage.mended()
      const open = `t.system_id = 'VILIS' AND t.state NOT IN ('DELIVERED', 'SUPERSEDED')`
      // An outage is no reason to hold anything, nor to give it up.
      await until('ViLIS đã nhận hết', async () => (await count(open)) === 0 && (await count('true')) >= size).catch(
        async (error: unknown) => {
          if (!(error instanceof DrillFailure)) throw error
          convict('lost', 'VILIS', `${await count(open)} lượt chưa chuyển xong sau khi ViLIS chạy lại`)
        },
      )
    },
  },
]
