import { expect, test } from '@jest/globals'
import { Codes } from '../../../adapters/vilis/codes.js'
import { readGroups, readRecords } from '../../../adapters/vilis/comparison-rows.js'
import { mappings } from './fixtures.js'

const ZONES = { LOCAL: 'Asia/Ho_Chi_Minh', CALLBACK: 'UTC' }

/** Their 8228594 was ours 28594 from 1 July 2025 on; their 777 began to stand for two of ours on one day. */
const codes = new Codes(
  mappings([
    ['COMMUNE', '28594@2025-07-01', '8228594'],
    ['COMMUNE', '28600@2000-01-01', '8228594'],
    ['COMMUNE', '28601@2025-07-01', '777'],
    ['COMMUNE', '28602@2025-07-01', '777'],
  ]),
)

const MABAM = 'a'.repeat(64)
const group = (XaId: string, NgayTiepNhan: string) => ({ XaId, NgayTiepNhan, SoLuong: '7', MaBam: MABAM })

test('a group under a commune without a mapping on its day has no place among ours, and keeps its name over there', async () => {
  const { values, unreadable } = await readGroups(
    [group('8228594', '2026-01-05'), group('99', '2026-01-05'), group('777', '2025-06-30')],
    codes,
  )
  expect(unreadable).toEqual([])
  expect(values.map(({ theirCommune, communeCode }) => [theirCommune, communeCode])).toEqual([
    ['8228594', '28594'],
    ['99', undefined],
    ['777', undefined],
  ])
})

test('of two mappings the later one counts, and which of two communes of one day it is nobody guesses', async () => {
  const record = (SoBienNhan: string, XaId: string) => ({
    SoBienNhan,
    XaId,
    NgayTiepNhan: '2026-01-05T08:00:00',
    NgayHenTra: '2026-01-15T08:00:00',
    TrangThai: '4',
    ThuaDat: [],
    GiayTo: [],
    KhoanThue: [],
  })
  const { values, unreadable } = await readRecords([record('A', '8228594'), record('B', '777'), record('C', '99')], codes, ZONES)
  expect(unreadable).toEqual([])
  expect(values.map(({ dossierCode, communeCode }) => [dossierCode, communeCode])).toEqual([
    ['A', '28594'],
    ['B', ''],
    ['C', ''],
  ])
})
