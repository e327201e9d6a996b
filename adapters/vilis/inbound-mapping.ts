import type { TaxNoticeContent } from '../../src/model/dossier-content.js'
import type { InboundMessage, InboundPayload } from '../../src/model/inbound.js'
import { formatOffsetInstant, localDate } from '../soap/wire-time.js'
import { readDossier } from './inbound-dossier.js'
import { takeFiles } from './inbound-files.js'
import type { ReadContext } from './read-context.js'
import { WireFields } from './wire-fields.js'

/**
 * What ViLIS tells us, read once for both roads: a callback and a row of LayThayDoi with the same body give the same event id and
 * the same payload, so the inbox knows them as one. A message that cannot be read throws `Unreadable` (`wire-fields.ts`).
 */
export type ReadMessage = Pick<InboundMessage, 'operation' | 'externalEventId' | 'dossierCode' | 'eventAt' | 'causedByKey' | 'payload'>

type ReadPayload = (fields: WireFields, eventAt: string, context: ReadContext) => Promise<InboundPayload>

/** By the callback's operation: the field that says when it happened, and how the rest is read. */
const MESSAGES: Readonly<Record<string, { readonly eventAt: string; readonly read: ReadPayload }>> = {
  ChuyenHoSo: { eventAt: 'NgayChuyen', read: readStep },
  YeuCauBoSungHoSo: { eventAt: 'NgayChoBoSung', read: readDemand },
  NhanBoSungHoSo: { eventAt: 'NgayNhanBoSung', read: readSupplementReceived },
  GuiKetQuaThue: { eventAt: 'NgayCoKetQuaThue', read: readTaxNotices },
  KetThucHoSo: { eventAt: 'NgayKetThuc', read: readEnding },
  TiepNhanHoSoChoMotCua: {
    eventAt: 'NgayTiepNhan',
    read: (fields, _eventAt, context) => readDossier(fields, fields.required('SoBienNhan'), context),
  },
}

export const CALLBACK_OPERATIONS: readonly string[] = Object.keys(MESSAGES)

/** Rejects with `Unreadable`, or with what the mappings or the blob store threw. */
export async function readMessage(operation: string, body: Readonly<Record<string, unknown>>, context: ReadContext): Promise<ReadMessage> {
  const message = MESSAGES[operation]
  const fields = new WireFields(operation, body)
  if (!message) return fields.fail('LoaiThayDoi', 'không phải là loại thay đổi đã biết')
  const dossierCode = fields.required('SoBienNhan')
  const eventAt = fields.instant(message.eventAt, context.zones)
  const payload = await message.read(fields, eventAt, context)
  const externalEventId = fields.optional('MaSuKien')
  const causedByKey = fields.optional('MaGiaoDich')
  return {
    operation,
    dossierCode,
    eventAt,
    payload,
    ...(externalEventId !== undefined && { externalEventId }),
    ...(causedByKey !== undefined && { causedByKey }),
  }
}

/** Steps of the registration office's workflow, as officers at the desk read them. Another step is shown as it is. */
const STEP_NAMES: Readonly<Record<string, string>> = {
  RECEIVED: 'Tiếp nhận',
  APPRAISAL: 'Thẩm định',
  TAX_TRANSFER: 'Lập phiếu chuyển thông tin thuế',
  PENDING_TAX: 'Cơ quan thuế xác định nghĩa vụ tài chính',
  PENDING_TAX_PAYMENT: 'Chờ nộp thuế',
  PENDING_PRINT_CERT: 'In giấy chứng nhận',
  PENDING_CHECK: 'Kiểm tra',
  PENDING_SIGN: 'Trình ký',
  PENDING_HANDOVER: 'Vào sổ, đóng dấu',
  HANDOVER: 'Giao một cửa',
  RETURNED: 'Đã trả kết quả',
}

