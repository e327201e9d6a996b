import type { TwinWork } from '../../soap/twin/twin.js'
import { handInSupplement } from './controls.js'
import { type DeskState, happen } from './desk.js'
import type { DeskRecord } from './desk-types.js'
import { drawFrom } from './draw.js'
import { makeDossier } from './make-dossier.js'
import { eventTime } from './writes.js'

/** Twin time between two dossiers, unless the setting `autoEveryMs` says otherwise. */
const EVERY_MS = 20 * 60_000
/** How long people take to hand in papers, to fetch a result, to think better of it. */
const SUPPLEMENT_AFTER_MS = 4 * 3_600_000
const FETCH_AFTER_MS = 4 * 3_600_000
const WITHDRAW_AFTER_MS = 6 * 3_600_000
const WITHDRAWS_ONE_OF = 40

/** The desk without anybody at it: takes dossiers at a gentle pace and does what their people would do next. Off unless the setting `auto` is on. */
export function runAutomaticDesk(work: TwinWork<DeskState>): void {
  if (work.settings.auto !== true) return
  const now = work.now().getTime()
  const every = typeof work.settings.autoEveryMs === 'number' ? work.settings.autoEveryMs : EVERY_MS
  // One a look at most: after a leap of the clock the desk does not flood its neighbours.
  if (work.state.lastTakenAt === '' || now - Date.parse(work.state.lastTakenAt) >= every) {
    const at = eventTime(work)
    happen(work, 'DOSSIER_TAKEN', { at, dossier: makeDossier(work.state, at) })
  }
  for (const record of work.state.records.values()) goOn(work, record, now - Date.parse(record.touchedAt))
}

function goOn(work: TwinWork<DeskState>, record: DeskRecord, idleMs: number): void {
  const { code, status } = record.dossier
  if (status === 5 && !record.supplemented && idleMs >= SUPPLEMENT_AFTER_MS) {
    handInSupplement(work, code)
  } else if (status === 9 && idleMs >= FETCH_AFTER_MS) {
    happen(work, 'RESULT_RETURNED', { at: eventTime(work), dossierCode: code, method: 0, note: 'Đã trả kết quả tại quầy' })
  } else if ((status === 2 || status === 4) && idleMs >= WITHDRAW_AFTER_MS && withdraws(code)) {
    happen(work, 'WITHDRAWN', { at: eventTime(work), dossierCode: code, reason: 'Người dân xin rút hồ sơ để bổ sung sau' })
  }
}

/** Decided once for all by the code, so that looking more often does not make it likelier. */
const withdraws = (code: string): boolean =>
  drawFrom([...code].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)).rarely(WITHDRAWS_ONE_OF)
