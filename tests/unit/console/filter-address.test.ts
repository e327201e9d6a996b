import { describe, expect, it, test } from '@jest/globals'
import { placeOfAlert } from '../../../src/console/alerts/place-of-alert.js'
import { readDiscrepancyAsked, writeDiscrepancyAsked } from '../../../src/console/discrepancies/discrepancy-address.js'
import {
  HELD_REASONS,
  type ListFilter,
  leftOut,
  MOST_PICKED,
  NO_FILTER,
  OPERATIONS,
  readFilter,
  STATES,
  SYSTEMS,
  toFilterInput,
  withoutPersons,
  writeFilter,
} from '../../../src/console/transfers/filter-address.js'
import { ALERT_RULES } from '../../../src/model/alert.js'
import { ALL_OPERATIONS, SYSTEM_IDS } from '../../../src/model/system.js'
import { HELD_REASONS as KNOWN_REASONS, TRANSFER_STATES } from '../../../src/model/transfer-state.js'

const full: ListFilter = {
  text: 'nguyễn mẫu',
  code: 'H58.22-260302-0001',
  sheet: '7',
  parcel: '12',
  cause: '0198c000-0000-7000-8000-000000000000',
  from: '2026-03-01',
  to: '2026-03-31',
  dueFrom: '2026-04-01',
  dueTo: '2026-04-02',
  risk: 'yes',
  system: ['VILIS'],
  state: ['HELD', 'REJECTED'],
  operation: ['RECEIVE'],
  held: ['MAPPING_MISSING'],
}

describe('the address of a list', () => {
  it('says the whole filter and gives it back', () => {
    expect(readFilter(new URLSearchParams(writeFilter(full)))).toEqual(full)
    expect(writeFilter(NO_FILTER)).toBe('')
    expect(readFilter(new URLSearchParams(''))).toEqual(NO_FILTER)
  })

  it('names the transfers that were picked, no more than an address holds, and none that is no id', () => {
    const id = '0198c000-0000-7000-8000-000000000001'
    const picked = { ...NO_FILTER, id: [id, id.replace('1', '2')] }
    expect(readFilter(new URLSearchParams(writeFilter(picked)))).toEqual(picked)
    expect(toFilterInput(picked)).toEqual({ ids: picked.id })
    const broken = new URLSearchParams(`id=${id},một`)
    expect(readFilter(broken)).toEqual({ ...NO_FILTER, id: [id] })
    expect(leftOut(broken)).toEqual(['id'])
    expect(leftOut(new URLSearchParams(`id=${Array.from({ length: MOST_PICKED + 1 }, () => id).join(',')}`))).toEqual(['id'])
  })

  it('names nobody where it is kept', () => {
    const kept = writeFilter(withoutPersons({ ...full, applicant: 'Trần Thị Mẫu' }))
    expect(readFilter(new URLSearchParams(kept))).toEqual({ ...full, text: undefined })
    expect(kept).not.toMatch(/text|applicant/)
  })

  it('leaves out what it does not know and what is no day', () => {
    const read = readFilter(new URLSearchParams('state=HELD,NONSENSE&risk=perhaps&from=yesterday&to=2026-13-45&code=%20&unknown=1'))
    expect(read).toEqual({ ...NO_FILTER, state: ['HELD'] })
  })
})

describe('what is left out of an address', () => {
  it.each([
    ['state=REJECTD&system=VILIS', ['state']],
    ['state=HELD,NONSENSE', ['state']],
    ['sheet=7', ['sheet']],
    ['parcel=12&code=H58.22-260302-0001', ['parcel']],
    ['from=2026-13-45&risk=perhaps&unknown=1', ['from', 'risk', 'unknown']],
  ])('%s: %j', (address, names) => {
    expect(leftOut(new URLSearchParams(address))).toEqual(names)
  })

  it('is nothing of one that the console has written', () => {
    expect(leftOut(new URLSearchParams(writeFilter(full)))).toEqual([])
    expect(leftOut(new URLSearchParams('state=&code=%20'))).toEqual([])
  })
})

describe('what the gateway is asked', () => {
  it('takes days as those of Viet Nam, both inclusive', () => {
    expect(toFilterInput(full)).toEqual({
      text: 'nguyễn mẫu',
      dossierCode: 'H58.22-260302-0001',
      causes: ['0198c000-0000-7000-8000-000000000000'],
      parcel: { mapSheetNumber: '7', parcelNumber: '12' },
      createdFrom: '2026-03-01T00:00:00+07:00',
      createdTo: '2026-03-31T23:59:59.999+07:00',
      dueFrom: '2026-04-01T00:00:00+07:00',
      dueTo: '2026-04-02T23:59:59.999+07:00',
      atRisk: true,
      systems: ['VILIS'],
      states: ['HELD', 'REJECTED'],
      operations: ['RECEIVE'],
      heldReasons: ['MAPPING_MISSING'],
    })
  })

  it('asks for no half parcel', () => {
    expect(toFilterInput({ ...NO_FILTER, sheet: '7' })).toEqual({})
  })
})

test('the console offers every system, state, operation and reason that there is', () => {
  expect([...SYSTEMS].sort()).toEqual([...SYSTEM_IDS].sort())
  expect([...STATES].sort()).toEqual([...TRANSFER_STATES].sort())
  expect([...OPERATIONS].sort()).toEqual([...ALL_OPERATIONS].sort())
  expect([...HELD_REASONS].sort()).toEqual([...KNOWN_REASONS].sort())
})

test.each(ALERT_RULES)('the link of an alert by %s leads to a page that reads all of its address', (rule) => {
  const [page, address = ''] = placeOfAlert(rule, 'PORTAL').split('?')
  const search = new URLSearchParams(address)
  const read = {
    '/transfers': () => writeFilter(readFilter(search)),
    '/discrepancies': () => writeDiscrepancyAsked(readDiscrepancyAsked(search)),
    '/runs': () => '',
    '/systems': () => '',
  }[page ?? '']
  expect([...new URLSearchParams(read?.() ?? 'no page')].sort()).toEqual([...search].sort())
})
