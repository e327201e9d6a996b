import { createHash } from 'node:crypto'
import { groupsOf, textOf, type WireObject } from '../../soap/twin/wire-values.js'

/** A file as the desk keeps it, with its own count of size and hash. */
export interface DeskFile {
  readonly paper: string
  readonly fileName: string
  readonly mediaType: string
  readonly originals: number
  readonly copies: number
  readonly base64: string
}

export const bytesOf = (file: DeskFile): Buffer => Buffer.from(file.base64, 'base64')
export const sizeOf = (file: DeskFile): number => Buffer.byteLength(file.base64, 'base64')
export const hashOf = (file: DeskFile): string => createHash('sha256').update(bytesOf(file)).digest('hex')

/** A paper as a small PDF of one page; the text makes each file's bytes its own. */
export function paper(name: string, place: number, text: string): DeskFile {
  const words = text
    .normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/[()\\]/g, ' ')
  const content = `BT /F1 12 Tf 60 780 Td (${words}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let pdf = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = pdf.length
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const xref = pdf.length
  pdf += `xref\n0 6\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  const base64 = Buffer.from(pdf, 'latin1').toString('base64')
  return { paper: name, fileName: `giay-to-${place}.pdf`, mediaType: 'application/pdf', originals: 1, copies: 0, base64 }
}

/** How this system writes a list of files: the manifest is of what it has, whatever then becomes of the list on the way. */
export function fileList(files: readonly DeskFile[], sent: (list: readonly WireFile[]) => WireFile[]): Record<string, unknown> {
  const rows = files.map((file) => ({
    TenGiayTo: file.paper,
    TenTapTin: file.fileName,
    KieuFile: file.mediaType,
    SoBanChinh: file.originals,
    SoBanSao: file.copies,
    KichThuoc: sizeOf(file),
    MaBam: hashOf(file),
    NoiDung: file.base64,
  }))
  return { SoLuong: rows.length, TongKichThuoc: rows.reduce((sum, row) => sum + row.KichThuoc, 0), GiayTo: sent(rows) }
}

export interface WireFile {
  readonly TenTapTin: string
  readonly MaBam: string
  readonly NoiDung: string
}

/** The files of a request, checked against their manifest by this system's own count; otherwise the field that does not fit. */
export function receivedFiles(list: WireObject | undefined): { files: DeskFile[] } | { wrong: string } {
  if (!list) return { wrong: 'DanhSachGiayTo' }
  const rows = groupsOf(list, 'GiayTo')
  if (Number(textOf(list, 'SoLuong')) !== rows.length) return { wrong: 'DanhSachGiayTo.SoLuong' }
  const files: DeskFile[] = []
  for (const [index, row] of rows.entries()) {
    const bytes = Buffer.from(textOf(row, 'NoiDung') ?? '', 'base64')
    if (bytes.length !== Number(textOf(row, 'KichThuoc'))) return { wrong: `DanhSachGiayTo.GiayTo[${index}].KichThuoc` }
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (hash !== textOf(row, 'MaBam')?.trim().toLowerCase()) return { wrong: `DanhSachGiayTo.GiayTo[${index}].MaBam` }
    files.push({
      paper: textOf(row, 'TenGiayTo') ?? '',
      fileName: textOf(row, 'TenTapTin') ?? '',
      mediaType: textOf(row, 'KieuFile') ?? '',
      originals: Number(textOf(row, 'SoBanChinh')),
      copies: Number(textOf(row, 'SoBanSao')),
      base64: bytes.toString('base64'),
    })
  }
  const total = files.reduce((sum, file) => sum + sizeOf(file), 0)
  return total === Number(textOf(list, 'TongKichThuoc')) ? { files } : { wrong: 'DanhSachGiayTo.TongKichThuoc' }
}
