import { createHash } from 'node:crypto'
import { VILIS_WSDL_PATH } from '../../../adapters/vilis/adapter.js'
import { digestBody } from '../../../src/model/digest.js'
import type { DocumentContent, DossierContent } from '../../../src/model/dossier-content.js'
import type { TransferBody } from '../../../src/model/transfer-body.js'
import type { MappingKind, Mappings } from '../../../src/ports/mappings.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import type { InquiryStrength, Sending } from '../../../src/ports/target-system.js'

/** A made-up dossier and the small world around it, for the tests of ViLIS. */
export const CODE = 'H58.22-260315-0001'

export const BYTES = [Buffer.from('đơn đăng ký biến động'), Buffer.from('%PDF-1.4 bản sao giấy chứng nhận')] as const

export const shaOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const NAMES = ['Đơn đăng ký', 'Giấy chứng nhận'] as const

export const DOCUMENTS: readonly DocumentContent[] = BYTES.map((bytes, index) => ({
  name: NAMES[index] ?? '',
  fileName: `giay-${index + 1}.pdf`,
  mediaType: 'application/pdf',
  sha256: shaOf(bytes),
  sizeBytes: bytes.length,
  originals: 1,
  copies: index,
}))

const UNIT = { code: '28594', validFrom: '2025-07-01', name: 'Xã Chợ Gạo' }

export const DOSSIER: DossierContent = {
  code: CODE,
  version: 1,
  procedureCode: '1.012783.000.00.00.H58',
  procedureName: 'Cấp đổi giấy chứng nhận',
  receivingUnit: UNIT,
  channel: 'DIRECT',
  applicant: { kind: 'CITIZEN', fullName: 'Lê Thị Mẫu & <Thử>', idNumber: '082000000001', phone: '0900000001' },
  summary: 'Cấp đổi giấy chứng nhận  bị rách',
  receivedAt: '2026-03-15T01:00:00.000Z',
  dueAt: '2026-03-26T10:00:00.000Z',
  receivedBy: 'mc.lan',
  parcels: [{ mapSheetNumber: '12', parcelNumber: '345', unit: UNIT, areaM2: '120.50', address: 'Ấp Thử, xã Chợ Gạo' }],
  certificates: [{ serialNumber: 'BX123456', registerNumber: 'CS00042' }],
  documents: DOCUMENTS,
}

const BASE = { dossierCode: CODE, dossierVersion: 1, procedureCode: DOSSIER.procedureCode, at: DOSSIER.receivedAt }

export const BODIES = {
  RECEIVE: { ...BASE, operation: 'RECEIVE', dossier: DOSSIER },
  SUPPLEMENT: {
    ...BASE,
    operation: 'SUPPLEMENT',
    at: '2026-03-18T02:30:00.000Z',
    dossierVersion: 2,
    supplementNo: 1,
    note: 'Bổ sung bản sao',
    documents: DOCUMENTS.slice(1),
  },
  WITHDRAW: { ...BASE, operation: 'WITHDRAW', at: '2026-03-19T02:00:00.000Z', dossierVersion: 3, reason: 'Công dân rút hồ sơ' },
  CONFIRM_RETURN: { ...BASE, operation: 'CONFIRM_RETURN', at: '2026-03-26T03:00:00.000Z', dossierVersion: 4, method: 'DESK', note: '' },
} as const satisfies Record<string, TransferBody>

export function sending(body: TransferBody, key: string = `key-${body.operation}`): Sending {
  return {
    operation: body.operation,
    idempotencyKey: key,
    dossierCode: body.dossierCode,
    body,
    digest: digestBody(body),
    correlationId: 'test-1',
    adopting: false,
  }
}

const ROWS: readonly (readonly [MappingKind, string, string])[] = [
  ['PROCEDURE', '1.012783', 'QT-CAPDOI'],
  ['COMMUNE', '28594@2025-07-01', '8228594'],
  ['USER', 'mc.lan', 'vilis.lan'],
]

export function mappings(rows: typeof ROWS = ROWS): Mappings {
  return {
    toForeign: async (_system, kind, ours) =>
      rows.find((row) => row[0] === kind && (row[1] === ours || row[1].split('@')[0] === ours))?.[2] ?? null,
    toOurs: async (_system, kind, theirs) => rows.find((row) => row[0] === kind && row[2] === theirs)?.[1] ?? null,
    meaningsOf: async (_system, kind, theirs) =>
      rows
        .filter((row) => row[0] === kind && row[2] === theirs)
        .map(([, ourCode]) => ({ ourCode, validFrom: ourCode.split('@')[1] ?? '2000-01-01', validTo: null })),
  }
}

export const readDocument = async (sha256: string): Promise<Buffer | null> => BYTES.find((bytes) => shaOf(bytes) === sha256) ?? null

export const CREDENTIALS = { username: 'lienthong', password: 'mat-khau-thu' }
export const CALLBACK_CREDENTIALS = { username: 'vilis', password: 'mat-khau-nguoc' }

export function settings(endpoint: string, inquiryStrength: InquiryStrength = 'KEY_AND_DIGEST'): SystemSettings {
  const traits = { inquiryStrength, maxProcessingMs: 60_000, callDeadlineMs: 10_000 }
  return {
    endpoint,
    wsdlPath: VILIS_WSDL_PATH,
    credentials: CREDENTIALS,
    inboundCredentials: CALLBACK_CREDENTIALS,
    timeouts: { connectMs: 2_000, headersMs: 10_000, bodyMs: 10_000 },
    maxReplyBytes: 8 * 1024 * 1024,
    maxRequestBytes: 8 * 1024 * 1024,
    maxAttachmentBytes: 1024 * 1024,
    connections: 2,
    operations: { RECEIVE: traits, SUPPLEMENT: traits, WITHDRAW: traits, CONFIRM_RETURN: traits },
    readDeadlineMs: 10_000,
    timeZone: 'Asia/Ho_Chi_Minh',
    poll: { overlap: 20n, pageSize: 100 },
  }
}

/** A blob store in memory that remembers what it was given. */
export function documentStore() {
  const kept = new Map<string, Buffer>()
  return {
    kept,
    keepDocument: async (bytes: Buffer) => {
      kept.set(shaOf(bytes), bytes)
      return { sha256: shaOf(bytes), size: bytes.length }
    },
  }
}
