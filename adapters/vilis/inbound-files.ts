import { createHash } from 'node:crypto'
import type { DocumentContent } from '../../src/model/dossier-content.js'
import type { KeepDocument } from '../../src/ports/documents.js'
import type { WireFields } from './wire-fields.js'

/** Types by ending, for a KieuFile that says no media type. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  xml: 'application/xml',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

interface CheckedFile {
  readonly bytes: Buffer
  readonly content: DocumentContent
}

/**
 * Takes the files of a message: each must have its bytes, and the hash and size that the sender says. One that does not refuses the
 * whole message, so that no file is lost in silence; nothing is kept before all are checked.
 */
export async function takeFiles(entries: readonly WireFields[], keep: KeepDocument): Promise<DocumentContent[]> {
  const files = entries.map(checkFile)
  for (const { bytes } of files) await keep(bytes)
  return files.map(({ content }) => content)
}

function checkFile(entry: WireFields): CheckedFile {
  const bytes = decode(entry)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (entry.required('MaBam').toLowerCase() !== sha256) entry.fail('MaBam', 'không khớp với nội dung tệp')
  if (entry.count('KichThuoc', bytes.length) !== bytes.length) entry.fail('KichThuoc', 'không khớp với nội dung tệp')
  const name = entry.required('TenGiayTo')
  const kind = (entry.optional('KieuFile') ?? '').toLowerCase()
  const ending = kind.replace(/^.*[./]/, '')
  const content: DocumentContent = {
    name,
    fileName: entry.optional('TenTapTin') ?? (ending === '' ? name : `${name}.${ending}`),
    mediaType: kind.includes('/') ? kind : (MEDIA_TYPES[ending] ?? 'application/octet-stream'),
    sha256,
    sizeBytes: bytes.length,
    originals: entry.count('SoBanChinh', 0),
    copies: entry.count('SoBanSao', 0),
  }
  return { bytes, content }
}

/** `Buffer.from` skips what is no base64; a damaged file must not become a shorter one. */
function decode(entry: WireFields): Buffer {
  const text = entry.required('NoiDung').replace(/\s+/g, '')
  const bytes = Buffer.from(text, 'base64')
  const unpadded = (base64: string) => base64.replace(/=+$/, '')
  return unpadded(bytes.toString('base64')) === unpadded(text) ? bytes : entry.fail('NoiDung', 'không phải là base64')
}
