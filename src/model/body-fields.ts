import { canonicalSerial } from './dossier-code.js'
import type { Channel, DocumentContent, DossierContent, PartyContent, PartyKind, TaxNoticeContent, UnitRef } from './dossier-content.js'
import * as limits from './field-limits.js'
import type { Operation } from './system.js'
import type { TransferBody } from './transfer-body.js'

/**
 * Các trường của nội dung liên thông: for each operation what its frozen body is made of, field by field, and which of them a person may amend. The types
 * hold the table to `transfer-body.ts`: a field that is added there and not described here does not compile, nor one that is described as another kind or
 * as always present when it may be absent.
 *
 * FIXED is what nobody amends: what says which dossier and which event this is (code, version, procedure, instant, number of the supplement, status), what
 * decides who may see it (receiving commune), the bytes of documents, and what the system of that operation is not told.
 */
export type Holds = 'NAME' | 'NUMBER' | 'EMAIL' | 'ADDRESS' | 'TEXT'

interface Labelled {
  /** Tên trường, for an officer. */
  readonly vi: string
}
export interface FixedField extends Labelled {
  readonly kind: 'FIXED'
  /** Not even shown. */
  readonly hidden?: true
}
export interface TextField extends Labelled {
  readonly kind: 'TEXT'
  readonly limit: limits.TextLimit
  /** Personal data, masked by what it is. */
  readonly holds?: Holds
  /** The one way in which it is written; null: it is none. */
  readonly canonical?: (text: string) => string | null
  readonly format?: 'EMAIL' | 'DECIMAL'
}
export interface InstantField extends Labelled {
  readonly kind: 'INSTANT'
  /** Not before the dossier was received. */
  readonly afterReception?: true
}
export interface ChoiceField<Value extends string = string> extends Labelled {
  readonly kind: 'CHOICE'
  readonly values: Readonly<Record<Value, string>>
}
export interface CountField extends Labelled {
  readonly kind: 'COUNT'
  readonly most: number
}
export interface CommuneField extends Labelled {
  readonly kind: 'COMMUNE'
}
/** What holds one value. */
export type LeafField = FixedField | TextField | InstantField | ChoiceField | CountField | CommuneField

interface GroupOf<Value> extends Labelled {
  readonly kind: 'GROUP'
  readonly fields: FieldsOf<Value>
}
interface ListOf<Item> extends Labelled {
  readonly kind: 'LIST'
  readonly fields: FieldsOf<Item>
}
type FieldOf<Value> = [Value] extends [UnitRef]
  ? CommuneField
  : [Value] extends [readonly (infer Item)[]]
    ? ListOf<Item>
    : [Value] extends [string]
      ? [string] extends [Value]
        ? TextField | InstantField
        : ChoiceField<Value>
      : [Value] extends [number]
        ? CountField
        : GroupOf<Value>
type FieldsOf<Value> = {
  readonly [Key in keyof Value]-?: (FixedField | FieldOf<NonNullable<Value[Key]>>) &
    (undefined extends Value[Key] ? { readonly optional: true } : { readonly optional?: never })
}
export type BodyOf<Op extends Operation> = Extract<TransferBody, { operation: Op }>

/** The table as whoever walks it sees it. */
export type AnyField = (
  | LeafField
  | { readonly kind: 'GROUP'; readonly vi: string; readonly fields: AnyFields }
  | { readonly kind: 'LIST'; readonly vi: string; readonly fields: AnyFields }
) & { readonly optional?: true }
export interface AnyFields {
  readonly [name: string]: AnyField
}

const fixed = (vi: string) => ({ kind: 'FIXED', vi }) as const
const text = (vi: string, limit: limits.TextLimit, holds?: Holds) => ({ kind: 'TEXT', vi, limit, ...(holds && { holds }) }) as const
const instant = (vi: string) => ({ kind: 'INSTANT', vi, afterReception: true }) as const
const count = (vi: string) => ({ kind: 'COUNT', vi, most: 1_000 }) as const
const optional = { optional: true } as const
/** A fixed field that may be absent and is nobody's to see here. */
const hidden = (vi: string) => ({ ...fixed(vi), ...optional, hidden: true }) as const

