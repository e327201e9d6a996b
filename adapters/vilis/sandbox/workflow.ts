import type { CallsOut } from '../../soap/twin/calls-out.js'
import { tell, wireUtc } from './changes.js'
import {
  ACCEPTED,
  COMPLETED,
  IN_PROGRESS,
  mergedNotices,
  OBLIGATION_REQUIRED,
  STOPPED,
  SUPPLEMENT_REQUIRED,
  statusOf,
  WITHDRAWN,
} from './held-content.js'
import { record, type TwinDossier, type VilisWork } from './state.js'

/**
 * The registration office's workflow (a public branch-office application, `README.md`): a dossier goes from step to step, each told as
 * ChuyenHoSo. With tax it passes the three tax steps, and on reaching the payment it gets its notices and a pause (LaTamDung true);
 * some are asked for a supplement after appraisal and wait until it comes; at HANDOVER the result goes out. RETURNED is only
 * reached when the one-stop system confirms the handing out.
 */
const WITH_TAX = [
  'RECEIVED',
  'APPRAISAL',
  'TAX_TRANSFER',
  'PENDING_TAX',
  'PENDING_TAX_PAYMENT',
  'PENDING_PRINT_CERT',
  'PENDING_CHECK',
  'PENDING_SIGN',
  'PENDING_HANDOVER',
  'HANDOVER',
]
const WITHOUT_TAX = WITH_TAX.filter((step) => !step.includes('TAX'))

/** Nothing of the workflow follows on these. */
const ENDED: ReadonlySet<string> = new Set(['HANDOVER', 'RETURNED', 'WITHDRAWN', 'REJECTED'])

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const OFFICERS = ['vp.thuly1', 'vp.thuly2', 'vp.kiemtra', 'vp.lanhdao']

/** Twin time that a dossier stays in a step: a working day, or the setting `stepHours`. */
export const stepEnd = (work: VilisWork): string =>
  new Date(work.now().getTime() + Number(work.settings.stepHours ?? 8) * HOUR_MS).toISOString()

/** What a move records, with the time at which it was made. */
export const moved = (work: VilisWork, { code }: TwinDossier, changes: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  dossierCode: code,
  ...changes,
  changedAt: work.now().toISOString(),
})

/** Moves on every dossier whose time in its step is over, when `autoAdvance` is on. */
export function advanceDue(work: VilisWork, calls: CallsOut): void {
  if (work.settings.autoAdvance !== true) return
  const now = work.now().toISOString()
  for (const dossier of work.state.dossiers.values()) {
    if (ENDED.has(dossier.step) || dossier.waitingSince !== '' || dossier.nextAt > now) continue
    if (dossier.step === 'APPRAISAL' && wantsSupplement(dossier, work)) demand(work, calls, dossier, { pause: false })
    else forward(work, calls, dossier)
  }
}

/** To the step that follows, or to the one named. */
export function forward(work: VilisWork, calls: CallsOut, dossier: TwinDossier, to?: string): string {
  const steps = hasTax(dossier) ? WITH_TAX : WITHOUT_TAX
  const step = to ?? steps[steps.indexOf(dossier.step) + 1]
  if (step === undefined) throw new Error(`no step follows ${dossier.step}`)
  const nextAt = stepEnd(work)
  record(work, 'MOVED', moved(work, dossier, { step, nextAt, waitingSince: '', status: IN_PROGRESS }))
  tell(work, calls, {
    kind: 'ChuyenHoSo',
    dossierCode: dossier.code,
    fields: (at) => ({
      MaTrangThai: step,
      LaTrangThaiChuyenLai: 'false',
      MaCanBoChuyen: officer(dossier, 0),
      MaCanBoNhan: officer(dossier, 1),
      NoiDungXuLy: 'Chuyển bước tiếp theo',
      NgayChuyen: wireUtc(at),
      HanXuLy: wireUtc(nextAt),
    }),
  })
  if (step === 'PENDING_TAX_PAYMENT') {
    sendTax(work, calls, dossier)
    demand(work, calls, dossier, { pause: true })
  }
  if (step === 'HANDOVER') finish(work, calls, dossier, 0)
  return step
}

/** A supplement is waited for; a pause for the payment passes by itself. */
export function demand(work: VilisWork, calls: CallsOut, dossier: TwinDossier, options: { pause: boolean; note?: string }): void {
  const note = options.note ?? (options.pause ? 'Chờ thực hiện nghĩa vụ tài chính' : 'Bổ sung bản sao giấy chứng nhận đã chứng thực')
  const waiting = options.pause ? {} : { waitingSince: work.now().toISOString() }
  record(work, 'MOVED', moved(work, dossier, { ...waiting, status: options.pause ? OBLIGATION_REQUIRED : SUPPLEMENT_REQUIRED }))
  tell(work, calls, {
    kind: 'YeuCauBoSungHoSo',
    dossierCode: dossier.code,
    fields: (at) => ({ NgayChoBoSung: wireUtc(at), MaCanBoXuLy: officer(dossier, 0), LaTamDung: String(options.pause), GhiChu: note }),
  })
}

