import { createHash } from 'node:crypto'
import type { OwnFile } from './state.js'

/** A file as this ViLIS sends it, in the order of its WSDL. */
export interface SentFile {
  readonly TenGiayTo: string
  readonly TenTapTin: string
  readonly KieuFile: string
  readonly SoBanChinh: string
  readonly SoBanSao: string
  readonly KichThuoc: string
  readonly MaBam: string
  readonly NoiDung: string
}

/** The same bytes for the same file of the same dossier, so that nothing has to be kept. */
export function sentFile(file: OwnFile, dossierCode: string): SentFile {
  const bytes = pdfLike(`${file.name} - ${dossierCode}`)
  return {
    TenGiayTo: file.name,
    TenTapTin: file.fileName,
    KieuFile: 'application/pdf',
    SoBanChinh: '1',
    SoBanSao: '0',
    KichThuoc: String(bytes.length),
    MaBam: createHash('sha256').update(bytes).digest('hex'),
    NoiDung: bytes.toString('base64'),
  }
}

/** One empty page whose title is the text: enough for a viewer to open it. */
function pdfLike(title: string): Buffer {
  const text = Buffer.from(title, 'utf16le').swap16().toString('hex').toUpperCase()
  return Buffer.from(
    [
      '%PDF-1.4',
      '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
      '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj',
      `4 0 obj<</Title<FEFF${text}>>>endobj`,
      'trailer<</Root 1 0 R/Info 4 0 R>>',
      '%%EOF',
      '',
    ].join('\n'),
    'latin1',
  )
}
