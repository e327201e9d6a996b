import { createHash } from 'node:crypto'
import { digestBody } from '../../../src/model/digest.js'
import type { DocumentContent } from '../../../src/model/dossier-content.js'
import type { TransferBody } from '../../../src/model/transfer-body.js'
import type { Sending } from '../../../src/ports/target-system.js'

/** A blob store in memory, and bodies of the writes whose files are in it. */
export const blobs = new Map<string, Buffer>()
export const keepDocument = (bytes: Buffer): Promise<{ sha256: string; size: number }> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  blobs.set(sha256, bytes)
  return Promise.resolve({ sha256, size: bytes.length })
}

let keys = 0
export const sending = (body: TransferBody): Sending => ({
  operation: body.operation,
  idempotencyKey: `khoa-${++keys}`,
  dossierCode: body.dossierCode,
  body,
  digest: digestBody(body),
  correlationId: 'corr-1',
  adopting: false,
})

export const bodyOf = <Body>(dossierCode: string, rest: Body) => ({
  dossierCode,
  dossierVersion: 4,
  at: '2026-03-17T03:00:00.125Z',
  procedureCode: '1.013831',
  ...rest,
})
export const dueAt = '2026-04-09T01:00:00.000Z'
export const statusBody = (code: string): TransferBody =>
  bodyOf(code, { operation: 'UPDATE_STATUS', status: 'SUPPLEMENT_REQUIRED', dueAt, note: 'Thiếu bản vẽ' } as const)
export const taxBody = (code: string): TransferBody =>
  bodyOf(code, {
    operation: 'POST_TAX_NOTICES',
    notices: [{ noticeNumber: 'TB-01', taxKind: 'Lệ phí trước bạ', payerName: 'Trần Thị Lan', amountVnd: '9007199254740993' }],
  } as const)

async function resultDocument(text: string): Promise<DocumentContent> {
  const { sha256, size } = await keepDocument(Buffer.from(text))
  return { name: text, fileName: `${text}.pdf`, mediaType: 'application/pdf', sha256, sizeBytes: size, originals: 1, copies: 0 }
}

export const resultBody = async (code: string): Promise<TransferBody> =>
  bodyOf(code, {
    operation: 'POST_RESULT',
    status: 'COMPLETED',
    note: 'Đã ký',
    documents: [await resultDocument('Giấy chứng nhận'), await resultDocument('Trích lục')],
  } as const)

export const supplementBody = async (code: string, supplementNo = 1): Promise<TransferBody> =>
  bodyOf(code, {
    operation: 'POST_SUPPLEMENT',
    supplementNo,
    note: 'Bổ sung theo phiếu',
    documents: [await resultDocument('Trích lục bản đồ'), await resultDocument('Tờ khai')],
  } as const)

export async function registerBody(code: string): Promise<TransferBody> {
  const unit = { code: '28633', validFrom: '2025-07-01', name: 'Xã An Thạnh Thủy' }
  return bodyOf(code, {
    operation: 'REGISTER',
    status: 'ACCEPTED',
    dossier: {
      code,
      version: 1,
      procedureCode: '1.013831',
      procedureName: 'Đăng ký biến động',
      receivingUnit: unit,
      channel: 'DIRECT',
      applicant: { kind: 'CITIZEN', fullName: 'Trần Thị Lan', idNumber: '000123456789' },
      summary: 'Tặng cho <thửa 42> & "chuyển" quyền',
      receivedAt: '2026-03-16T01:00:00.000Z',
      dueAt: '2026-04-02T01:00:00.000Z',
      receivedBy: 'vp.1',
      parcels: [{ mapSheetNumber: '12', parcelNumber: '00042', unit, areaM2: '120.50' }],
      certificates: [{ serialNumber: 'CD12345678' }],
      documents: [await resultDocument('Đơn đăng ký')],
    },
  } as const)
}
