import type { DossierContent } from '../model/dossier-content.js'
import { type DossierStatus, describeStatus, isLegalStatusMove, isReachableStatus } from '../model/dossier-status.js'
import type { InboundPayload } from '../model/inbound.js'
import type { DossierEventKind } from '../model/routing.js'
import type { Origin } from '../model/system.js'
import { type DossierChange, type DossierSnapshot, sourceDigestOf } from './dossier-snapshot.js'
import { type Fact, isFact, isSameFact } from './told-fact.js'

/**
 * What a message means for a dossier that we know, as a pure function. The rules: reports of one system are applied in the order of
 * their event times, a late one is kept and not applied; a status moves by the table alone, what is not legal yet but may become
 * so is early and tried again after the next change; the same version, or the same fact, with other content is a conflict; and the due
 * date belongs to the registry while it holds the dossier. Late are only reports of how things stand: what somebody did (handed in, withdrew,
 * taxed, handed out) stays done however late it is told, and so does a new due date that no later one has replaced.
 */
export type Verdict =
  | { readonly kind: 'CHANGE'; readonly change: DossierChange }
  | { readonly kind: 'NO_CHANGE' | 'EARLY' | 'LATE' | 'ILLEGAL' | 'CONFLICT'; readonly reason: string }

export interface Told {
  readonly source: Origin
  readonly eventAt: string
  /** Who has told this very fact before, and what he said. */
  readonly before?: { readonly source: Origin; readonly fact: Fact }
}

type Of<Kind extends InboundPayload['kind']> = Extract<InboundPayload, { kind: Kind }>

export const decideChange = (dossier: DossierSnapshot, payload: Exclude<InboundPayload, { kind: 'DOSSIER' }>, told: Told): Verdict => {
  if (payload.kind === 'RESULT_ISSUED' && isEndWithoutResult(dossier, payload)) return { kind: 'CHANGE', change: resultOf(payload, told) }
  const lastAt = dossier.lastAppliedAt[told.source]
  const isLate = lastAt !== undefined && told.eventAt < lastAt
  if (isLate && (payload.kind === 'STATUS_REPORTED' || payload.kind === 'RESULT_ISSUED')) return decideLate(dossier, payload, told, lastAt)
  const verdict = decideInTime(dossier, payload, told, isLate)
  return verdict.kind === 'NO_CHANGE' && isContradicted(payload, told)
    ? { kind: 'CONFLICT', reason: `${verdict.reason.replace(/\.$/, '')}, với nội dung khác.` }
    : verdict
}

/**
 * Supplements are numbered: whoever tells a known number with another content either corrects it or means another one that bears the same number.
 * Of the other facts each system has words of its own, so there only the same one can contradict itself.
 */
const isContradicted = (payload: InboundPayload, { source, before }: Told): boolean =>
  before !== undefined &&
  isFact(payload) &&
  (payload.kind === 'SUPPLEMENT_HANDED_IN' || before.source === source) &&
  !isSameFact(before.fact, payload)

const decideInTime = (
  dossier: DossierSnapshot,
  payload: Exclude<InboundPayload, { kind: 'DOSSIER' }>,
  told: Told,
  isLate: boolean,
): Verdict => {
  switch (payload.kind) {
    case 'SUPPLEMENT_HANDED_IN':
      return decideSupplement(dossier, payload, told)
    case 'WITHDRAWN':
      return moveTo(dossier, 'WITHDRAWN_BY_APPLICANT', ['WITHDRAWN'], { note: payload.reason })
    case 'RESULT_RETURNED':
      return moveTo(dossier, 'RESULT_RETURNED', ['RESULT_RETURNED'], {
        note: payload.note,
        returnMethod: payload.method,
        returnedAt: told.eventAt,
      })
    case 'STATUS_REPORTED':
      return decideReport(dossier, payload)
    case 'TAX_NOTICES':
      return decideTaxNotices(dossier, payload, isLate)
    case 'RESULT_ISSUED':
      return moveTo(dossier, payload.status, ['RESULT_ISSUED'], resultOf(payload, told))
  }
}

/**
 * That it has ended was told before its result was: by a mere status, or as reconciliation has read it over there. The result is news all the same, however late it is
 * told: it is what the applicant waits for.
 */
