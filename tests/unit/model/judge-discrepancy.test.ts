import { describe, expect, test } from '@jest/globals'
import type { ComparedRecord } from '../../../src/model/compared-record.js'
import { COMPARED_FIELDS } from '../../../src/model/compared-record.js'
import type { DossierStatus } from '../../../src/model/dossier-status.js'
import { type BothSides, judgeDiscrepancies, type OurSide } from '../../../src/model/judge-discrepancy.js'
import { remainingSecondsOfRun, shareOfRun } from '../../../src/model/reconciliation-run.js'

const record = (changes: Partial<ComparedRecord> = {}): OurSide['record'] => ({
  dossierCode: 'H58.22-261122-0001',
  communeCode: '28594',
  receivedOn: '2026-11-22',
  status: 'IN_PROGRESS',
  dueAt: '2026-12-09T10:00:00.000Z',
  applicant: { name: 'Lê Thị Mẫu', idNumber: '082000000000' },
  parcels: [{ mapSheetNumber: '12', parcelNumber: '345' }],
  documents: [],
  amounts: [],
  ...(changes as Partial<OurSide['record']>),
})

const ours = (changes: Partial<OurSide> = {}): OurSide => ({
  record: record(),
  origin: 'ONE_STOP',
  registryHolds: true,
  expected: true,
  acknowledged: true,
  stale: false,
  ...changes,
})

const judge = (sides: Partial<BothSides>): string[] =>
  judgeDiscrepancies({
    system: 'VILIS',
    fields: COMPARED_FIELDS,
    theirs: [record()],
    unreadableThere: false,
    ours: ours(),
    polled: true,
    onDate: '2026-11-27',
    ...sides,
  }).map(({ class: of, fields, cause, repair }) => `${of} ${fields.map(({ field }) => field).join('+')} ${cause} ${repair}`)

describe('one side alone has it', () => {
  test.each<[string, Partial<BothSides>, string[]]>([
    ['acknowledged and not kept: sent again', { theirs: [] }, ['MISSING_THERE  ACKNOWLEDGED_NOT_KEPT THERE']],
    [
      'closed already: a person decides, for it is never registered anew',
      { theirs: [], ours: ours({ record: record({ status: 'RESULT_RETURNED' }) }) },
      ['MISSING_THERE  ACKNOWLEDGED_NOT_KEPT PERSON'],
    ],
    ['born there and gone there', { theirs: [], ours: ours({ origin: 'VILIS' }) }, ['MISSING_THERE  REMOVED_THERE PERSON']],
    [
      'a later transfer was refused: that is to be mended first',
      { theirs: [], ours: ours({ failed: { transferId: 'a', state: 'REJECTED' } }) },
      ['MISSING_THERE  TRANSFER_REFUSED PERSON'],
    ],
    [
      'taken there as a person had amended it, and gone: sent again it would be as its source says',
      { theirs: [], ours: ours({ amended: { transferId: 'a' } }) },
      ['MISSING_THERE  ACKNOWLEDGED_NOT_KEPT PERSON'],
    ],
    ['never expected there', { theirs: [], ours: ours({ expected: false }) }, []],
    ['only observed, on both sides', { ours: ours({ expected: false }) }, []],
    [
      'given up here and taken there after all',
      { ours: ours({ expected: false, failed: { transferId: 'a', state: 'ABANDONED' } }) },
      ['LATE_APPLIED  TRANSFER_GIVEN_UP PERSON'],
    ],
    ['never told to us', { ours: undefined }, ['MISSING_HERE  NEVER_TOLD REREAD']],
    ['never told, and there is no feed', { ours: undefined, polled: false }, ['MISSING_HERE  NEVER_TOLD PERSON']],
    ['told, and not applied', { ours: undefined, notApplied: { messageId: 'm' } }, ['MISSING_HERE  TOLD_NOT_APPLIED PERSON']],
    ['neither missing nor the same: it cannot be read', { theirs: [], unreadableThere: true }, []],
  ])('%s', (_, sides, expected) => {
    expect(judge(sides)).toEqual(expected)
  })
})