const PARTY_KINDS: Readonly<Record<PartyKind, string>> = {
  CITIZEN: 'Công dân',
  ENTERPRISE: 'Doanh nghiệp',
  STATE_BODY: 'Cơ quan nhà nước',
  ORGANISATION: 'Tổ chức',
}
const CHANNELS: Readonly<Record<Channel, string>> = { DIRECT: 'Trực tiếp', ONLINE: 'Trực tuyến', POST: 'Bưu chính' }

const APPLICANT: FieldsOf<PartyContent> = {
  kind: { kind: 'CHOICE', vi: 'Loại đối tượng', values: PARTY_KINDS },
  fullName: text('Họ và tên, tên tổ chức', limits.FULL_NAME, 'NAME'),
  idNumber: { ...text('Số giấy tờ', limits.ID_NUMBER, 'NUMBER'), ...optional },
  phone: { ...text('Số điện thoại', limits.PHONE, 'NUMBER'), ...optional },
  email: { ...text('Thư điện tử', limits.EMAIL, 'EMAIL'), ...optional, format: 'EMAIL' },
  address: { ...text('Địa chỉ', limits.ADDRESS, 'ADDRESS'), ...optional },
}

const DOCUMENT: FieldsOf<DocumentContent> = {
  name: text('Tên giấy tờ', limits.DOCUMENT_NAME, 'TEXT'),
  fileName: text('Tên tập tin', limits.FILE_NAME, 'TEXT'),
  mediaType: fixed('Kiểu tập tin'),
  sha256: fixed('Mã băm SHA-256'),
  sizeBytes: fixed('Kích thước'),
  originals: count('Số bản chính'),
  copies: count('Số bản sao'),
}
const documents = (vi: string) => ({ kind: 'LIST', vi, fields: DOCUMENT }) as const

const DOSSIER: FieldsOf<DossierContent> = {
  code: fixed('Mã hồ sơ'),
  version: fixed('Phiên bản tại nguồn'),
  procedureCode: fixed('Mã thủ tục'),
  procedureName: fixed('Tên thủ tục'),
  receivingUnit: fixed('Đơn vị tiếp nhận'),
  channel: { kind: 'CHOICE', vi: 'Kênh nộp', values: CHANNELS },
  applicant: { kind: 'GROUP', vi: 'Người nộp', fields: APPLICANT },
  summary: text('Trích yếu', limits.SUMMARY, 'TEXT'),
  receivedAt: fixed('Ngày tiếp nhận'),
  dueAt: instant('Ngày hẹn trả'),
  receivedBy: text('Cán bộ tiếp nhận', limits.ACCOUNT),
  parcels: {
    kind: 'LIST',
    vi: 'Thửa đất',
    fields: {
      mapSheetNumber: text('Số hiệu tờ bản đồ', limits.MAP_SHEET_NUMBER),
      parcelNumber: text('Số thứ tự thửa', limits.PARCEL_NUMBER),
      unit: { kind: 'COMMUNE', vi: 'Xã' },
      areaM2: { ...text('Diện tích, m²', limits.AREA_M2), ...optional, format: 'DECIMAL' },
      address: { ...text('Địa chỉ thửa đất', limits.ADDRESS, 'ADDRESS'), ...optional },
    },
  },
  certificates: {
    kind: 'LIST',
    vi: 'Giấy chứng nhận',
    fields: {
      serialNumber: { ...text('Số phát hành', limits.SERIAL_NUMBER), canonical: canonicalSerial },
      registerNumber: { ...text('Số vào sổ', limits.REGISTER_NUMBER), ...optional },
    },
  },
  documents: documents('Giấy tờ'),
}
const dossier = { kind: 'GROUP', vi: 'Hồ sơ', fields: DOSSIER } as const

