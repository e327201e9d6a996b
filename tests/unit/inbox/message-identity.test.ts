import { expect, test } from '@jest/globals'
import { digestOf } from '../../../src/model/digest.js'
import { type InboundMessage, readForeignCode, saidOf } from '../../../src/model/inbound.js'
import { orderedId } from '../../../src/platform/ordered-id.js'

const step = (officer: string, more: object = {}): Pick<InboundMessage, 'source' | 'dossierCode' | 'payload'> => ({
  source: 'VILIS',
  dossierCode: 'H58.22-260316-0001',
  payload: { kind: 'STATUS_REPORTED', status: 'IN_PROGRESS', officer, note: 'Thẩm định', documents: [] },
  ...more,
})
const digest = (message: Parameters<typeof saidOf>[0]): string => digestOf(saidOf(message))

const dossier = (procedureCode: string, summary = 'Cấp đổi') => ({
  source: 'VILIS' as const,
  dossierCode: 'H58.22-260316-0001',
  payload: {
    kind: 'DOSSIER' as const,
    dossier: {
      code: 'H58.22-260316-0001',
      version: 1,
      procedureCode,
      receivingUnit: { code: procedureCode.startsWith('VILIS') ? 'VILIS:1' : '28594' },
      channel: 'DIRECT' as const,
      applicant: { kind: 'CITIZEN' as const, fullName: 'A' },
      summary,
      receivedAt: '2026-03-16T01:00:00.000Z',
      dueAt: '2026-03-25T01:00:00.000Z',
      receivedBy: 'x',
      parcels: [{ mapSheetNumber: '1', parcelNumber: '2', unit: { code: procedureCode.startsWith('VILIS') ? 'VILIS:1' : '28594' } }],
      certificates: [],
      documents: [],
    },
  },
})

test('a mapping that was loaded in between does not make what ViLIS said another content', () => {
  expect(digest(step('vp.thuly1'))).toBe(digest(step('mc.28594.1')))
  expect(digest(dossier('VILIS:QT-07'))).toBe(digest(dossier('1.012783')))
})

test('another content, another dossier, and codes of a system that speaks ours do count', () => {
  expect(digest(dossier('1.012783', 'khác'))).not.toBe(digest(dossier('1.012783')))
  expect(digest(step('a', { dossierCode: 'H58.22-260316-0002' }))).not.toBe(digest(step('a')))
  expect(digest({ ...dossier('1.012783'), source: 'ONE_STOP' })).not.toBe(digest({ ...dossier('1.012784'), source: 'ONE_STOP' }))
})

test('a foreign code is known by the name of its system', () => {
  expect(readForeignCode('VILIS:QT:07')).toEqual({ systemId: 'VILIS', code: 'QT:07' })
  for (const text of ['28594', '1.012783', 'KHAC:1', 'vilis:1']) expect(readForeignCode(text)).toBeUndefined()
})

test('ids sort in the order in which they were made, ten thousand of them in the same milliseconds', () => {
  const ids = Array.from({ length: 10_000 }, orderedId)
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids.slice(0, 50)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
