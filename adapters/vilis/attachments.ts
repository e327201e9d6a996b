import type { DocumentContent } from '../../src/model/dossier-content.js'
import type { ReadDocument } from '../../src/ports/documents.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import { NotSendable } from './not-sendable.js'

/** Tệp đính kèm on the wire, and the manifest (bảng kê) by which the other side checks that none is lost, doubled or swapped. */
export interface WireFile {
  readonly TenGiayTo: string
  readonly TenTapTin: string
  readonly KieuFile: string
  readonly SoBanChinh: number
  readonly SoBanSao: number
  readonly KichThuoc: number
  readonly MaBam: string
  readonly NoiDung: Uint8Array
}

export interface WireFiles {
  readonly manifest: { readonly SoLuong: number; readonly TongKichThuoc: number }
  readonly files: readonly WireFile[]
}

export type AttachmentLimits = Pick<SystemSettings, 'maxAttachmentBytes' | 'maxRequestBytes'>

/** What an envelope holds besides the files, generously. */
const ENVELOPE_BYTES = 64 * 1024

/** Sizes are checked before a byte is read from the store. Throws {@link NotSendable}. */
export async function wireFiles(documents: readonly DocumentContent[], read: ReadDocument, limits: AttachmentLimits): Promise<WireFiles> {
  checkSizes(documents, limits)
  const files: WireFile[] = []
  for (const [index, document] of documents.entries()) files.push(await wireFile(document, `documents[${index}]`, read))
  const total = documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return { manifest: { SoLuong: documents.length, TongKichThuoc: total }, files }
}

function checkSizes(documents: readonly DocumentContent[], limits: AttachmentLimits): void {
  const large = documents.findIndex(({ sizeBytes }) => sizeBytes > limits.maxAttachmentBytes)
  if (large >= 0) {
    const reason = `Tệp đính kèm thứ ${large + 1} lớn hơn ${limits.maxAttachmentBytes} byte mà ViLIS nhận.`
    throw new NotSendable('ATTACHMENT_TOO_LARGE', reason, `documents[${large}]`)
  }
  const encoded = documents.reduce((sum, { sizeBytes }) => sum + Math.ceil(sizeBytes / 3) * 4, 0)
  if (encoded + ENVELOPE_BYTES > limits.maxRequestBytes) {
    throw new NotSendable(
      'ATTACHMENT_TOO_LARGE',
      `Các tệp đính kèm cộng lại vượt ${limits.maxRequestBytes} byte của một lần gửi.`,
      'documents',
    )
  }
}

async function wireFile(document: DocumentContent, field: string, read: ReadDocument): Promise<WireFile> {
  const bytes = await read(document.sha256)
  if (bytes === null || bytes.length !== document.sizeBytes) {
    const what = bytes === null ? 'không có trong kho tệp' : 'trong kho tệp khác kích thước đã ghi'
    throw new NotSendable('ATTACHMENT_MISSING', `Tệp ${document.sha256.slice(0, 12)}… ${what}.`, field)
  }
  return {
    TenGiayTo: document.name,
    TenTapTin: document.fileName,
    KieuFile: document.mediaType,
    SoBanChinh: document.originals,
    SoBanSao: document.copies,
    KichThuoc: bytes.length,
    MaBam: document.sha256,
    NoiDung: bytes,
  }
}
