import { driftOf } from '../../soap/twin/drift.js'
import { historyOf } from '../../soap/twin/history-control.js'
import { startLying } from '../../soap/twin/lie.js'
import type { TwinWork } from '../../soap/twin/twin.js'
import { type DeskState, happen, happenUntold, recordOf } from './desk.js'
import type { ChangeRow, DeskDossier } from './desk-types.js'
import { type DeskFile, paper } from './files.js'
import { loadHistory } from './history.js'
import { makeDossier } from './make-dossier.js'
import { STRENGTHS } from './reads.js'
import { eventTime } from './writes.js'

type Work = TwinWork<DeskState>
type Body = Record<string, unknown>
export type Control = (body: Body, work: Work) => unknown

/** What the person at the keyboard can do at the desk, and how the desk can be told to behave. Each answers with what came of it. */
export const CONTROLS: Readonly<Record<string, Control>> = {
  /** `overrides` replace fields of the made-up dossier, its code included; `documents` its files. */
  takeDossier: ({ overrides, documents }, work) => {
    const changes = { ...(overrides as Partial<DeskDossier> | undefined), ...filesGiven(documents) }
    const dossier = makeDossier(work.state, changes.receivedAt ?? eventTime(work), changes)
    return shown(happen(work, 'DOSSIER_TAKEN', { at: eventTime(work), dossier }))
  },
  amend: ({ code, changes, documents }, work) => {
    const { dossier } = recordOf(work.state, String(code))
    const amended = { ...dossier, ...(changes as Partial<DeskDossier> | undefined), ...filesGiven(documents), version: dossier.version + 1 }
    return shown(happen(work, 'DOSSIER_AMENDED', { at: eventTime(work), dossier: amended }))
  },
  /** What must not happen: other content under the version that was already shown. */
  sameVersionOtherContent: ({ code }, work) => {
    const { dossier } = recordOf(work.state, String(code))
    const changed = { ...dossier, summary: `${dossier.summary} (nội dung khác)` }
    return shown(happen(work, 'DOSSIER_AMENDED', { at: eventTime(work), dossier: changed }))
  },
  handInSupplement: ({ code, documents, note, newDueAt }, work) =>
    shown(
      handInSupplement(work, String(code), { ...filesGiven(documents), ...textGiven('note', note), ...textGiven('newDueAt', newDueAt) }),
    ),
  /** Another content under the number (that of the last one, or `no`) of a supplement that was told: by mistake, or as its correction. */
  correctSupplement: ({ code, no: given }, work) => {
    const { dossier, supplements } = recordOf(work.state, String(code))
    const no = Number(given ?? supplements)
    return shown(
      happen(work, 'SUPPLEMENT_HANDED_IN', {
        at: eventTime(work),
        dossierCode: dossier.code,
        supplement: { no, note: 'Nội dung khác', files: [paper('Giấy tờ khác', 1, `${dossier.code} khac ${no}`)] },
      }),
    )
  },
  withdraw: ({ code, reason }, work) => {
    const dossierCode = recordOf(work.state, String(code)).dossier.code
    return shown(happen(work, 'WITHDRAWN', { at: eventTime(work), dossierCode, reason: String(reason ?? 'Người dân xin rút hồ sơ') }))
  },
  returnResult: ({ code, method, note }, work) => {
    const dossierCode = recordOf(work.state, String(code)).dossier.code
    const how = { method: Number(method ?? 0), note: String(note ?? 'Đã trả kết quả tại quầy') }
    return shown(happen(work, 'RESULT_RETURNED', { at: eventTime(work), dossierCode, ...how }))
  },
  loadHistory: ({ count }, work) => loadHistory(work, Number(count)),
  show: ({ code }, { state }) => recordOf(state, String(code)),
  push: ({ on, pushUrl, username, password }, { settings }) => {
    settings.push = on === true
    if (typeof pushUrl === 'string') settings.pushUrl = pushUrl
    if (typeof username === 'string') settings.pushUsername = username
    if (typeof password === 'string') settings.pushPassword = password
  },
  deduplicate: ({ on, tellDigest }, { settings }) => {
    settings.deduplicate = on === true
    settings.tellDigest = tellDigest !== false
  },
  suspended: ({ on }, { settings }) => {
    settings.suspended = on === true
  },
  autoAdvance: ({ on }, { settings }) => {
    settings.auto = on === true
  },
  drift: (body, work) => {
    recordOf(work.state, String(body.code))
    happenUntold(work, 'DRIFTED', { drift: driftOf(body) })
  },
  lie: (body, { settings }) => startLying(settings, body),
  keepHistory: (body, work) => happenUntold(work, 'HISTORY_KEPT', { ...historyOf(body) }),
  inquiryStrength: ({ strength }, { settings }) => {
    if (!STRENGTHS.some((known) => known === strength)) throw new Error(`strength is one of ${STRENGTHS.join(', ')}`)
    settings.inquiryStrength = strength
  },
}

export function handInSupplement(
  work: Work,
  code: string,
  given: { files?: readonly DeskFile[]; note?: string; newDueAt?: string } = {},
): ChangeRow {
  const record = recordOf(work.state, code)
  const no = record.supplements + 1
  const files = given.files ?? [paper('Giấy tờ bổ sung', 1, `${code} bo sung ${no}`)]
  const note = given.note ?? 'Người dân đã nộp đủ giấy tờ theo phiếu yêu cầu bổ sung'
  const newDueAt = given.newDueAt === undefined ? {} : { newDueAt: given.newDueAt }
  return happen(work, 'SUPPLEMENT_HANDED_IN', {
    at: eventTime(work),
    dossierCode: record.dossier.code,
    supplement: { no, note, ...newDueAt, files },
  })
}

const shown = (row: ChangeRow): Record<string, unknown> => ({ code: row.code, eventId: row.eventId, position: row.position, at: row.at })

/** `documents: [{ name, text }]`, or `{ name, base64, fileName, mediaType }` for bytes of one's own. */
function filesGiven(documents: unknown): { files?: DeskFile[] } {
  if (!Array.isArray(documents)) return {}
  const files = (documents as Partial<Record<string, string>>[]).map((given, index) => {
    const made = paper(given.name ?? 'Giấy tờ', index + 1, given.text ?? given.name ?? '')
    const { fileName = made.fileName, mediaType = made.mediaType, base64 = made.base64 } = given
    return { ...made, fileName, mediaType, base64 }
  })
  return { files }
}

const textGiven = <Key extends string>(key: Key, value: unknown): { [name in Key]?: string } =>
  (typeof value === 'string' ? { [key]: value } : {}) as { [name in Key]?: string }
