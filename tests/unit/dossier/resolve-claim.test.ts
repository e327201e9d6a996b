import { describe, expect, test } from '@jest/globals'
import { type ReferenceData, resolveUnit } from '../../../src/dossier/reference-data.js'
import { resolveClaim } from '../../../src/dossier/resolve-claim.js'
import { WEEKDAYS_ALONE } from '../../../src/model/calendar-data.js'
import type { DossierClaim } from '../../../src/model/inbound.js'
import { buildWorkingCalendar } from '../../../src/model/working-calendar.js'

const reference: ReferenceData = {
  units: [
    { id: 1, code: '28633', name: 'Xã Bình Phan', validFrom: '2000-01-01', validTo: '2025-06-30', successorCode: '28633' },
    { id: 2, code: '28633', name: 'Xã An Thạnh Thủy', validFrom: '2025-07-01', validTo: null },
    { id: 3, code: '28594', name: 'Thị trấn Chợ Gạo', validFrom: '2000-01-01', validTo: '2025-06-30' },
    { id: 4, code: '28594', name: 'Xã Chợ Gạo', validFrom: '2025-07-01', validTo: null },
  ],
  procedures: new Map([['1.012783', { code: '1.012783', name: 'Cấp đổi', landRegistration: true }]]),
  routing: [],
  calendar: buildWorkingCalendar(WEEKDAYS_ALONE),
}

const claim = (changes: Partial<DossierClaim> = {}): DossierClaim => ({
  code: 'H58.22-260316-0001',
  version: 1,
  procedureCode: '1.012783',
  receivingUnit: { code: '28633' },
  channel: 'DIRECT',
  applicant: { kind: 'CITIZEN', fullName: 'Trần Thị Mẫu' },
  summary: '',
  receivedAt: '2026-03-16T01:00:00.000Z',
  dueAt: '2026-03-25T10:00:00.000Z',
  receivedBy: 'mc.1',
  parcels: [],
  certificates: [],
  documents: [],
  ...changes,
})

describe('a commune', () => {
  test.each([
    ['2025-06-30', 1],
    ['2025-07-01', 2],
  ])('means on %s what it meant on that day', (onDate, id) => {
    expect(resolveUnit(reference, { code: '28633' }, onDate)).toMatchObject({ kind: 'FOUND', unit: { id } })
  })

  test.each([
    ['2025-06-30T16:59:59.999Z', 'Xã Bình Phan'],
    ['2025-06-30T17:00:00.000Z', 'Xã An Thạnh Thủy'],
  ])('is read on the Vietnamese day of reception: %s is %s', (receivedAt, name) => {
    expect(resolveClaim(reference, claim({ receivedAt }))).toMatchObject({ kind: 'RESOLVED', content: { receivingUnit: { name } } })
  })

  test.each(['An Thạnh Thủy', 'xã An Thạnh Thuỷ', 'AN THẠNH THUỶ', 'An  Thạnh Thủy '.normalize('NFD')])(
    'is the same when it is written "%s"',
    (name) => {
      expect(resolveUnit(reference, { code: '28633', name }, '2026-01-01')).toMatchObject({ kind: 'FOUND' })
    },
  )

  test('with the name of another day is ambiguous, also where only the rank has changed it is not', () => {
    expect(resolveUnit(reference, { code: '28633', name: 'Bình Phan' }, '2026-01-01')).toMatchObject({
      kind: 'AMBIGUOUS',
      unit: { name: 'Xã An Thạnh Thủy' },
    })
    expect(resolveUnit(reference, { code: '28633', name: 'An Thạnh Thủy' }, '2025-01-01')).toMatchObject({ kind: 'AMBIGUOUS' })
    expect(resolveUnit(reference, { code: '28594', name: 'TT. Chợ Gạo' }, '2026-01-01')).toMatchObject({ kind: 'FOUND' })
  })

  test('may be named by its whole path, and an unmapped foreign code is none of ours', () => {
    expect(resolveUnit(reference, { code: '82.822.28594' }, '2025-01-01')).toMatchObject({ kind: 'FOUND', unit: { id: 3 } })
    expect(resolveUnit(reference, { code: 'VILIS:28594' }, '2026-01-01')).toEqual({ kind: 'UNKNOWN' })
    expect(resolveUnit(reference, { code: '28597' }, '2026-01-01')).toEqual({ kind: 'UNKNOWN' })
  })
})

