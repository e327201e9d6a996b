import { createHash } from 'node:crypto'
import type { CallsOut } from '../../soap/twin/calls-out.js'
import { liesAbout } from '../../soap/twin/lie.js'
import type { TwinCall } from '../../soap/twin/twin.js'
import { groupOf, groupsOf, textOf, type WireObject } from '../../soap/twin/wire-values.js'
import { ACCEPTED, contentIn, RETURNED } from './held-content.js'
import { findDossier, nextReceiptNo, record, type Transaction, type TwinDossier, type VilisState } from './state.js'
import { finish, moved, stepEnd, supplementReceived } from './workflow.js'

/** The four writes. A refusal is a readable answer; an acceptance is one deed, with what was kept. */
type Call = TwinCall<VilisState>

interface Refusal {
  readonly code: string
  readonly message: string
  readonly field?: string
}

interface Write {
  /** What must hold of the request besides its files. */
  check(args: WireObject, known: TwinDossier | undefined): Refusal | undefined
  /** The list of files; none for writes without. */
  readonly files?: string
  /** Fields kept on the transaction for inquiries. */
  readonly keep: readonly string[]
  /** What follows at once. */
  after?(dossier: TwinDossier, args: WireObject, call: Call, calls: CallsOut): void
}

const NOT_FOUND: Refusal = { code: 'KHONG_TIM_THAY', message: 'Không tìm thấy hồ sơ', field: 'SoBienNhan' }

const WRITES: Readonly<Record<string, Write>> = {
  TiepNhanHoSo: {
    check: (args) => {
      const wrong = ['NgayTiepNhan', 'NgayHenTra'].find((name) => instantOf(args, name) === undefined)
      if (wrong) return { code: 'SAI_DU_LIEU', message: 'Thời điểm không đọc được', field: wrong }
      const isLate = (instantOf(args, 'NgayHenTra') ?? 0) < (instantOf(args, 'NgayTiepNhan') ?? 0)
      return isLate ? { code: 'SAI_DU_LIEU', message: 'Ngày hẹn trả trước ngày tiếp nhận', field: 'NgayHenTra' } : undefined
    },
    files: 'DanhSachGiayToDinhKem',
    keep: ['XaId', 'NgayTiepNhan', 'NgayHenTra'],
  },
  BoSungHoSo: {
    check: (_args, known) => {
      if (!known) return NOT_FOUND
      return ['RETURNED', 'WITHDRAWN'].includes(known.step) ? wrongState(known) : undefined
    },
    files: 'DanhSachGiayToBoSung',
    keep: ['LanBoSung', 'NgayBoSung'],
    after: (dossier, args, call, calls) => {
      const newDue = instantOf(args, 'NgayHenTraMoi')
      supplementReceived(call, calls, dossier, newDue === undefined ? undefined : new Date(newDue).toISOString())
    },
  },
  RutHoSo: {
    check: (_args, known) => {
      if (!known) return NOT_FOUND
      return ['HANDOVER', 'RETURNED'].includes(known.step) ? wrongState(known) : undefined
    },
    keep: ['NgayRut'],
    after: (dossier, args, call, calls) => finish(call, calls, dossier, 2, textOf(args, 'MaGiaoDich')),
  },
  XacNhanTraKetQua: {
    check: (_args, known) => {
      if (!known) return NOT_FOUND
      return ['HANDOVER', 'REJECTED', 'RETURNED'].includes(known.step) ? undefined : wrongState(known)
    },
    keep: ['NgayTra', 'HinhThucTra'],
    after: (dossier, _args, call) => record(call, 'MOVED', moved(call, dossier, { step: 'RETURNED', status: RETURNED })),
  },
}

export const writeHandler = (operation: string, calls: () => CallsOut) => (args: WireObject, call: Call) =>
  takeWrite(operation, args, call, calls())

function takeWrite(operation: string, args: WireObject, call: Call, calls: CallsOut): unknown {
  const write = WRITES[operation] as Write
  const code = textOf(args, 'SoBienNhan') ?? ''
  const known = findDossier(call.state, code)
  const existing = duplicateOf(operation, args, call, known)
  if (existing) return alreadyExists(existing, args, call)
  const sent = write.files === undefined ? [] : groupsOf(groupOf(args, write.files), 'GiayTo')
  const refusal = checkWrite(args) ?? write.check(args, known) ?? (write.files === undefined ? undefined : checkFiles(args, sent))
  if (refusal) return refused(operation, args, refusal, call)

  // What is kept may be told to differ from what came: a registry that loses a file does so after it has said that all is well.
  const hashes = call.attachments(sent, 'NoiDung').map((file) => sha256(bytesOf(file)))
  const transaction: Transaction = {
    operation,
    key: textOf(args, 'MaGiaoDich') ?? '',
    digest: textOf(args, 'MaKiemTra') ?? '',
    version: Number(textOf(args, 'PhienBan')),
    receiptNo: nextReceiptNo(call.state),
    at: call.now().toISOString(),
    hashes,
    fields: keptFields(args, write.keep),
  }
  const { key, digest, version } = transaction
  if (liesAbout(call.settings, operation)) call.did('LIED', { operation, dossierCode: code, key })
  else {
    const received = operation === 'TiepNhanHoSo' && { dossier: dossierFrom(args, transaction, call) }
    record(call, 'ACCEPTED', { type: 'ACCEPTED', operation, dossierCode: code, key, digest, version, detail: { transaction, ...received } })
    const dossier = findDossier(call.state, code)
    if (dossier) write.after?.(dossier, args, call, calls)
  }
  return {
    KetQua: '1',
    ThongBao: 'Đã nhận',
    MaTiepNhan: transaction.receiptNo,
    MaGiaoDich: transaction.key,
    ...(write.files !== undefined && { SoTep: String(hashes.length), MaBam: hashes }),
  }
}