describe('both have it', () => {
  const with_ = (theirs: Partial<ComparedRecord>, more: Partial<BothSides> = {}): string[] => judge({ theirs: [record(theirs)], ...more })
  const ourStatus = (status: DossierStatus): Partial<BothSides> => ({ ours: ours({ record: record({ status }) }) })
  const later = { dueAt: '2026-12-12T10:00:00.000Z' }

  test('the same is no discrepancy, whatever the order of a list and the spaces of a name', () => {
    expect(with_({ applicant: { name: '  Lê  Thị Mẫu ', idNumber: '082000000000' } })).toEqual([])
  })

  test.each<[string, string[], string[]]>([
    ['the due date is theirs to decide while they hold it', with_(later), ['DIFFERS DUE_DATE NEVER_TOLD HERE']],
    ['and not when they only show it', with_(later, { system: 'PORTAL', polled: false }), ['DIFFERS DUE_DATE ACKNOWLEDGED_NOT_KEPT THERE']],
    ['a further step of theirs', with_({ status: 'SUPPLEMENT_REQUIRED' }), ['DIFFERS STATUS NEVER_TOLD HERE']],
    ['a step back is nobody’s to settle by rule', with_({ status: 'ACCEPTED' }), ['DIFFERS STATUS CHANGED_THERE_SILENTLY PERSON']],
    [
      'a mirror is told again, whatever it shows',
      with_({ status: 'ACCEPTED' }, { system: 'PORTAL', polled: false }),
      ['DIFFERS STATUS ACKNOWLEDGED_NOT_KEPT THERE'],
    ],
    [
      'the parcel is its source’s, so the desk tells it again',
      with_({ parcels: [] }, { system: 'ONE_STOP' }),
      ['DIFFERS PARCELS NEVER_TOLD REREAD'],
    ],
    ['and ViLIS is told it again', with_({ parcels: [] }), ['DIFFERS PARCELS ACKNOWLEDGED_NOT_KEPT THERE']],
    [
      'unless a person has amended what ViLIS was told: nobody takes that back by rule',
      with_({ parcels: [] }, { ours: ours({ amended: { transferId: 'a' } }) }),
      ['DIFFERS PARCELS ACKNOWLEDGED_NOT_KEPT PERSON'],
    ],
    [
      'who is right about one and wrong about the other is for a person',
      with_({ parcels: [], ...later }),
      ['DIFFERS DUE_DATE+PARCELS CHANGED_THERE_SILENTLY PERSON'],
    ],
    [
      'what has ended takes no new date',
      with_({ ...later, status: 'COMPLETED' }, ourStatus('COMPLETED')),
      ['DIFFERS DUE_DATE NEVER_TOLD PERSON'],
    ],
    ['a date that they do not tell cannot be taken', with_({ dueAt: undefined }), ['DIFFERS DUE_DATE NEVER_TOLD PERSON']],
    ['finished there and open here', with_({ status: 'COMPLETED' }), ['RESULT_NOT_RETURNED STATUS NEVER_TOLD HERE']],
    [
      'finished here and open at the desk',
      with_({ status: 'IN_PROGRESS' }, { ...ourStatus('COMPLETED'), system: 'ONE_STOP' }),
      ['RESULT_NOT_RETURNED STATUS ACKNOWLEDGED_NOT_KEPT THERE'],
    ],
    [
      'handed out, and ViLIS does not know',
      with_({ status: 'COMPLETED' }, ourStatus('RESULT_RETURNED')),
      ['DIFFERS STATUS ACKNOWLEDGED_NOT_KEPT THERE'],
    ],
    [
      'a finished one with another due date is two findings',
      with_({ status: 'COMPLETED', ...later }),
      ['RESULT_NOT_RETURNED STATUS NEVER_TOLD HERE', 'DIFFERS DUE_DATE NEVER_TOLD HERE'],
    ],
    [
      'told late and not applied',
      with_({ status: 'SUPPLEMENT_REQUIRED' }, { notApplied: { messageId: 'm', status: 'SUPPLEMENT_REQUIRED' } }),
      ['LATE_APPLIED STATUS TOLD_NOT_APPLIED PERSON'],
    ],
    [
      'an end that they have told, and that was not applied, is not called silence',
      with_({ status: 'COMPLETED' }, { notApplied: { messageId: 'm', status: 'COMPLETED' } }),
      ['RESULT_NOT_RETURNED STATUS TOLD_NOT_APPLIED HERE'],
    ],
    [
      'nor is what they go on telling of one that was stopped here',
      with_({ status: 'IN_PROGRESS' }, { ...ourStatus('STOPPED'), notApplied: { messageId: 'm', status: 'IN_PROGRESS' } }),
      ['RESULT_NOT_RETURNED STATUS TOLD_NOT_APPLIED PERSON'],
    ],
    [
      'another message that was not applied explains nothing',
      with_({ status: 'SUPPLEMENT_REQUIRED' }, { notApplied: { messageId: 'm', status: 'IN_PROGRESS' } }),
      ['DIFFERS STATUS NEVER_TOLD HERE'],
    ],
    [
      'given up: what we hold was never told',
      with_({ parcels: [] }, { ours: ours({ failed: { transferId: 'a', state: 'ABANDONED' } }) }),
      ['DIFFERS PARCELS TRANSFER_GIVEN_UP THERE'],
    ],
    [
      'refused over there: the transfer is to be mended',
      with_({ parcels: [] }, { ours: ours({ failed: { transferId: 'a', state: 'EXHAUSTED' } }) }),
      ['DIFFERS PARCELS TRANSFER_REFUSED PERSON'],
    ],
  ])('%s', (_, judged, expected) => {
    expect(judged).toEqual(expected)
  })

  test('a code that stands there twice is a duplicate, and is compared with the one that is most like ours', () => {
    expect(judge({ theirs: [record(later), record()] })).toEqual(['DUPLICATE_THERE  RESENT_NOT_DEDUPLICATED PERSON'])
    // Both differ in one: the same is meant, in whatever order they come.
    const two = [record(later), record({ parcels: [] })]
    expect(judge({ theirs: two })).toEqual(judge({ theirs: [...two].reverse() }))
  })

  test('only what differs in nothing can be stale', () => {
    expect(judge({ ours: ours({ stale: true }) })).toEqual(['STALE  NOBODY_MOVED_IT PERSON'])
    expect(judge({ ours: ours({ stale: true }), theirs: [record(later)] })).toEqual(['DIFFERS DUE_DATE NEVER_TOLD HERE'])
  })
})

test('a run that has compared all and waits is not called done, and gives no time that is over', () => {
  const run = { state: 'RUNNING', total: 40, elapsedS: 10 } as const
  expect([shareOfRun({ ...run, done: 10 }), remainingSecondsOfRun({ ...run, done: 10 })]).toEqual([0.25, 30])
  expect([shareOfRun({ ...run, done: 40 }), remainingSecondsOfRun({ ...run, done: 40 })]).toEqual([0.99, null])
  expect(shareOfRun({ state: 'DONE', done: 40, total: 40 })).toBe(1)
})
