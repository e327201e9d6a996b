import type { DocumentContent } from '../../../src/model/dossier-content.js'
import type { ReadDocument } from '../../../src/ports/documents.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import type { NotSent } from '../../../src/ports/target-system.js'

/** Địa chỉ công khai của một tập tin, where a site has a file server that the portal can reach. */
export type DocumentUrl = (document: DocumentContent) => string

/** One file ready for the wire: by URL, or with its bytes. */
export interface PreparedFile {
  readonly document: DocumentContent
  readonly url: string
  readonly content?: Uint8Array
}

export interface PreparedFiles {
  readonly submitted: readonly PreparedFile[]
  readonly results: readonly PreparedFile[]
  readonly count: number
  readonly totalBytes: number
}

/** What an envelope holds besides the files, generously. */
const ENVELOPE_BYTES = 64 * 1024

interface Source {
  readonly readDocument: ReadDocument
  readonly documentUrl?: DocumentUrl
  readonly limits: Pick<SystemSettings, 'maxAttachmentBytes' | 'maxRequestBytes'>
}

/**
 * Reads the files that one dossier carries, after their sizes were checked, so that nothing is read which cannot be sent. `field`
 * of a refusal is the path of the document in the body.
 */
export async function prepareFiles(
  submitted: readonly DocumentContent[],
  results: readonly DocumentContent[],
  source: Source,
): Promise<PreparedFiles | NotSent> {
  const placed = [
    ...submitted.map((document, index) => ({ document, field: `dossier.documents[${index}]`, name: `Tập tin thứ ${index + 1} của hồ sơ` })),
    ...results.map((document, index) => ({ document, field: `results[${index}]`, name: `Tập tin kết quả thứ ${index + 1}` })),
  ]
  const tooLarge = source.documentUrl ? undefined : checkSizes(placed, source.limits)
  if (tooLarge) return tooLarge
  const files: PreparedFile[] = []
  for (const one of placed) {
    const file = await prepare(one, source)
    if ('kind' in file) return file
    files.push(file)
  }
  return {
    submitted: files.slice(0, submitted.length),
    results: files.slice(submitted.length),
    count: files.length,
    totalBytes: files.reduce((sum, { document }) => sum + document.sizeBytes, 0),
  }
}

/** A file in its place. Sentences name it by that, for a file's own name may hold a person's. */
interface Placed {
  readonly document: DocumentContent
  readonly field: string
  readonly name: string
}

function checkSizes(placed: readonly Placed[], limits: Source['limits']): NotSent | undefined {
  const large = placed.find(({ document }) => document.sizeBytes > limits.maxAttachmentBytes)
  if (large) {
    const reason = `${large.name} lớn hơn mức ${limits.maxAttachmentBytes} byte mà Cổng dịch vụ công nhận.`
    return { kind: 'NOT_SENT', code: 'ATTACHMENT_TOO_LARGE', reason, field: large.field }
  }
  const encoded = placed.reduce((sum, { document }) => sum + Math.ceil(document.sizeBytes / 3) * 4, 0)
  if (encoded + ENVELOPE_BYTES <= limits.maxRequestBytes) return undefined
  const reason = `Các tập tin cộng lại vượt quá ${limits.maxRequestBytes} byte của một thông điệp gửi Cổng dịch vụ công.`
  return { kind: 'NOT_SENT', code: 'ATTACHMENT_TOO_LARGE', reason, field: 'dossier.documents' }
}

async function prepare({ document, field, name }: Placed, source: Source): Promise<PreparedFile | NotSent> {
  if (source.documentUrl) return { document, url: source.documentUrl(document) }
  const bytes = await source.readDocument(document.sha256)
  if (bytes === null) {
    const reason = `${name} không có nội dung trong kho tệp.`
    return { kind: 'NOT_SENT', code: 'ATTACHMENT_MISSING', reason, field }
  }
  if (bytes.length !== document.sizeBytes) {
    const reason = `${name} trong kho tệp không đúng kích thước đã ghi trong bảng kê.`
    return { kind: 'NOT_SENT', code: 'BODY_INVALID', reason, field }
  }
  return { document, url: '', content: bytes }
}