function dossierFrom(args: WireObject, transaction: Transaction, call: Call): Omit<TwinDossier, 'transactions'> {
  return {
    code: textOf(args, 'SoBienNhan') ?? '',
    receiptNo: transaction.receiptNo,
    version: transaction.version,
    process: textOf(groupOf(args, 'ThongTinQuyTrinh'), 'MaQuyTrinh') ?? '',
    commune: textOf(args, 'XaId') ?? '',
    receivedAt: new Date(instantOf(args, 'NgayTiepNhan') ?? 0).toISOString(),
    dueAt: new Date(instantOf(args, 'NgayHenTra') ?? 0).toISOString(),
    step: 'RECEIVED',
    nextAt: stepEnd(call),
    waitingSince: '',
    status: ACCEPTED,
    ...contentIn(args, transaction.hashes),
    changedAt: transaction.at,
  }
}

function keptFields(args: WireObject, names: readonly string[]): Record<string, string> {
  const process = textOf(groupOf(args, 'ThongTinQuyTrinh'), 'MaQuyTrinh')
  const kept = names.flatMap((name) => {
    const text = textOf(args, name)
    return text === undefined ? [] : [[name, text] as const]
  })
  return Object.fromEntries(process === undefined ? kept : [['MaQuyTrinh', process] as const, ...kept])
}

/** Setting `deduplicate`: KEY knows a MaGiaoDich again, DOSSIER a registered dossier of the same or a later version; anything else nothing. */
function duplicateOf(operation: string, args: WireObject, call: Call, known: TwinDossier | undefined): Transaction | undefined {
  const mode = call.settings.deduplicate
  if (mode !== 'KEY' && mode !== 'DOSSIER') return undefined
  const key = textOf(args, 'MaGiaoDich')
  const byKey = known?.transactions.find((transaction) => transaction.key === key)
  if (byKey || mode === 'KEY' || operation !== 'TiepNhanHoSo') return byKey
  const version = Number(textOf(args, 'PhienBan'))
  return known?.transactions.findLast((transaction) => transaction.operation === operation && transaction.version >= version)
}

function alreadyExists(existing: Transaction, args: WireObject, call: Call): unknown {
  call.did('ALREADY_EXISTS', { operation: existing.operation, dossierCode: textOf(args, 'SoBienNhan'), key: textOf(args, 'MaGiaoDich') })
  return {
    KetQua: '0',
    MaLoi: 'DA_TON_TAI',
    ThongBao: 'Hồ sơ đã tồn tại trong hệ thống',
    MaTiepNhan: existing.receiptNo,
    ...(call.settings.tellDigest !== false && { MaGiaoDich: existing.key, MaKiemTra: existing.digest }),
  }
}

function refused(operation: string, args: WireObject, { code, message, field }: Refusal, call: Call): unknown {
  call.did('REFUSED', { operation, dossierCode: textOf(args, 'SoBienNhan'), key: textOf(args, 'MaGiaoDich'), code })
  return { KetQua: '0', MaLoi: code, ThongBao: message, ...(field !== undefined && { TruongLoi: field }) }
}

function checkWrite(args: WireObject): Refusal | undefined {
  const missing = ['MaGiaoDich', 'MaKiemTra', 'SoBienNhan', 'PhienBan'].find((name) => !textOf(args, name))
  return missing ? { code: 'SAI_DU_LIEU', message: 'Thiếu trường bắt buộc', field: missing } : undefined
}

/** Count, sizes and hashes against the manifest and against each file's own claims. */
function checkFiles(args: WireObject, files: readonly WireObject[]): Refusal | undefined {
  const wrong = (message: string): Refusal => ({ code: 'SAI_TEP_DINH_KEM', message, field: 'BangKe' })
  const manifest = groupOf(args, 'BangKe')
  if (textOf(manifest, 'SoLuong') !== String(files.length)) return wrong('Số tệp nhận được khác bảng kê')
  const total = files.reduce((sum, file) => sum + bytesOf(file).length, 0)
  if (textOf(manifest, 'TongKichThuoc') !== String(total)) return wrong('Tổng kích thước khác bảng kê')
  const broken = files.findIndex(
    (file) => textOf(file, 'KichThuoc') !== String(bytesOf(file).length) || textOf(file, 'MaBam') !== sha256(bytesOf(file)),
  )
  return broken < 0 ? undefined : wrong(`Tệp thứ ${broken + 1} khác mã băm hoặc kích thước đã khai`)
}

const bytesOf = (file: WireObject): Buffer => Buffer.from(textOf(file, 'NoiDung') ?? '', 'base64')

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Writes carry an offset; what does not is no instant here. */
function instantOf(args: WireObject, name: string): number | undefined {
  const text = textOf(args, name) ?? ''
  const instant = /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(instant) ? undefined : instant
}

const wrongState = (dossier: TwinDossier): Refusal => ({ code: 'SAI_TRANG_THAI', message: `Hồ sơ đang ở bước ${dossier.step}` })