/** A step forward or back is a dossier in progress. HanXuLy is the step's own limit, never the dossier's due date. */
async function readStep(fields: WireFields, eventAt: string, context: ReadContext): Promise<InboundPayload> {
  const step = fields.required('MaTrangThai')
  const until = fields.optionalInstant('HanXuLy', context.zones)
  const isBack = fields.optional('LaTrangThaiChuyenLai') !== undefined && fields.boolean('LaTrangThaiChuyenLai')
  const parts = [
    `${STEP_NAMES[step] ?? 'Bước'} (${step})`,
    ...(isBack ? ['chuyển lại bước trước'] : []),
    fields.remark('NoiDungXuLy'),
    ...(until === undefined ? [] : [`hạn bước ${formatOffsetInstant(until, context.zones.LOCAL)}`]),
  ]
  return {
    kind: 'STATUS_REPORTED',
    status: 'IN_PROGRESS',
    step,
    ...(await officerOf(fields, ['MaCanBoNhan', 'MaCanBoChuyen'], eventAt, context)),
    note: parts.filter((part) => part !== '').join('; '),
    documents: await takeFiles(fields.list('DanhSachTapTin', 'TapTin'), context.keepDocument),
  }
}

/** LaTamDung tells "awaiting financial obligation" (6) from "supplement the papers" (5); without it neither is guessed. */
async function readDemand(fields: WireFields, eventAt: string, context: ReadContext): Promise<InboundPayload> {
  return {
    kind: 'STATUS_REPORTED',
    status: fields.boolean('LaTamDung') ? 'FINANCIAL_OBLIGATION_REQUIRED' : 'SUPPLEMENT_REQUIRED',
    ...(await officerOf(fields, ['MaCanBoXuLy'], eventAt, context)),
    note: fields.remark('GhiChu'),
    documents: await oneFile(fields, context),
  }
}

/** The clock runs again, with the new due date as part of the event. */
async function readSupplementReceived(fields: WireFields, eventAt: string, context: ReadContext): Promise<InboundPayload> {
  const dueAt = fields.optionalInstant('NgayHenTraMoi', context.zones)
  return {
    kind: 'STATUS_REPORTED',
    status: 'IN_PROGRESS',
    ...(dueAt !== undefined && { dueAt }),
    ...(await officerOf(fields, ['MaCanBoXuLy'], eventAt, context)),
    note: fields.remark('GhiChu'),
    documents: await oneFile(fields, context),
  }
}

async function readTaxNotices(fields: WireFields, eventAt: string, context: ReadContext): Promise<InboundPayload> {
  const notices = fields.list('DanhSachThongBaoThue', 'ThongBaoThue').map(readNotice)
  if (notices.length === 0) fields.fail('DanhSachThongBaoThue', 'phải có ít nhất một khoản')
  return { kind: 'TAX_NOTICES', ...(await officerOf(fields, ['NguoiXuLy'], eventAt, context)), note: fields.remark('GhiChu'), notices }
}

function readNotice(fields: WireFields): TaxNoticeContent {
  const amountVnd = fields.optionalDigits('SoTien')
  const documentUrl = fields.optional('DuongDanThongBaoThue')
  return {
    noticeNumber: fields.required('SoThongBaoThue'),
    taxKind: fields.required('LoaiThue'),
    payerName: fields.remark('HoTenChu'),
    ...(amountVnd !== undefined && { amountVnd }),
    ...(documentUrl !== undefined && { documentUrl }),
  }
}

const ENDINGS: Readonly<Record<string, 'COMPLETED' | 'STOPPED' | 'WITHDRAWN_BY_APPLICANT'>> = {
  '0': 'COMPLETED',
  '1': 'STOPPED',
  '2': 'WITHDRAWN_BY_APPLICANT',
}

async function readEnding(fields: WireFields, eventAt: string, context: ReadContext): Promise<InboundPayload> {
  return {
    kind: 'RESULT_ISSUED',
    status: fields.choice('TrangThaiKetThuc', ENDINGS),
    ...(await officerOf(fields, ['MaCanBoXuLy'], eventAt, context)),
    note: fields.remark('GhiChu'),
    documents: await takeFiles(fields.list('DanhSachGiayToKetQua', 'TapTin'), context.keepDocument),
  }
}

async function officerOf(
  fields: WireFields,
  names: readonly string[],
  eventAt: string,
  context: ReadContext,
): Promise<{ officer?: string }> {
  const account = names.map((name) => fields.optional(name)).find((value) => value !== undefined)
  if (account === undefined) return {}
  return { officer: await context.codes.ourUser(account, localDate(eventAt, context.zones.LOCAL)) }
}

const oneFile = (fields: WireFields, context: ReadContext) =>
  takeFiles(fields.has('TapTin') ? [fields.group('TapTin')] : [], context.keepDocument)
