import type { Fault } from '../fault.js'
import { preloading, restart } from './preloaded.js'

/** Clocks that disagree by an hour: of our own processes, and of a peer. */
const HOUR_MS = 3_600_000
const shifted = (ms: number): Readonly<Record<string, string>> => ({ ...preloading('shifted-clock'), DRILL_CLOCK_SHIFT_MS: String(ms) })

export const CLOCK_FAULTS: readonly Fault[] = [
  {
    name: 'clocks-an-hour-apart',
    title: 'đồng hồ các tiến trình và của ViLIS lệch nhau một giờ',
    vilisUnheard: true,
    run: async ({ system, intake, size, until }) => {
      const { VILIS } = system.twins
      const [ahead, behind] = system.workers
      // A twin's clock never goes back: it is ahead for what follows, too.
      await VILIS.advance({ ms: HOUR_MS })
      if (ahead) await restart(ahead, shifted(HOUR_MS))
      if (behind) await restart(behind, shifted(-HOUR_MS))
      await intake.fill(size)
      // A token of a wrong hour is refused: what these could not bring goes now.
      for (const unit of [ahead, behind]) if (unit) await restart(unit)
      const received = (): Promise<{ code: string }[]> =>
        system.sql(
          `SELECT d.code FROM transfer t JOIN dossier d ON d.id = t.dossier_id
           WHERE t.operation = 'RECEIVE' AND t.state = 'DELIVERED' AND d.code = ANY($1) AND d.code <> ALL($2) LIMIT 1`,
          [[...intake.accepted.keys()], [...intake.withdrawn]],
        )
      await until('ViLIS đã nhận hồ sơ', async () => (await received()).length > 0)
      const [{ code } = { code: '' }] = await received()
      await VILIS.act('forward', { code })
      await until('điều ViLIS báo từ một giờ sau được để riêng, không áp dụng', async () => {
        const [row] = await system.sql<{ count: number }>(
          `SELECT count(*)::int AS count FROM inbox_message WHERE source = 'VILIS' AND dossier_code = $1 AND state = 'QUARANTINED'`,
          [code],
        )
        return row?.count !== 0
      })
    },
  },
]
