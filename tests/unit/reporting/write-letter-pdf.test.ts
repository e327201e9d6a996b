import { describe, expect, test } from '@jest/globals'
import { extractText, getDocumentProxy } from 'unpdf'
import { writeLetterPdf } from '../../../src/reporting/write-letter-pdf.js'

const REASON = 'Việc liên thông hồ sơ giữa các hệ thống thông tin bị gián đoạn, chưa chuyển được sang phần mềm đất đai. '
const AT = new Date('2026-11-23T03:00:00Z')

const pagesOf = async (reason: string, dueAt = AT): Promise<string[]> => {
  const pdf = await writeLetterPdf({
    id: '00000000-0000-4000-8000-000000000001',
    dossierId: '00000000-0000-4000-8000-000000000002',
    year: 2026,
    number: 7,
    symbol: 'PXL',
    issuedAt: AT,
    issuedByName: 'Lê Thị Thử',
    dueAt,
    newDueAt: AT,
    reason,
    content: {
      parentAgency: 'Ủy ban nhân dân tỉnh Mẫu',
      agency: 'Ủy ban nhân dân xã Chợ Gạo',
      place: 'Chợ Gạo',
      symbol: 'PXL',
      dossierCode: 'H58.22-261123-0001',
      procedureName: 'Đăng ký biến động quyền sử dụng đất',
      applicantName: 'Nguyễn Thị Thử',
      applicantAddress: 'Ấp Thử, Xã Chợ Gạo',
      receivedAt: AT.toISOString(),
      dueAt: dueAt.toISOString(),
      newDueAt: AT.toISOString(),
      reason,
      signedBy: 'Lê Thị Thử',
    },
  })
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false })
  return text
}

describe('who gives the letter and who gets it sign on one page, however long the reason is', () => {
  test.each([20, 500, 800, 900, 1_000, 1_100, 1_200, 1_300, 1_400, 1_600, 2_000])('a reason of %i letters', async (length) => {
    const pages = await pagesOf(REASON.repeat(30).slice(0, length))
    const signing = pages.filter((page) => /Người nhận phiếu|Người lập phiếu|Lê Thị Thử/.test(page))
    expect(signing).toHaveLength(1)
    for (const words of ['Người nhận phiếu', 'Người lập phiếu', 'Lê Thị Thử']) expect(signing[0]).toContain(words)
    expect(pages.length).toBeLessThanOrEqual(2)
  })
})

test('what is not late yet is not said to be', async () => {
  const said = async (dueAt: Date) => (await pagesOf(REASON, dueAt)).join(' ').replace(/\s+/g, ' ')
  expect(await said(new Date('2026-11-20T10:00:00Z'))).toContain('chưa trả kết quả')
  expect(await said(new Date('2026-11-25T10:00:00Z'))).not.toContain('đến nay')
})
