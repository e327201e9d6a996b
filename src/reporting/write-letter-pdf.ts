import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { buffer } from 'node:stream/consumers'
import { letterNumber } from '../model/apology.js'
import { describeInstant, localDateOf } from '../model/working-calendar.js'
import type { LetterContent, LetterRow } from './apology-letter-repository.js'

/**
 * Phiếu xin lỗi và hẹn lại ngày trả kết quả as a page to print, in the layout of administrative documents: A4, margins of 20, 15, 20 and 30 mm, letters of 13 points. The
 * font is Tinos (SIL Open Font License), which has the widths of the prescribed one and every Vietnamese letter; the letters that are used are embedded. The form follows
 * what is known of the one in Decree 61/2018 (background knowledge, to be confirmed); its words are here alone.
 */
const MM = 72 / 25.4
const [TOP, RIGHT, BOTTOM, LEFT] = [20 * MM, 15 * MM, 20 * MM, 30 * MM]
const SIZE = 13
const GAP = 6
/** What the two sign takes so much of the page, and is never torn apart: each of them signs beside the other. */
const SIGNING = 44 * MM

const require = createRequire(import.meta.url)
const FONTS = {
  regular: '400Regular/Tinos_400Regular',
  bold: '700Bold/Tinos_700Bold',
  italic: '400Regular_Italic/Tinos_400Regular_Italic',
} as const
type FontName = keyof typeof FONTS

let read: Promise<Readonly<Record<FontName, Buffer>>> | undefined
const readFonts = (): Promise<Readonly<Record<FontName, Buffer>>> => {
  read ??= (async () => {
    const load = (name: FontName): Promise<Buffer> => readFile(require.resolve(`@expo-google-fonts/tinos/${FONTS[name]}.ttf`))
    return { regular: await load('regular'), bold: await load('bold'), italic: await load('italic') }
  })()
  return read
}

/** `23 tháng 11 năm 2026` */
const longDate = (instant: Date): string => {
  const [year, month, day] = localDateOf(instant).split('-')
  return `${day} tháng ${month} năm ${year}`
}

/** `08 giờ 05 phút, ngày 23 tháng 11 năm 2026` */
const longInstant = (text: string): string => {
  const instant = new Date(text)
  const [hours, minutes] = describeInstant(instant).split(':')
  return `${hours} giờ ${minutes} phút, ngày ${longDate(instant)}`
}

export const writeLetterPdf = async (letter: LetterRow & { readonly content: LetterContent }): Promise<Buffer> => {
  const { content, issuedAt } = letter
  // Loaded with the first letter: with its fonts and their compression it was a sixth of what a program loads at its start.
  const [fonts, { default: PDFDocument }] = await Promise.all([readFonts(), import('pdfkit')])
  const title = 'PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ'
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: TOP, right: RIGHT, bottom: BOTTOM, left: LEFT },
    lang: 'vi-VN',
    displayTitle: true,
    info: { Title: `${title} - ${content.dossierCode}`, CreationDate: issuedAt },
  })
  for (const [name, bytes] of Object.entries(fonts)) pdf.registerFont(name, bytes)
  const bytes = buffer(pdf)
  const width = pdf.page.width - LEFT - RIGHT
  /** The motto of the State stands in one line. */
  const columns = [
    { x: LEFT, width: width * 0.4 },
    { x: LEFT + width * 0.43, width: width * 0.57 },
  ] as const
  const write = (
    text: string,
    { font = 'regular', size = SIZE, align = 'left' }: { font?: FontName; size?: number; align?: 'left' | 'center' | 'justify' } = {},
  ) => pdf.font(font).fontSize(size).text(text, LEFT, pdf.y, { width, align, paragraphGap: GAP, lineGap: 2 })

  /** Text of one side of the page, centred; gives where it ends. */
  const half = (side: 0 | 1, y: number, lines: readonly (readonly [text: string, font: FontName, size: number])[]): number => {
    pdf.y = y
    for (const [text, font, size] of lines)
      pdf.font(font).fontSize(size).text(text, columns[side].x, pdf.y, { width: columns[side].width, align: 'center', lineGap: 1 })
    return pdf.y
  }

  const left = half(0, TOP, [
    ...(content.parentAgency ? [[content.parentAgency.toUpperCase(), 'regular', 12] as const] : []),
    [content.agency.toUpperCase(), 'regular', 12],
    ['BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ', 'bold', 12],
    [`Số: ${letterNumber(letter, content.symbol)}`, 'regular', SIZE],
  ])
  const right = half(1, TOP, [
    ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'bold', 12],
    ['Độc lập - Tự do - Hạnh phúc', 'bold', SIZE],
    [`${content.place}, ngày ${longDate(issuedAt)}`, 'italic', SIZE],
  ])
  pdf.y = Math.max(left, right) + 24
  write(title, { font: 'bold', size: 14, align: 'center' })
  pdf.moveDown(0.6)
  write(`Kính gửi: ${content.applicantName}`, { font: 'bold', align: 'center' })
  if (content.applicantAddress) write(`Địa chỉ: ${content.applicantAddress}`, { align: 'center' })
  pdf.moveDown(0.4)

  const paragraphs = [
    `Ngày ${longDate(new Date(content.receivedAt))}, ${content.agency} tiếp nhận giải quyết hồ sơ đề nghị: ${content.procedureName}.`,
    `Mã số hồ sơ: ${content.dossierCode}.`,
    `Thời gian hẹn trả kết quả giải quyết hồ sơ: ${longInstant(content.dueAt)}.`,
    issuedAt > new Date(content.dueAt)
      ? `Tuy nhiên, đến nay ${content.agency} chưa trả kết quả giải quyết hồ sơ của ông (bà), tổ chức theo đúng thời hạn đã hẹn.`
      : `Tuy nhiên, ${content.agency} không thể trả kết quả giải quyết hồ sơ của ông (bà), tổ chức theo đúng thời hạn đã hẹn.`,
    `Lý do: ${content.reason}`,
    `${content.agency} xin lỗi ông (bà), tổ chức về sự chậm trễ này và hẹn lại thời gian trả kết quả: ${longInstant(content.newDueAt)}.`,
    'Mong ông (bà), tổ chức thông cảm. Trân trọng cảm ơn./.',
  ]
  for (const [index, text] of paragraphs.entries()) write(text, { align: 'justify', font: index === 5 ? 'bold' : 'regular' })

  pdf.moveDown(0.8)
  if (pdf.y + SIGNING > pdf.page.height - BOTTOM) pdf.addPage()
  const signing = pdf.y
  half(0, signing, [
    ['Người nhận phiếu', 'bold', SIZE],
    ['(Ký, ghi rõ họ tên)', 'italic', 12],
  ])
  half(1, signing, [
    ['Người lập phiếu', 'bold', SIZE],
    ['(Ký, ghi rõ họ tên)', 'italic', 12],
    ['\n\n', 'regular', SIZE],
    [content.signedBy, 'bold', SIZE],
  ])
  pdf.end()
  return bytes
}