/** The supplement has come: the clock runs again, with a new due date. */
export function supplementReceived(work: VilisWork, calls: CallsOut, dossier: TwinDossier, newDueAt?: string): void {
  const dueAt = newDueAt ?? extended(dossier, work.now())
  record(work, 'MOVED', moved(work, dossier, { dueAt, waitingSince: '', nextAt: stepEnd(work), status: IN_PROGRESS }))
  tell(work, calls, {
    kind: 'NhanBoSungHoSo',
    dossierCode: dossier.code,
    fields: (at) => ({
      NgayNhanBoSung: wireUtc(at),
      NgayHenTraMoi: wireUtc(dueAt),
      MaCanBoXuLy: officer(dossier, 0),
      GhiChu: 'Đã nhận bổ sung',
    }),
  })
}

export interface TaxItem {
  readonly payer?: string
  readonly kind?: string
  readonly number?: string
  readonly amount?: string
}

const TAX_KINDS = ['Lệ phí trước bạ', 'Thuế thu nhập cá nhân']

export function sendTax(
  work: VilisWork,
  calls: CallsOut,
  dossier: TwinDossier,
  items: readonly TaxItem[] = TAX_KINDS.map((kind) => ({ kind })),
): void {
  const notices = items.map((item, index) => ({
    HoTenChu: item.payer ?? 'Người nộp thuế',
    LoaiThue: item.kind ?? TAX_KINDS[0],
    SoThongBaoThue: item.number ?? `TB-${dossier.receiptNo}`,
    SoTien: item.amount ?? String(1_250_000 * (index + 1)),
  }))
  const held = notices.map(({ SoThongBaoThue: number, LoaiThue: kind = '', SoTien: amount }) => ({ number, kind, amount }))
  const status = TAXABLE.has(statusOf(dossier)) ? OBLIGATION_REQUIRED : statusOf(dossier)
  record(work, 'MOVED', moved(work, dossier, { notices: mergedNotices(dossier.notices ?? [], held), status }))
  tell(work, calls, {
    kind: 'GuiKetQuaThue',
    dossierCode: dossier.code,
    fields: (at) => ({
      NguoiXuLy: officer(dossier, 2),
      NgayCoKetQuaThue: wireUtc(at),
      GhiChu: '',
      DanhSachThongBaoThue: { ThongBaoThue: notices },
    }),
  })
}

/** Statuses in which a notice makes the dossier wait for its payment. */
const TAXABLE: ReadonlySet<number> = new Set([ACCEPTED, IN_PROGRESS, SUPPLEMENT_REQUIRED])

const END_STEPS = ['HANDOVER', 'REJECTED', 'WITHDRAWN'] as const
const END_STATUSES = [COMPLETED, STOPPED, WITHDRAWN] as const

/** 0 result, 1 returned, 2 withdrawn by the applicant. */
export function finish(work: VilisWork, calls: CallsOut, dossier: TwinDossier, ending: 0 | 1 | 2, causedBy?: string): void {
  record(work, 'MOVED', moved(work, dossier, { step: END_STEPS[ending], waitingSince: '', status: END_STATUSES[ending] }))
  const names = ['Giấy chứng nhận', 'Phiếu trả hồ sơ']
  tell(work, calls, {
    kind: 'KetThucHoSo',
    dossierCode: dossier.code,
    ...(causedBy !== undefined && { causedBy }),
    fields: (at) => ({ NgayKetThuc: wireUtc(at), MaCanBoXuLy: officer(dossier, 3), TrangThaiKetThuc: String(ending), GhiChu: '' }),
    files: names.slice(ending, ending + 1).map((name) => ({ name, fileName: `ket-qua-${dossier.receiptNo}.pdf` })),
  })
}

const officer = (dossier: TwinDossier, shift: number): string => OFFICERS[(digitsOf(dossier) + shift) % OFFICERS.length] ?? ''

/** Half of the dossiers owe tax, and of five one is asked for a supplement, once: by their number, so that a run can be repeated. */
const hasTax = (dossier: TwinDossier): boolean => digitsOf(dossier) % 2 === 0

function wantsSupplement(dossier: TwinDossier, work: VilisWork): boolean {
  const every = Number(work.settings.supplementEvery ?? 5)
  const asked = work.state.changes.some(
    ({ kind, dossierCode, body }) => kind === 'YeuCauBoSungHoSo' && dossierCode === dossier.code && body.LaTamDung === 'false',
  )
  return every > 0 && digitsOf(dossier) % every === 0 && !asked
}

const digitsOf = (dossier: TwinDossier): number => Number(/(\d{1,6})$/.exec(dossier.code)?.[1] ?? 0)

function extended(dossier: TwinDossier, now: Date): string {
  const waited = dossier.waitingSince === '' ? 0 : Math.max(0, now.getTime() - Date.parse(dossier.waitingSince))
  return new Date(Date.parse(dossier.dueAt) + Math.max(DAY_MS, waited)).toISOString()
}