describe('a commune of another time is refused with what to write instead', () => {
  const chain: ReferenceData = {
    ...reference,
    units: [
      ...reference.units,
      { id: 5, code: '28597', name: 'Xã Trung Hòa', validFrom: '2000-01-01', validTo: '2025-06-30', successorCode: '28603' },
      { id: 6, code: '28603', name: 'Xã Mỹ Tịnh An', validFrom: '2000-01-01', validTo: '2026-12-31', successorCode: '28700' },
      { id: 7, code: '28700', name: 'Phường Mẫu', validFrom: '2027-01-01', validTo: null },
    ],
  }
  const messageOf = (unit: DossierClaim['receivingUnit'], receivedAt: string): string => {
    const refusal = resolveClaim(chain, claim({ receivingUnit: unit, receivedAt, dueAt: '2030-01-01T00:00:00.000Z' }))
    return refusal.kind === 'REFUSED' ? refusal.message : ''
  }
  test.each([
    [
      { code: '28597' },
      '2026-03-16T01:00:00.000Z',
      'Không có đơn vị hành chính mã "28597" vào ngày 16/03/2026: mã này là Xã Trung Hòa đến hết ngày 30/06/2025; địa bàn đó nay thuộc Xã Mỹ Tịnh An, mã 28603.',
    ],
    [{ code: '28597' }, '2027-03-16T01:00:00.000Z', expect.stringMatching(/nay thuộc Phường Mẫu, mã 28700\.$/)],
    [{ code: '28700' }, '2026-03-16T01:00:00.000Z', expect.stringMatching(/mã này là Phường Mẫu từ ngày 01\/01\/2027\.$/)],
    [
      { code: '28633', name: 'Bình Phan' },
      '2026-03-16T01:00:00.000Z',
      'Mã "28633" vào ngày 16/03/2026 là Xã An Thạnh Thủy (từ ngày 01/07/2025), không phải "Bình Phan": mã này là Xã Bình Phan đến hết ngày 30/06/2025; địa bàn đó nay thuộc Xã An Thạnh Thủy, mã 28633.',
    ],
    [{ code: '1' }, '2026-03-16T01:00:00.000Z', 'Không có đơn vị hành chính mã "1" vào ngày 16/03/2026.'],
  ])('%j on %s', (unit, receivedAt, message) => {
    expect(messageOf(unit, receivedAt)).toEqual(message)
  })
})

test.each([
  ['code', { code: 'H58-260316-1' }, 'WRONG_DOSSIER_CODE'],
  ['code', { code: ' H58.22-260316-0001' }, 'WRONG_DOSSIER_CODE'],
  ['version', { version: 0 }, 'WRONG_VERSION'],
  ['version', { version: 1.5 }, 'WRONG_VERSION'],
  ['procedureCode', { procedureCode: '1.012783x' }, 'UNKNOWN_PROCEDURE'],
  ['procedureCode', { procedureCode: '1.999999' }, 'UNKNOWN_PROCEDURE'],
  ['procedureCode', { procedureCode: 'VILIS:QT-07' }, 'UNKNOWN_PROCEDURE'],
  ['applicant.fullName', { applicant: { kind: 'CITIZEN', fullName: ' ' } }, 'MISSING_FIELD'],
  ['dueAt', { dueAt: '2026-03-16T00:59:59.999Z' }, 'DUE_BEFORE_RECEPTION'],
  ['receivingUnit', { receivingUnit: { code: '1' } }, 'UNKNOWN_COMMUNE'],
  [
    'parcels.0.unit',
    { parcels: [{ mapSheetNumber: '1', parcelNumber: '2', unit: { code: '28633', name: 'Bình Phan' } }] },
    'AMBIGUOUS_COMMUNE',
  ],
  ['certificates.1.serialNumber', { certificates: [{ serialNumber: 'BX 123456' }, { serialNumber: '12' }] }, 'WRONG_CERTIFICATE_SERIAL'],
] as const)('a wrong %s is refused by name in a sentence: %j', (field, changes, reason) => {
  expect(resolveClaim(reference, claim(changes as Partial<DossierClaim>))).toEqual({
    kind: 'REFUSED',
    reason,
    field,
    message: expect.stringMatching(/^[A-ZĐ].*\.$/),
  })
})

test('codes are taken in each of their forms and kept in one', () => {
  const old = claim({
    code: '000.00.22.H58-260316-00001',
    procedureCode: '1.012783.000.00.00.H58',
    certificates: [{ serialNumber: 'bx 123456', registerNumber: 'CS1' }],
  })
  expect(resolveClaim(reference, old)).toMatchObject({
    kind: 'RESOLVED',
    content: { procedureCode: '1.012783', certificates: [{ serialNumber: 'BX123456', registerNumber: 'CS1' }] },
  })
})
