import type { CallsOut } from '../../soap/twin/calls-out.js'
import { driftOf } from '../../soap/twin/drift.js'
import { historyOf } from '../../soap/twin/history-control.js'
import { startLying } from '../../soap/twin/lie.js'
import type { TwinDefinition } from '../../soap/twin/twin.js'
import { tell, tellAgain, wireUtc } from './changes.js'
import { COMPLETED, STOPPED, WITHDRAWN } from './held-content.js'
import { sentFile } from './own-files.js'
import { dossierOf, nextReceiptNo, record, type TwinDossier, type VilisState, type VilisWork } from './state.js'
import { demand, finish, forward, sendTax, stepEnd, supplementReceived, type TaxItem } from './workflow.js'

/**
 * What a test or a person can make this ViLIS do: `POST /control/act/<name>`. The README of the adapter lists them with their bodies.
 */
type Body = Record<string, unknown>
type Controls = NonNullable<TwinDefinition<VilisState>['controls']>

const DAY_MS = 24 * 3_600_000

/** National numbers of the endings. */
const SILENT_ENDS = [COMPLETED, STOPPED, WITHDRAWN] as const

export function createControls(calls: () => CallsOut): Controls {
  return {
    takeAtDesk: (body, work) => takeAtDesk(body, work, calls()),
    knowHistory: (body, work) => knowHistory(body, work),
    requireSupplement: (body, work) =>
      demand(work, calls(), dossierOf(work.state, body.code), {
        pause: body.pause === true,
        ...(body.note !== undefined && { note: String(body.note) }),
      }),
    forward: (body, work) => ({
      step: forward(work, calls(), dossierOf(work.state, body.code), body.step === undefined ? undefined : String(body.step)),
    }),
    sendTax: (body, work) => sendTax(work, calls(), dossierOf(work.state, body.code), body.notices as TaxItem[] | undefined),
    finish: (body, work) => finish(work, calls(), dossierOf(work.state, body.code), endingOf(body.ending)),
    newDueDate: (body, work) =>
      supplementReceived(
        work,
        calls(),
        dossierOf(work.state, body.code),
        body.dueAt === undefined ? undefined : new Date(String(body.dueAt)).toISOString(),
      ),
    tell: (body, work) => ({
      eventId: tell(work, calls(), {
        kind: String(body.kind),
        dossierCode: String(body.code),
        ...(body.at !== undefined && { at: String(body.at) }),
        fields: () => (body.fields ?? {}) as Body,
      }),
    }),
    repeatEvent: (body, work) => tellAgain(work, calls(), String(body.eventId)),
    restoreBackup: (body, work) => restoreBackup(body, work),
    renumber: (body, work) => record(work, 'RENUMBERED', { afterPosition: String(body.afterPosition ?? 0) }),
    holdBack: (body, work) => set(work, { uncommitted: [...textsOf(work.settings.uncommitted), String(body.eventId)] }),
    release: (body, work) => set(work, { uncommitted: textsOf(work.settings.uncommitted).filter((id) => id !== String(body.eventId)) }),
    lagBehind: (body, work) => set(work, { lagPosition: body.toPosition }),
    deduplicate: (body, work) =>
      set(work, {
        deduplicate: body.on === false ? 'OFF' : (body.by ?? 'KEY'),
        ...(body.tellDigest !== undefined && { tellDigest: body.tellDigest }),
      }),
    inquiryStrength: (body, work) => set(work, { inquiryStrength: body.strength }),
    callbacks: (body, work) => set(work, { callbacks: body.on, ...(body.url !== undefined && { callbackUrl: body.url }) }),
    autoAdvance: (body, work) => set(work, { autoAdvance: body.on }),
    drift: (body, work) => {
      dossierOf(work.state, body.code)
      record(work, 'DRIFTED', { drift: driftOf(body) })
    },
    finishSilently: (body, work) => {
      const { code } = dossierOf(work.state, body.code)
      record(work, 'DRIFTED', { drift: { kind: 'STATUS', code, value: String(SILENT_ENDS[endingOf(body.ending ?? 0)]) } })
    },
    lie: (body, work) => startLying(work.settings, body),
    keepHistory: (body, work) => record(work, 'HISTORY_KEPT', { ...historyOf(body) }),
  }
}