/** What the portal is told of a dossier: neither land nor officer, and the due date beside it. */
const DOSSIER_AT_PORTAL: FieldsOf<DossierContent> = {
  ...DOSSIER,
  applicant: { kind: 'GROUP', vi: 'Người nộp', fields: { ...APPLICANT, address: hidden('Địa chỉ') } },
  dueAt: fixed('Ngày hẹn trả'),
  receivedBy: fixed('Cán bộ tiếp nhận'),
  parcels: fixed('Thửa đất'),
  certificates: fixed('Giấy chứng nhận'),
  documents: { kind: 'LIST', vi: 'Giấy tờ', fields: { ...DOCUMENT, originals: fixed('Số bản chính'), copies: fixed('Số bản sao') } },
}

const TAX_NOTICE: FieldsOf<TaxNoticeContent> = {
  noticeNumber: fixed('Số thông báo'),
  taxKind: fixed('Tiểu mục'),
  payerName: text('Họ tên người nộp', limits.FULL_NAME, 'NAME'),
  amountVnd: { ...text('Số tiền, đồng', limits.AMOUNT_VND), ...optional },
  documentUrl: hidden('Địa chỉ văn bản'),
}

const EVERY = {
  operation: fixed('Nghiệp vụ'),
  dossierCode: fixed('Mã hồ sơ'),
  dossierVersion: fixed('Phiên bản hồ sơ hợp nhất'),
  at: fixed('Thời điểm xảy ra'),
  procedureCode: fixed('Mã thủ tục'),
}
const status = fixed('Trạng thái')
const supplementNo = fixed('Lần bổ sung')
const note = (vi: string) => text(vi, limits.NOTE, 'TEXT')
const dueAt = instant('Ngày hẹn trả')
const officer = { ...text('Cán bộ xử lý', limits.ACCOUNT), ...optional }

const TABLE: { readonly [Op in Operation]: FieldsOf<BodyOf<Op>> } = {
  RECEIVE: { ...EVERY, dossier },
  REGISTER: { ...EVERY, dossier, status },
  SUPPLEMENT: {
    ...EVERY,
    supplementNo,
    note: note('Nội dung bổ sung'),
    newDueAt: { ...instant('Ngày hẹn trả mới'), ...optional },
    documents: documents('Giấy tờ bổ sung'),
  },
  POST_SUPPLEMENT: { ...EVERY, supplementNo, note: note('Nội dung bổ sung'), documents: documents('Giấy tờ bổ sung') },
  WITHDRAW: { ...EVERY, reason: text('Lý do rút', limits.WITHDRAWAL_REASON, 'TEXT') },
  CONFIRM_RETURN: {
    ...EVERY,
    method: { kind: 'CHOICE', vi: 'Hình thức trả', values: { DESK: 'Tại quầy', POST: 'Bưu chính' } },
    note: note('Ghi chú'),
  },
  UPDATE_STATUS: { ...EVERY, status, dueAt, officer, note: note('Nội dung xử lý') },
  POST_TAX_NOTICES: { ...EVERY, notices: { kind: 'LIST', vi: 'Thông báo thuế', fields: TAX_NOTICE } },
  POST_RESULT: { ...EVERY, status, note: note('Ghi chú'), documents: documents('Giấy tờ kết quả') },
  SYNC_DOSSIER: {
    ...EVERY,
    dossier: { kind: 'GROUP', vi: 'Hồ sơ', fields: DOSSIER_AT_PORTAL },
    status,
    dueAt,
    finishedAt: { ...instant('Ngày kết thúc xử lý'), ...optional },
    returnedAt: { ...instant('Ngày trả kết quả'), ...optional },
    results: {
      kind: 'LIST',
      vi: 'Giấy tờ kết quả',
      fields: { ...DOCUMENT, originals: fixed('Số bản chính'), copies: fixed('Số bản sao') },
    },
  },
  SYNC_PROGRESS: { ...EVERY, status, dueAt, officer, note: note('Nội dung xử lý') },
}

export const fieldsOf = (operation: Operation): AnyFields => TABLE[operation] as AnyFields
