import { describe, expect, test } from '@jest/globals'
import {
  daysOf,
  monthOf,
  readReportAsked,
  recordFile,
  reportFile,
  toReportFilter,
  writeReportAsked,
} from '../../../src/console/reports/report-address.js'

/** Midnight of 1 January 2027 in Viet Nam; in Greenwich it is still December. */
const NEW_YEAR = Date.parse('2026-12-31T17:00:00Z')
const read = (address: string) => readReportAsked(new URLSearchParams(address), NEW_YEAR)

describe('the address of a report', () => {
  test('without conditions asks for this year in Viet Nam, in January for the last one too, by due date with the month to come', () => {
    expect([monthOf(NEW_YEAR), monthOf(NEW_YEAR - 1)]).toEqual(['2027-01', '2026-12'])
    expect(read('')).toEqual({ from: '2026-01', to: '2027-02', basis: 'DUE', by: 'MONTH' })
    expect(read('basis=FINISHED')).toMatchObject({ from: '2026-01', to: '2027-01' })
    const november = readReportAsked(new URLSearchParams(), Date.parse('2026-11-27T10:00:00Z'))
    expect(november).toMatchObject({ from: '2026-01', to: '2026-12' })
    expect(daysOf(november)).toEqual({ first: '2026-01-01T00:00:00+07:00', last: '2026-12-31T00:00:00+07:00' })
    expect(daysOf({ ...november, to: '2028-02' }).last).toBe('2028-02-29T00:00:00+07:00')
  })

  test('comes back as it was written, and leads to the same as a file', () => {
    const asked = { from: '2026-01', to: '2026-03', basis: 'FINISHED', by: 'SYSTEM', system: 'VILIS' } as const
    expect(read(writeReportAsked(asked))).toEqual(asked)
    expect(toReportFilter(asked)).toEqual({ from: '2026-01', to: '2026-03', basis: 'FINISHED', systemId: 'VILIS' })
    expect(reportFile(asked)).toBe('/export/month-report.csv?from=2026-01&to=2026-03&basis=FINISHED&systemId=VILIS&by=SYSTEM')
    expect(recordFile(asked)).toBe('/export/process-record.csv?from=2026-01&to=2026-03')
  })

  test.each(['from=2026-13', 'from=hôm+qua&to=', 'by=NGÀY&basis=x&system=SAO_HOA'])('%s: what makes no sense is left aside', (address) => {
    expect(read(address)).toEqual(read(''))
  })

  test('months in the wrong order become one', () => {
    expect(read('from=2026-05&to=2026-03')).toMatchObject({ from: '2026-03', to: '2026-03' })
  })
})
