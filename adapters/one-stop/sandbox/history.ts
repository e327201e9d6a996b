import type { TwinWork } from '../../soap/twin/twin.js'
import { type DeskState, happen } from './desk.js'
import { makeDossier } from './make-dossier.js'
import { addWorkingDays } from './office-time.js'
import { eventTime } from './writes.js'

const YEARS_MS = 10 * 365 * 86_400_000
const DAY_MS = 86_400_000

/** Finished dossiers, spread over the ten years before yesterday, oldest first: what a first poll finds at a real site. */
export function loadHistory(work: TwinWork<DeskState>, count: number): { codes: string[] } {
  if (!(Number.isInteger(count) && count > 0)) throw new Error('count must be a whole number above 0')
  const end = Date.parse(eventTime(work)) - 40 * DAY_MS
  const codes: string[] = []
  for (let index = 0; index < count; index++) {
    // 09:00 of a working day at the desk.
    const day = Math.floor((end - YEARS_MS + (YEARS_MS / count) * index) / DAY_MS) * DAY_MS + 2 * 3_600_000
    const receivedAt = addWorkingDays(new Date(day).toISOString(), 0)
    const made = makeDossier(work.state, receivedAt, { status: 10 })
    happen(work, 'DOSSIER_TAKEN', { at: made.dueAt, dossier: { ...made, files: made.files.slice(0, 1) } })
    codes.push(made.code)
  }
  return { codes }
}