const isEndWithoutResult = ({ status, finishedAt }: DossierSnapshot, payload: Of<'RESULT_ISSUED'>): boolean =>
  finishedAt === undefined && payload.status === status && status !== 'WITHDRAWN_BY_APPLICANT'

const resultOf = ({ note, officer, documents }: Of<'RESULT_ISSUED'>, { eventAt }: Told): DossierChange => ({
  events: ['RESULT_ISSUED'],
  note,
  officer,
  finishedAt: eventAt,
  documents: { role: 'RESULT', items: documents },
})

/** A dossier that its source hands in again: the same, an older one, an amendment, or another content under the same version. */
export const decideDossierAgain = (dossier: DossierSnapshot, content: DossierContent, status?: DossierStatus): Verdict => {
  if (content.version < dossier.sourceVersion) return { kind: 'NO_CHANGE', reason: 'Phiên bản cũ hơn phiên bản đã có.' }
  const same = sourceDigestOf(content) === dossier.sourceDigest
  if (content.version === dossier.sourceVersion && !same)
    return { kind: 'CONFLICT', reason: `Phiên bản ${content.version} đã có với nội dung khác.` }
  const decided = receptionOf(dossier, status)
  const amended = content.version > dossier.sourceVersion && amendmentOf(dossier, content, same)
  if (!amended) return decided ? { kind: 'CHANGE', change: decided } : { kind: 'NO_CHANGE', reason: 'Nội dung đã có.' }
  if (describeStatus(dossier.status).terminal) return { kind: 'ILLEGAL', reason: 'Hồ sơ đã kết thúc, không nhận bản sửa.' }
  // The reception carries the amended content with it: the other systems learn of the dossier as it is now.
  return {
    kind: 'CHANGE',
    change: decided ? { ...amended, status: decided.status, events: [...decided.events, ...amended.events] } : amended,
  }
}

/** Tiếp nhận hay không: the desk alone decides on a dossier that was handed in (1), and only then the registry may learn of it. */
const receptionOf = (dossier: DossierSnapshot, status: DossierStatus | undefined): DossierChange | undefined => {
  if (dossier.status !== 'SUBMITTED') return undefined
  if (status === 'ACCEPTED') return { events: ['RECEIVED', 'STATUS_CHANGED'], status, note: '' }
  if (status === 'NOT_ACCEPTED') return { events: ['STATUS_CHANGED'], status, note: '' }
  return undefined
}

const amendmentOf = (dossier: DossierSnapshot, content: DossierContent, same: boolean): DossierChange | undefined => {
  const ownsDueDate = !dossier.registryHolds
  const dueAt = ownsDueDate ? content.dueAt : dossier.content.dueAt
  const dueChanged = dueAt !== dossier.content.dueAt
  if (same && !dueChanged) return undefined
  const overruled = content.dueAt !== dueAt
  return {
    events: dueChanged || overruled ? ['AMENDED', 'DUE_DATE_CHANGED'] : ['AMENDED'],
    content: { ...content, dueAt },
    dueAt,
    overruled,
    note: !overruled ? '' : 'Ngày hẹn trả do cơ quan đăng ký đất đai quyết định; giữ nguyên.',
  }
}

const moveTo = (
  dossier: DossierSnapshot,
  status: DossierStatus,
  events: readonly DossierEventKind[],
  change: Omit<DossierChange, 'events' | 'status'>,
): Verdict => {
  if (dossier.status === status && describeStatus(status).clock === 'ENDED')
    return { kind: 'NO_CHANGE', reason: `Hồ sơ đã ở trạng thái "${describeStatus(status).vi}".` }
  if (!isLegalStatusMove(dossier.status, status)) return notNow(dossier.status, status)
  return { kind: 'CHANGE', change: { ...change, events, status } }
}

const notNow = (from: DossierStatus, to: DossierStatus): Verdict => {
  const text = `từ "${describeStatus(from).vi}" sang "${describeStatus(to).vi}"`
  return isReachableStatus(from, to)
    ? { kind: 'EARLY', reason: `Chưa thể chuyển hồ sơ ${text}.` }
    : { kind: 'ILLEGAL', reason: `Không được chuyển hồ sơ ${text}.` }
}

