import { describe, expect, test } from '@jest/globals'
import { communesOn } from '../../../adapters/one-stop/sandbox/communes.js'
import { createDesk } from '../../../adapters/one-stop/sandbox/desk.js'
import { bytesOf } from '../../../adapters/one-stop/sandbox/files.js'
import { makeDossier } from '../../../adapters/one-stop/sandbox/make-dossier.js'
import { canonicalSerial, isDossierCode, isProcedureCode } from '../../../src/model/dossier-code.js'

const dossiers = Array.from({ length: 60 }, (_none, taken) => makeDossier({ ...createDesk(), taken }, '2026-03-16T02:00:00.000Z'))

describe('a dossier of the sandbox', () => {
  test('has codes and serials that the gateway takes', () => {
    for (const dossier of dossiers) {
      expect(isDossierCode(dossier.code)).toBe(true)
      expect(isProcedureCode(dossier.procedureCode)).toBe(true)
      expect(dossier.certificates.map(({ serial }) => canonicalSerial(serial))).not.toContain(null)
    }
  })

  test('is of nobody: ID numbers of a province that does not exist', () => {
    for (const { applicant } of dossiers) expect(applicant.idNumber).toMatch(/^000\d{9}$/)
  })

  test('is taken by communes all over the district, in its units of the day', () => {
    expect(communesOn('2025-06-30')).toHaveLength(19)
    expect(communesOn('2025-07-01')).toHaveLength(6)
    expect(new Set(dossiers.map(({ unitCode }) => unitCode)).size).toBe(6)
    const before = Array.from(
      { length: 200 },
      (_none, taken) => makeDossier({ ...createDesk(), taken }, '2025-06-30T02:00:00.000Z').unitCode,
    )
    expect(new Set(before).size).toBe(19)
    expect(communesOn('2025-06-30').find(({ code }) => code === '28633')?.name).toBe('Xã Bình Phan')
    expect(communesOn('2025-07-01').find(({ code }) => code === '28633')?.name).toBe('Xã An Thạnh Thủy')
  })

  test('brings papers that are PDF files, each with bytes of its own', () => {
    const desk = createDesk()
    desk.serials.set('H58.22-260316', 1)
    const papers = [...(dossiers[0]?.files ?? []), ...makeDossier(desk, '2026-03-16T02:00:00.000Z').files]
    expect(papers.length).toBeGreaterThan(1)
    expect(new Set(papers.map(({ base64 }) => base64)).size).toBe(papers.length)
    for (const paper of papers) expect(bytesOf(paper).toString('latin1')).toMatch(/^%PDF-1\.4\n[\s\S]*%%EOF\n$/)
  })

  test('is numbered per agency and day', () => {
    const desk = createDesk()
    desk.serials.set('H58.22-260316', 41)
    expect(makeDossier(desk, '2026-03-16T02:00:00.000Z').code).toBe('H58.22-260316-0042')
    expect(makeDossier(desk, '2026-03-16T18:00:00.000Z').code).toBe('H58.22-260317-0001')
  })
})
