import { describe, expect, it } from '@jest/globals'
import { type AuditAsked, exportAddress, readAsked, toAuditFilter, writeAsked } from '../../../src/console/audit/audit-address.js'
import { leftOutOf } from '../../../src/console/data/conditions-address.js'

const full: AuditAsked = {
  actor: 'vanhanh.01',
  code: 'H58.22-260302-0001',
  transfer: '0198c000-0000-7000-8000-000000000000',
  plan: '0198c000-0000-7000-8000-000000000001',
  cause: '0198c000-0000-7000-8000-000000000002',
  text: 'bảo trì',
  system: 'PORTAL',
  from: '2026-03-01',
  to: '2026-03-31',
  act: ['REPLAY', 'PAUSE'],
}

describe('the address of the audit', () => {
  it('says the whole filter and gives it back', () => {
    expect(readAsked(new URLSearchParams(writeAsked(full)))).toEqual(full)
    expect(writeAsked({ act: [] })).toBe('')
  })

  it('leaves out what it does not know and what is no day', () => {
    expect(readAsked(new URLSearchParams('system=MARS&from=yesterday&act=replay;x&actor=%20'))).toEqual({ act: [] })
  })

  it('names what is not asked: the list is then more than was meant', () => {
    const asked = new URLSearchParams('system=MARS&from=yesterday&act=REPLAY,replay;x&code=H58.22-260302-0001&nonsense=1')
    expect(leftOutOf(asked, writeAsked(readAsked(asked)))).toEqual(['system', 'from', 'act', 'nonsense'])
    expect(leftOutOf(new URLSearchParams(writeAsked(full)), writeAsked(full))).toEqual([])
  })

  it('asks for the file under the names that the export reads, each act by itself and the plus of the zone escaped', () => {
    const address = new URL(exportAddress(toAuditFilter(full)), 'http://gateway')
    expect(address.pathname).toBe('/export/audit.csv')
    expect(address.searchParams.getAll('acts')).toEqual(['REPLAY', 'PAUSE'])
    expect(address.searchParams.get('from')).toBe('2026-03-01T00:00:00+07:00')
    expect([...new Set(address.searchParams.keys())].sort()).toEqual([
      'actor',
      'acts',
      'causeId',
      'dossierCode',
      'from',
      'planId',
      'systemId',
      'text',
      'to',
      'transferId',
    ])
  })
})
