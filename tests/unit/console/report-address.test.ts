import { describe, expect, test } from '@jest/globals'
import {
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
  test('without conditions asks for half a year to the month that it is in Viet Nam', () => {
    expect([monthOf(NEW_YEAR), monthOf(NEW_YEAR - 1)]).toEqual(['2027-01', '2026-12'])
    expect(read('')).toEqual({ from: '2026-08', to: '2027-01', basis: 'DUE', by: 'MONTH' })
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
