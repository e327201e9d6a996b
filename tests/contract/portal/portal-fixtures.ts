import { createHash } from 'node:crypto'
import { createPortalAdapter, PORTAL_WSDL, type PortalOptions } from '../../../adapters/provincial/portal/adapter.js'
import { digestBody } from '../../../src/model/digest.js'
import type { DocumentContent } from '../../../src/model/dossier-content.js'
import type { SyncDossierBody, SyncProgressBody, TransferBody } from '../../../src/model/transfer-body.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import type { InquiryStrength, Sending } from '../../../src/ports/target-system.js'

export const ACCOUNT = { session: 'phien-thu-nghiem', agencyCode: '000.00.22.H58' }

const EXCHANGE: PortalOptions['exchange'] = {
  client: { instance: 'VN-TEST', memberClass: 'GOV', memberCode: '000.00.22.H58', subsystemCode: 'LIENTHONG' },
  service: { instance: 'VN-TEST', memberClass: 'GOV', memberCode: '000.00.00.G22', subsystemCode: 'DVCQG' },
  userId: 'VNLIENTHONG',
}

export function portalSettings(
  endpoint: string,
  strength: InquiryStrength = 'KEY_AND_DIGEST',
  more: Partial<SystemSettings> = {},
): SystemSettings {
  const traits = { inquiryStrength: strength, maxProcessingMs: 60_000, callDeadlineMs: 20_000 }
  return {
    endpoint,
    wsdlPath: PORTAL_WSDL,
    timeouts: { connectMs: 5_000, headersMs: 15_000, bodyMs: 15_000 },
    maxReplyBytes: 1_000_000,
    maxRequestBytes: 1_000_000,
    maxAttachmentBytes: 100_000,
    connections: 2,
    operations: { SYNC_DOSSIER: traits, SYNC_PROGRESS: traits },
    readDeadlineMs: 10_000,
    timeZone: 'Asia/Ho_Chi_Minh',
    poll: { overlap: 0n, pageSize: 100 },
    ...more,
  }
}

/** An adapter whose blob store is these bytes. */
export function portalAdapter(settings: SystemSettings, files: readonly Buffer[], more: Partial<PortalOptions> = {}) {
  const bySha = new Map(files.map((bytes) => [sha256(bytes), bytes]))
  return createPortalAdapter({
    settings,
    exchange: EXCHANGE,
    account: ACCOUNT,
    readDocument: async (address) => bySha.get(address) ?? null,
    ...more,
  })
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

export const APPLICATION = Buffer.from('Đơn đăng ký biến động', 'utf8')
export const CERTIFICATE = Buffer.from('Giấy chứng nhận mới', 'utf8')

export const documentOf = (name: string, bytes: Buffer): DocumentContent => ({
  name,
  fileName: `${name}.pdf`,
  mediaType: 'application/pdf',
  sha256: sha256(bytes),
  sizeBytes: bytes.length,
  originals: 1,
  copies: 0,
})

export function dossierBody(more: Partial<SyncDossierBody> = {}): SyncDossierBody {
  return {
    operation: 'SYNC_DOSSIER',
    dossierCode: 'H58.22-260315-0001',
    dossierVersion: 1,
    at: '2026-03-15T01:05:00.000Z',
    procedureCode: '1.013831',
    dossier: {
      code: 'H58.22-260315-0001',
      version: 1,
      procedureCode: '1.013831',
      procedureName: 'Đăng ký biến động',
      receivingUnit: { code: '28594', validFrom: '2025-07-01', name: 'Xã Chợ Gạo' },
      channel: 'DIRECT',
      applicant: { kind: 'CITIZEN', fullName: 'Nguyễn Văn Mẫu', idNumber: '001234567890', phone: '0900000001' },
      summary: 'Chuyển nhượng thửa 12 <tờ 3> & thửa 13',
      receivedAt: '2026-03-15T01:00:00.000Z',
      dueAt: '2026-03-25T10:00:00.000Z',
      receivedBy: 'canbo01',
      parcels: [],
      certificates: [],
      documents: [documentOf('Đơn đăng ký', APPLICATION)],
    },
    status: 'ACCEPTED',
    dueAt: '2026-03-25T10:00:00.000Z',
    results: [],
    ...more,
  }
}

export function progressBody(more: Partial<SyncProgressBody> = {}): SyncProgressBody {
  return {
    operation: 'SYNC_PROGRESS',
    dossierCode: 'H58.22-260315-0001',
    dossierVersion: 2,
    at: '2026-03-16T02:30:00.000Z',
    procedureCode: '1.013831',
    status: 'SUPPLEMENT_REQUIRED',
    dueAt: '2026-03-25T10:00:00.000Z',
    officer: 'canbo02',
    note: 'Bổ sung trích lục',
    ...more,
  }
}

export const sendingOf = (body: TransferBody, idempotencyKey = `${body.operation}-1`): Sending => ({
  operation: body.operation,
  idempotencyKey,
  dossierCode: body.dossierCode,
  body,
  digest: digestBody(body),
  correlationId: 'correlation-1',
  adopting: false,
})