/** To a position of the stream; or with `minutesAgo` all that was taken in or told since then is gone. A dossier's step stays as it is. */
function restoreBackup(body: Body, work: VilisWork): void {
  const until = body.minutesAgo === undefined ? undefined : new Date(work.now().getTime() - Number(body.minutesAgo) * 60_000).toISOString()
  record(work, 'BACKUP_RESTORED', until === undefined ? { toPosition: String(body.toPosition) } : { until })
}

/** A dossier born here: the branch takes it in at its own desk and tells the one-stop system. */
function takeAtDesk(body: Body, work: VilisWork, calls: CallsOut): { code: string } {
  const now = work.now().toISOString()
  const code = String(body.code ?? deskCode(work, now))
  const dueAt = String(body.dueAt ?? new Date(Date.parse(now) + 13 * DAY_MS).toISOString())
  const papers = [{ name: 'Đơn đăng ký biến động', fileName: 'don-dang-ky.pdf' }]
  const applicant = { name: String(body.applicant ?? 'Lê Thị Mẫu'), idNumber: '082000000000' }
  const dossier = taken(work, {
    ...body,
    code,
    receivedAt: String(body.receivedAt ?? now),
    dueAt,
    applicant,
    parcels: [{ sheet: '12', number: '345' }],
    papers: papers.map((paper) => ({ name: paper.name, hash: sentFile(paper, code).MaBam })),
  })
  record(work, 'TAKEN', { dossier })
  tell(work, calls, {
    kind: 'TiepNhanHoSoChoMotCua',
    dossierCode: code,
    fields: () => ({
      PhienBan: '1',
      ...(body.procedureCode !== undefined && { MaThuTuc: body.procedureCode }),
      MaQuyTrinh: dossier.process,
      XaId: dossier.commune,
      ...(body.communeName !== undefined && { TenXa: body.communeName }),
      KenhNop: '1',
      NguoiTiepNhan: 'vp.tiepnhan',
      NgayTiepNhan: wireUtc(dossier.receivedAt),
      NgayHenTra: wireUtc(dossier.dueAt),
      TrichYeu: String(body.summary ?? 'Cấp đổi giấy chứng nhận'),
      ThongTinNguoiNopDon: {
        HoTen: applicant.name,
        LoaiDoiTuong: '1',
        SoChungMinh: applicant.idNumber,
        SoDienThoai: '0900000000',
      },
      DanhSachThuaDat: { ThuaDat: [{ XaId: dossier.commune, SoHieuBanDo: '12', SoThuTuThua: '345', DienTich: '120.50' }] },
    }),
    files: papers,
  })
  return { code }
}

/** Dossiers of the years before the interlink: known here, without a transaction and without a change. */
function knowHistory(body: Body, work: VilisWork): { known: number } {
  const dossiers = (body.dossiers ?? []) as Body[]
  for (const dossier of dossiers) record(work, 'TAKEN', { dossier: taken(work, dossier) })
  return { known: dossiers.length }
}

function taken(work: VilisWork, body: Body): Omit<TwinDossier, 'transactions'> {
  return {
    code: String(body.code),
    receiptNo: nextReceiptNo(work.state),
    version: Number(body.version ?? 0),
    process: String(body.process ?? 'QT-CAPDOI'),
    commune: String(body.commune ?? '28594'),
    receivedAt: new Date(String(body.receivedAt)).toISOString(),
    dueAt: new Date(String(body.dueAt)).toISOString(),
    step: String(body.step ?? 'RECEIVED'),
    nextAt: stepEnd(work),
    waitingSince: '',
    ...(body.status !== undefined && { status: Number(body.status) }),
    ...(body.applicant !== undefined && { applicant: body.applicant as TwinDossier['applicant'] }),
    ...(body.parcels !== undefined && { parcels: body.parcels as TwinDossier['parcels'] }),
    ...(body.papers !== undefined && { papers: body.papers as TwinDossier['papers'] }),
    changedAt: work.now().toISOString(),
  }
}

/** The branch's own group of codes (made up), the day by the local calendar, a serial that begins at 9001. */
function deskCode({ state }: VilisWork, now: string): string {
  const day = new Date(Date.parse(now) + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '')
  return `H58.22.9-${day}-${9001 + state.deskDossiers}`
}

function endingOf(ending: unknown): 0 | 1 | 2 {
  if (ending === 0 || ending === 1 || ending === 2) return ending
  throw new Error('ending must be 0 (result), 1 (returned) or 2 (withdrawn)')
}

const textsOf = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : [])

const set = (work: VilisWork, settings: Body): void => {
  Object.assign(work.settings, settings)
}
