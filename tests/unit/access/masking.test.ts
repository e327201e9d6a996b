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

  it('reads a name as text, not as a pattern', () => {
    expect(maskText('Công ty A.B (Mẫu) và AxB', ['A.B (Mẫu)'])).toBe('Công ty A*** (*** và AxB')
  })

  it('leaves what is not there not there', () => {
    const person = { kind: 'CITIZEN', fullName: 'Lê Mẫu', idNumber: null, phone: null, email: null, address: null }
    expect(maskPerson(person)).toEqual({ ...person, fullName: 'L*** M***' })
  })
})
