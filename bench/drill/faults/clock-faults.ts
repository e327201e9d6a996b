import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Unit } from '../drill-system.js'
import type { Fault } from '../fault.js'

/** Clocks that disagree by an hour: of our own processes, and of a peer. */
const HOUR_MS = 3_600_000
const SHIFT = pathToFileURL(fileURLToPath(new URL('../shifted-clock.js', import.meta.url))).href

const restart = async (unit: Unit, shiftMs: number): Promise<void> => {
  await unit.program.stop()
  await unit.start(shiftMs === 0 ? {} : { environment: { NODE_OPTIONS: `--import=${SHIFT}`, DRILL_CLOCK_SHIFT_MS: String(shiftMs) } })
}

export const CLOCK_FAULTS: readonly Fault[] = [
  {
    name: 'clocks-an-hour-apart',
    title: 'đồng hồ các tiến trình lệch nhau một giờ',
    run: async ({ system, intake, size }) => {
      const [ahead, behind] = system.workers
      if (ahead) await restart(ahead, HOUR_MS)
      if (behind) await restart(behind, -HOUR_MS)
      await intake.fill(size)
      for (const unit of [ahead, behind]) if (unit) await restart(unit, 0)
    },
  },
]
