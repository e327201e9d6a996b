import { describe, expect, it } from '@jest/globals'
import { maskAddress, maskEmail, maskName, maskNumber, maskPerson, maskText } from '../../../src/access/masking.js'

describe('masking', () => {
  it('keeps the first letter of each word of a name, whole letters of Vietnamese too', () => {
    expect(maskName('Đặng Thị  Ánh')).toBe('Đ*** T*** Á***')
  })

  it('keeps the last three characters of a number and nothing of a short one', () => {
    expect(maskNumber('082190001234')).toBe('*********234')
    expect(maskNumber('123')).toBe('***')
  })

  it('keeps of an address what follows the last comma', () => {
    expect(maskAddress('Số 5, ấp Mẫu, Xã An Thạnh Thủy')).toBe('***, Xã An Thạnh Thủy')
    expect(maskAddress('Số 5 ấp Mẫu')).toBe('***')
  })

  it('keeps the first letter of an e-mail address', () => {
    expect(maskEmail('mau@vi-du.vn')).toBe('m***@***')
  })

  it('finds a name in free text in either normal form, whatever its case and spacing, and long numbers', () => {
    const text = 'Hồ sơ của ông TRẦN  văn Mẫu, CCCD 082190001234, tờ 12 thửa 345'
    const masked = 'Hồ sơ của ông T*** V*** M***, CCCD *********234, tờ 12 thửa 345'
    expect(maskText(text, ['Trần Văn Mẫu'])).toBe(masked)
    expect(maskText(text.normalize('NFD'), ['Trần Văn Mẫu'.normalize('NFD')])).toBe(masked)
  })

  it('finds a name without diacritics, as names of files have it, and not inside of another word', () => {
    expect(maskText('CCCD_Tran-Van_Mau.pdf, TRANVANMAU', ['Trần Văn Mẫu'])).toBe('CCCD_T*** V*** M***.pdf, T*** V*** M***')
    expect(maskText('Anh An đang làm đơn', ['An'])).toBe('Anh A*** đang làm đơn')
  })

  it('finds numbers in groups, mail, and whom a text addresses by name; codes, days and places stay', () => {
    expect(maskText('Gọi 0912 345 678 hoặc +84.912.345.678, CCCD 082 199 000 123', [])).toBe(
      'Gọi *********678 hoặc ************678, CCCD ************123',
    )
    expect(maskText('Thư: le.mau@vi-du.vn', [])).toBe('Thư: l***@***')
    expect(maskText('Ông Lê Mẫu và bà Đặng Thị Ánh ở Bà Rịa', [])).toBe('Ông L*** M*** và bà Đ*** T*** Á*** ở Bà Rịa')
    const plain = 'Hồ sơ H58.22-260302-0001, 000.00.22.H58-260315-0001, ngày 02-03-2026 08:00, mã 1.012783'
    expect(maskText(plain, [])).toBe(plain)
  })

  it('finds whom a text names by a surname, without ông or bà, in capitals and after another; what only begins like one stays', () => {
    expect(maskText('Thế chấp của Nguyễn Văn An và hộ Lê Văn Tám tại Agribank', [])).toBe(
      'Thế chấp của N*** V*** A*** và hộ L*** V*** T*** tại Agribank',
    )
    expect(maskText('NGUYỄN VĂN AN - LÊ THỊ B; ông Đỗ X và vợ Phan Thị Y', [])).toBe(
      'N*** V*** A*** - L*** T*** B***; ông Đ*** X*** và vợ P*** T*** Y***',
    )
    expect(maskText('Chuyển cho Thạch Thị Sa, tệp Nguyen Van An.pdf', [])).toBe('Chuyển cho T*** T*** S***, tệp N*** V*** A***.pdf')
    const places = 'xã Lương Hòa Lạc, TP. Hồ Chí Minh, đường Lê Lợi, Sở Văn Hóa'
    expect(maskText(places, [])).toBe(places)
    expect(maskText('Xã Lương Hòa Lạc của Lương Hòa Lạc', [])).toBe('Xã Lương Hòa Lạc của L*** H*** L***')
    expect(maskText('TĂNG DIỆN TÍCH, ĐOÀN KIỂM TRA, 50 TRIỆU ĐỒNG, TỐNG ĐẠT', [])).toBe(
      'TĂNG DIỆN TÍCH, ĐOÀN KIỂM TRA, 50 TRIỆU ĐỒNG, TỐNG ĐẠT',
    )
    const plain = 'HỒ SƠ thiếu LÝ DO, Hồ sơ ngoài PHẠM VI; Lê là họ. Công văn số 5 ĐÀO TẠO, UBND Xã An Thạnh Thủy, Thị xã Gò Công, Đoàn Hội'
    expect(maskText(plain, [])).toBe(plain)
  })

  it('finds a surname before a word that is only beside another surname no name, any surname around Văn or Thị in capitals, and names of files', () => {
    expect(maskText('Hộ Nguyễn Khoa Điềm, Lê Vi Anh và Trần Hội An', [])).toBe('Hộ N*** K*** Đ***, L*** V*** A*** và T*** H*** A***')
    expect(maskText('ĐẤT CỦA HỘ LÂM THỊ HOA, MAI VĂN HÙNG', [])).toBe('ĐẤT CỦA HỘ L*** T*** H***, M*** V*** H***')
    expect(maskText('HỘ BÀ MAI THỊ THƯ, LÂM THỊ HÓA', [])).toBe('HỘ BÀ M*** T*** T***, L*** T*** H***')
    expect(maskText('don_Nguyễn_Văn_An.pdf, CCCD-Tran-Van-Mau.pdf', [])).toBe('don_N***.pdf, CCCD-T***.pdf')
    expect(maskText('Nguyen.Van.Mau.pdf, don__Trần__Thị__Mẫu.pdf', [])).toBe('N***.pdf, don__T***.pdf')
    const plain =
      'CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ, THEO CÔNG VĂN SỐ NĂM, CĂN CỨ VĂN BẢN SỐ 5, UBND THỊ TRẤN CHỢ GẠO, KHU ĐÔ THỊ MỚI, SỞ VĂN HÓA'
    expect(maskText(plain, [])).toBe(plain)
  })

  it('reads a long text without an address once, not from each of its letters again', () => {
    // That would be the work of half an hour.
    const long = 'a.'.repeat(500_000)
    expect(maskText(`${long} le.mau@vi-du.vn`, [])).toBe(`${long} l***@***`)
  })

  it('reads a name as text, not as a pattern', () => {
    expect(maskText('Công ty A.B (Mẫu) và AxB', ['A.B (Mẫu)'])).toBe('Công ty A*** (*** và AxB')
  })

  it('leaves what is not there not there', () => {
    const person = { kind: 'CITIZEN', fullName: 'Lê Mẫu', idNumber: null, phone: null, email: null, address: null }
    expect(maskPerson(person)).toEqual({ ...person, fullName: 'L*** M***' })
  })
})