/**
 * Each number counts once, in whatever order they are told: one that comes after a higher one was handed in all the same, so the
 * registry hears of it under its own number and its own day. Its due date is no news when a later one is known.
 */
const decideSupplement = (dossier: DossierSnapshot, payload: Of<'SUPPLEMENT_HANDED_IN'>, told: Told): Verdict => {
  const { clock, vi } = describeStatus(dossier.status)
  const supplementNo = payload.supplementNo ?? dossier.supplementCount + 1
  if (dossier.supplementNumbers.includes(supplementNo)) return { kind: 'NO_CHANGE', reason: `Đã nhận bổ sung lần ${supplementNo}.` }
  if (clock === 'ENDED') return { kind: 'ILLEGAL', reason: `Hồ sơ đã kết thúc ("${vi}"), không nhận bổ sung.` }
  return { kind: 'CHANGE', change: supplementChange(dossier, payload, supplementNo, told) }
}

export const supplementChange = (
  dossier: DossierSnapshot,
  payload: Of<'SUPPLEMENT_HANDED_IN'>,
  supplementNo: number,
  told: Pick<Told, 'eventAt'>,
): DossierChange => {
  const isReplaced = [dossier.dueChangedAt, dossier.dueProposedAt].some((at) => at !== undefined && at > told.eventAt)
  const proposedDueAt = isReplaced ? undefined : payload.newDueAt
  const dueAt = dossier.registryHolds ? undefined : proposedDueAt
  const dueChanged = dueAt !== undefined && dueAt !== dossier.content.dueAt
  return {
    events: dueChanged ? ['SUPPLEMENT_HANDED_IN', 'DUE_DATE_CHANGED'] : ['SUPPLEMENT_HANDED_IN'],
    supplementNo,
    documents: { role: 'SUPPLEMENT', items: payload.documents },
    dueAt,
    proposedDueAt,
    note: payload.note,
  }
}

const decideLate = (dossier: DossierSnapshot, payload: Of<'STATUS_REPORTED' | 'RESULT_ISSUED'>, told: Told, lastAt: string): Verdict => {
  const dueAt = payload.kind === 'STATUS_REPORTED' ? payload.dueAt : undefined
  const isNewest = dossier.dueChangedAt === undefined || told.eventAt > dossier.dueChangedAt
  if (dueAt === undefined || dueAt === dossier.content.dueAt || !isNewest || describeStatus(dossier.status).clock === 'ENDED')
    return { kind: 'LATE', reason: `Đến muộn: đã áp dụng diễn biến lúc ${lastAt} của cùng hệ thống.` }
  return {
    kind: 'CHANGE',
    change: { events: ['DUE_DATE_CHANGED'], dueAt, note: `Đến muộn: chỉ áp dụng ngày hẹn trả mới. ${payload.note}`.trim() },
  }
}

const decideReport = (dossier: DossierSnapshot, payload: Of<'STATUS_REPORTED'>): Verdict => {
  const dueChanged = payload.dueAt !== undefined && payload.dueAt !== dossier.content.dueAt
  const moved = payload.status === dossier.status ? 'STEP_REPORTED' : 'STATUS_CHANGED'
  return moveTo(dossier, payload.status, dueChanged ? [moved, 'DUE_DATE_CHANGED'] : [moved], {
    note: payload.note,
    officer: payload.officer,
    step: payload.step,
    dueAt: payload.dueAt,
    documents: { role: 'REQUEST', items: payload.documents },
  })
}

/** A tax notice means that the applicant has to pay: the dossier waits for it when it may, and when the news is not of the past. */
const decideTaxNotices = (dossier: DossierSnapshot, payload: Of<'TAX_NOTICES'>, isLate: boolean): Verdict => {
  const waits =
    !isLate && dossier.status !== 'FINANCIAL_OBLIGATION_REQUIRED' && isLegalStatusMove(dossier.status, 'FINANCIAL_OBLIGATION_REQUIRED')
  return {
    kind: 'CHANGE',
    change: {
      events: waits ? ['TAX_NOTICES_ISSUED', 'STATUS_CHANGED'] : ['TAX_NOTICES_ISSUED'],
      status: waits ? 'FINANCIAL_OBLIGATION_REQUIRED' : undefined,
      notices: payload.notices,
      officer: payload.officer,
      note: payload.note,
    },
  }
}
