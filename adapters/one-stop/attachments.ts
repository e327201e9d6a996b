import { createHash } from 'node:crypto'
import type { DocumentContent } from '../../src/model/dossier-content.js'
import type { KeepDocument, ReadDocument } from '../../src/ports/documents.js'
import type { NotSent } from '../../src/ports/target-system.js'
import { base64Chars } from '../soap/without-contents.js'
import type { WireDocument, WireDocumentList } from './wire-types.js'

/**
 * Giấy tờ đính kèm across the wire, in both directions under one manifest: how many, how large together, and each file's size and
 * SHA-256. Sentences name a file by its place in the list, never by its name: a file's name may hold a person's.
 */
export interface SizeLimits {
  readonly maxAttachmentBytes: number
  readonly maxRequestBytes: number
}

const notSent = (code: NotSent['code'], reason: string, field: string): NotSent => ({ kind: 'NOT_SENT', code, reason, field })

/** What an envelope holds besides the files, generously. */
const ENVELOPE_BYTES = 64 * 1024

/** Sizes are judged by the manifest first, so that nothing is read from the blob store for a request that cannot go out. */
export async function documentsToWire(
  documents: readonly DocumentContent[],
  readDocument: ReadDocument,
  limits: SizeLimits,
): Promise<WireDocumentList<Uint8Array> | NotSent> {
  for (const [index, document] of documents.entries()) {
    if (document.sizeBytes > limits.maxAttachmentBytes) {
      const reason = `Tập tin thứ ${index + 1} lớn hơn mức ${limits.maxAttachmentBytes} byte mà một cửa nhận.`
      return notSent('ATTACHMENT_TOO_LARGE', reason, `documents[${index}]`)
    }
  }
  const total = documents.reduce((sum, document) => sum + base64Chars(document.sizeBytes), 0)
  if (total + ENVELOPE_BYTES > limits.maxRequestBytes) {
    return notSent('ATTACHMENT_TOO_LARGE', `Các tập tin cộng lại vượt mức ${limits.maxRequestBytes} byte của một lần gửi.`, 'documents')
  }
  const files: WireDocument<Uint8Array>[] = []
  for (const [index, document] of documents.entries()) {
    const bytes = await readDocument(document.sha256)
    if (bytes === null) return notSent('ATTACHMENT_MISSING', `Kho tập tin không có tập tin thứ ${index + 1}.`, `documents[${index}]`)
    if (bytes.length !== document.sizeBytes) {
      return notSent('BODY_INVALID', `Tập tin thứ ${index + 1} trong kho khác kích thước đã ghi nhận.`, `documents[${index}].sizeBytes`)
    }
    files.push({
      TenGiayTo: document.name,
      TenTapTin: document.fileName,
      KieuFile: document.mediaType,
      SoBanChinh: document.originals,
      SoBanSao: document.copies,
      KichThuoc: document.sizeBytes,
      MaBam: document.sha256,
      NoiDung: bytes,
    })
  }
  return { SoLuong: files.length, TongKichThuoc: documents.reduce((sum, document) => sum + document.sizeBytes, 0), GiayTo: files }
}

/** A wire message that is not taken; `message` is a sentence for an officer, `field` the path on the wire. */
export class WireRefused extends Error {
  constructor(
    readonly reason: string,
    message: string,
    readonly field: string,
  ) {
    super(message)
  }
}

/** Throws {@link WireRefused} unless count, sizes and hashes agree; only then are the bytes kept, so a refused list leaves nothing behind. */
export async function documentsFromWire(
  list: WireDocumentList,
  path: string,
  keepDocument: KeepDocument,
  maxAttachmentBytes: number,
): Promise<DocumentContent[]> {
  if (list.SoLuong !== list.GiayTo.length) {
    throw new WireRefused(
      'SAI_TEP_DINH_KEM',
      `Bảng kê ghi ${list.SoLuong} tập tin nhưng nhận được ${list.GiayTo.length}.`,
      `${path}.SoLuong`,
    )
  }
  const files = list.GiayTo.map((file, index) => checkedBytes(file, `${path}.GiayTo[${index}]`, index + 1, maxAttachmentBytes))
  const total = files.reduce((sum, bytes) => sum + bytes.length, 0)
  if (String(total) !== String(list.TongKichThuoc)) {
    throw new WireRefused('SAI_TEP_DINH_KEM', 'Tổng kích thước tập tin không khớp bảng kê.', `${path}.TongKichThuoc`)
  }
  const documents: DocumentContent[] = []
  for (const [index, bytes] of files.entries()) {
    const file = list.GiayTo[index] as WireDocument
    const kept = await keepDocument(bytes)
    documents.push({
      name: file.TenGiayTo,
      fileName: file.TenTapTin,
      mediaType: file.KieuFile,
      sha256: kept.sha256,
      sizeBytes: kept.size,
      originals: file.SoBanChinh,
      copies: file.SoBanSao,
    })
  }
  return documents
}

function checkedBytes(file: WireDocument, path: string, place: number, maxAttachmentBytes: number): Buffer {
  const text = file.NoiDung.replace(/\s+/g, '')
  if (base64Chars(maxAttachmentBytes) < text.length) {
    throw new WireRefused('TEP_QUA_LON', `Tập tin thứ ${place} lớn hơn mức ${maxAttachmentBytes} byte được nhận.`, `${path}.NoiDung`)
  }
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new WireRefused('SAI_TEP_DINH_KEM', `Nội dung tập tin thứ ${place} không phải base64.`, `${path}.NoiDung`)
  }
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length > maxAttachmentBytes) {
    throw new WireRefused('TEP_QUA_LON', `Tập tin thứ ${place} lớn hơn mức ${maxAttachmentBytes} byte được nhận.`, `${path}.NoiDung`)
  }
  if (String(bytes.length) !== String(file.KichThuoc)) {
    throw new WireRefused('SAI_TEP_DINH_KEM', `Kích thước tập tin thứ ${place} không khớp bảng kê.`, `${path}.KichThuoc`)
  }
  if (createHash('sha256').update(bytes).digest('hex') !== file.MaBam.trim().toLowerCase()) {
    throw new WireRefused('SAI_TEP_DINH_KEM', `Mã băm SHA-256 của tập tin thứ ${place} không khớp bảng kê.`, `${path}.MaBam`)
  }
  return bytes
}
