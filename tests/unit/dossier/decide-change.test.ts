import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decideChange } from '../../../src/dossier/decide-change.js'
import { DOSSIER_STATUSES, type DossierStatus, isLegalStatusMove } from '../../../src/model/dossier-status.js'
import type { InboundPayload } from '../../../src/model/inbound.js'
import { snapshot } from './snapshot.js'

type Report = Exclude<InboundPayload, { kind: 'DOSSIER' }>

const EARLIER = '2026-03-18T01:00:00.000Z'
const NOON = '2026-03-18T05:00:00.000Z'
const told = { source: 'VILIS', eventAt: NOON } as const
const DUE = '2026-04-30T10:00:00.000Z'

const report = (status: DossierStatus, dueAt?: string): Report => ({
  kind: 'STATUS_REPORTED',
  status,
  note: 'bước',
  documents: [],
  ...(dueAt === undefined ? {} : { dueAt }),
})
const notices: Report = { kind: 'TAX_NOTICES', note: '', notices: [{ noticeNumber: 'TB-1', taxKind: 'LPTB', payerName: 'A' }] }
const supplement = (more: object = {}): Report => ({ kind: 'SUPPLEMENT_HANDED_IN', note: '', documents: [], ...more })
const issued = (status: 'COMPLETED' | 'STOPPED' | 'WITHDRAWN_BY_APPLICANT'): Report => ({
  kind: 'RESULT_ISSUED',
  status,
  note: '',
  documents: [],
})
const returned: Report = { kind: 'RESULT_RETURNED', method: 'POST', note: '' }
const withdrawn: Report = { kind: 'WITHDRAWN', reason: 'Đổi ý' }

describe('a report of the status', () => {
  test('that moves it is told as a change, with the due date as part of it', () => {
    expect(decideChange(snapshot(), report('SUPPLEMENT_REQUIRED'), told)).toMatchObject({
      kind: 'CHANGE',
      change: { events: ['STATUS_CHANGED'], status: 'SUPPLEMENT_REQUIRED', dueAt: undefined },
    })
    expect(decideChange(snapshot({ status: 'SUPPLEMENT_REQUIRED' }), report('IN_PROGRESS', DUE), told)).toMatchObject({
      kind: 'CHANGE',
      change: { events: ['STATUS_CHANGED', 'DUE_DATE_CHANGED'], status: 'IN_PROGRESS', dueAt: DUE },
    })
  })

  test('that leaves it is a step, and one with the known due date changes no due date', () => {
    expect(decideChange(snapshot(), report('IN_PROGRESS', snapshot().content.dueAt), told)).toMatchObject({
      kind: 'CHANGE',
      change: { events: ['STEP_REPORTED'] },
    })
  })

  test('that may still become legal is early, one that cannot is illegal', () => {
    expect(decideChange(snapshot({ status: 'SUBMITTED' }), report('SUPPLEMENT_REQUIRED'), told)).toMatchObject({ kind: 'EARLY' })
    expect(decideChange(snapshot({ status: 'COMPLETED' }), report('IN_PROGRESS'), told)).toMatchObject({ kind: 'ILLEGAL' })
    expect(decideChange(snapshot({ status: 'RESULT_RETURNED' }), report('IN_PROGRESS'), told)).toMatchObject({ kind: 'ILLEGAL' })
  })
})

describe('what comes late', () => {
  const late = { source: 'VILIS', eventAt: EARLIER } as const
  const after = snapshot({ lastAppliedAt: { VILIS: NOON } })

  test('is not applied when it tells how things stood', () => {
    expect(decideChange(after, report('SUPPLEMENT_REQUIRED'), late)).toMatchObject({ kind: 'LATE', reason: expect.stringContaining(NOON) })
    expect(decideChange(after, issued('COMPLETED'), late)).toMatchObject({ kind: 'LATE' })
  })

  test('is the result of a dossier whose end alone was known: its papers are taken, once', () => {
    const ended = { ...after, status: 'COMPLETED' } as const
    expect(decideChange(ended, issued('COMPLETED'), late)).toEqual({
      kind: 'CHANGE',
      change: { events: ['RESULT_ISSUED'], note: '', finishedAt: EARLIER, documents: { role: 'RESULT', items: [] } },
    })
    expect(decideChange({ ...ended, finishedAt: EARLIER }, issued('COMPLETED'), late)).toMatchObject({ kind: 'LATE' })
    expect(decideChange({ ...ended, status: 'STOPPED' }, issued('COMPLETED'), told)).toMatchObject({ kind: 'ILLEGAL' })
  })

  test('is judged by the times of its own system, and what happened at the same instant is not late', () => {
    expect(decideChange(after, report('SUPPLEMENT_REQUIRED'), { source: 'ONE_STOP', eventAt: EARLIER })).toMatchObject({ kind: 'CHANGE' })
    expect(decideChange(after, report('SUPPLEMENT_REQUIRED'), told)).toMatchObject({ kind: 'CHANGE' })
  })

  test('changes the due date alone, unless a later event has set it or the dossier has ended', () => {
    expect(decideChange(after, report('SUPPLEMENT_REQUIRED', DUE), late)).toEqual({
      kind: 'CHANGE',
      change: { events: ['DUE_DATE_CHANGED'], dueAt: DUE, note: expect.stringContaining('Đến muộn') },
    })
    expect(decideChange({ ...after, dueChangedAt: NOON }, report('IN_PROGRESS', DUE), late)).toMatchObject({ kind: 'LATE' })
    expect(decideChange({ ...after, status: 'COMPLETED' }, report('IN_PROGRESS', DUE), late)).toMatchObject({ kind: 'LATE' })
  })

  test('is done all the same when it tells what somebody did', () => {
    expect(decideChange(after, notices, late)).toMatchObject({
      kind: 'CHANGE',
      change: { events: ['TAX_NOTICES_ISSUED'], status: undefined },
    })
    const desk = snapshot({ lastAppliedAt: { ONE_STOP: NOON } })
    const deskLate = { source: 'ONE_STOP', eventAt: EARLIER } as const
    expect(decideChange(desk, supplement(), deskLate)).toMatchObject({ kind: 'CHANGE' })
    expect(decideChange(desk, withdrawn, deskLate)).toMatchObject({ kind: 'CHANGE' })
    expect(decideChange({ ...desk, status: 'COMPLETED' }, returned, deskLate)).toMatchObject({ kind: 'CHANGE' })
  })
})

describe('tax notices', () => {
  test('make the dossier wait for the payment where it may, and say so once', () => {
    expect(decideChange(snapshot(), notices, told)).toMatchObject({
      kind: 'CHANGE',
      change: { events: ['TAX_NOTICES_ISSUED', 'STATUS_CHANGED'], status: 'FINANCIAL_OBLIGATION_REQUIRED' },
    })
    for (const status of ['FINANCIAL_OBLIGATION_REQUIRED', 'COMPLETED', 'SUBMITTED'] as const)
      expect(decideChange(snapshot({ status }), notices, told)).toMatchObject({
        kind: 'CHANGE',
        change: { events: ['TAX_NOTICES_ISSUED'], status: undefined },
      })
  })
})

describe('a supplement', () => {
  test('is counted on, once for its number, and refused by a dossier that has ended', () => {
    expect(decideChange(snapshot({ supplementCount: 1 }), supplement(), told)).toMatchObject({
      kind: 'CHANGE',
      change: { supplementNo: 2 },
    })
    const once = snapshot({ supplementCount: 1, supplementNumbers: [1] })
    expect(decideChange(once, supplement({ supplementNo: 1 }), told)).toMatchObject({ kind: 'NO_CHANGE' })
    expect(decideChange(snapshot({ status: 'STOPPED' }), supplement(), told)).toMatchObject({ kind: 'ILLEGAL' })
  })

  test('told again under its number is a conflict when it reads otherwise, by whomever, and also of a dossier that has ended', () => {
    const paper = { name: 'Giấy', fileName: 'a.pdf', mediaType: 'application/pdf', sha256: 'ab', sizeBytes: 1, originals: 1, copies: 0 }
    const before = { source: 'GATEWAY', fact: supplement({ note: 'Bổ sung', documents: [paper], newDueAt: DUE }) } as const
    const again = (more: object, status: DossierStatus = 'IN_PROGRESS') =>
      decideChange(
        snapshot({ status, supplementCount: 1, supplementNumbers: [1] }),
        supplement({ supplementNo: 1, note: 'Bổ sung', documents: [paper], ...more }),
        { ...told, source: 'ONE_STOP', before: before as never },
      )
    for (const other of [{ note: 'Khác' }, { documents: [] }, { documents: [{ ...paper, sha256: 'cd' }] }, { newDueAt: NOON }])
      expect(again(other)).toEqual({ kind: 'CONFLICT', reason: 'Đã nhận bổ sung lần 1, với nội dung khác.' })
    for (const same of [{}, { note: ' Bổ  sung\r\n' }, { newDueAt: DUE.replace('.000', '.123') }])
      expect(again(same)).toMatchObject({ kind: 'NO_CHANGE' })
    expect(again({ note: 'Khác' }, 'COMPLETED')).toMatchObject({ kind: 'CONFLICT' })
    expect(again({}, 'COMPLETED')).toMatchObject({ kind: 'NO_CHANGE' })
  })

  test('told after one of a higher number is taken under its own number, once', () => {
    const third = snapshot({ supplementCount: 3, supplementNumbers: [1, 3] })
    expect(decideChange(third, supplement({ supplementNo: 2 }), told)).toMatchObject({ kind: 'CHANGE', change: { supplementNo: 2 } })
    expect(decideChange(third, supplement({ supplementNo: 3 }), told)).toMatchObject({ kind: 'NO_CHANGE' })
    expect(decideChange(third, supplement(), told)).toMatchObject({ change: { supplementNo: 4 } })
  })

  test.each(['dueChangedAt', 'dueProposedAt'] as const)(
    'neither sets nor proposes a due date that a later one has replaced (%s)',
    (known) => {
      const at = (ms: number): string => new Date(Date.parse(told.eventAt) + ms).toISOString()
      for (const registryHolds of [true, false]) {
        expect(decideChange(snapshot({ registryHolds, [known]: at(1) }), supplement({ newDueAt: DUE }), told)).toMatchObject({
          change: { events: ['SUPPLEMENT_HANDED_IN'], dueAt: undefined, proposedDueAt: undefined },
        })
        expect(decideChange(snapshot({ registryHolds, [known]: at(0) }), supplement({ newDueAt: DUE }), told)).toMatchObject({
          change: { proposedDueAt: DUE },
        })
      }
    },
  )

  test('sets the due date while the registry has not got the dossier, and only proposes it afterwards', () => {
    expect(decideChange(snapshot(), supplement({ newDueAt: DUE }), told)).toMatchObject({
      change: { events: ['SUPPLEMENT_HANDED_IN', 'DUE_DATE_CHANGED'], dueAt: DUE, proposedDueAt: DUE },
    })
    expect(decideChange(snapshot({ registryHolds: true }), supplement({ newDueAt: DUE }), told)).toMatchObject({
      change: { events: ['SUPPLEMENT_HANDED_IN'], dueAt: undefined, proposedDueAt: DUE },
    })
  })
})

describe('endings', () => {
  test('carry their time, method and files', () => {
    expect(decideChange(snapshot(), issued('COMPLETED'), told)).toMatchObject({
      kind: 'CHANGE',
      change: { events: ['RESULT_ISSUED'], status: 'COMPLETED', finishedAt: NOON, documents: { role: 'RESULT' } },
    })
    expect(decideChange(snapshot({ status: 'COMPLETED' }), returned, told)).toMatchObject({
      change: { events: ['RESULT_RETURNED'], status: 'RESULT_RETURNED', returnedAt: NOON, returnMethod: 'POST' },
    })
    expect(decideChange(snapshot({ status: 'STOPPED' }), returned, told)).toMatchObject({ kind: 'CHANGE' })
    expect(decideChange(snapshot(), withdrawn, told)).toMatchObject({ change: { events: ['WITHDRAWN'], status: 'WITHDRAWN_BY_APPLICANT' } })
  })

  test('told again are no change; handed out before it is finished is early; withdrawn after the end is illegal', () => {
    expect(decideChange(snapshot({ status: 'COMPLETED', finishedAt: EARLIER }), issued('COMPLETED'), told)).toMatchObject({
      kind: 'NO_CHANGE',
    })
    expect(decideChange(snapshot({ status: 'RESULT_RETURNED' }), returned, told)).toMatchObject({ kind: 'NO_CHANGE' })
    expect(decideChange(snapshot({ status: 'WITHDRAWN_BY_APPLICANT' }), issued('WITHDRAWN_BY_APPLICANT'), told)).toMatchObject({
      kind: 'NO_CHANGE',
    })
    expect(decideChange(snapshot(), returned, told)).toMatchObject({ kind: 'EARLY' })
  })

  test('told again with another content by the same system are a conflict; another system has words of its own', () => {
    const withdrawnBefore = snapshot({ status: 'WITHDRAWN_BY_APPLICANT' })
    const toldBy = (source: 'VILIS' | 'ONE_STOP') => ({ source, fact: { ...withdrawn, reason: 'Lý do khác' } as never })
    expect(decideChange(withdrawnBefore, withdrawn, { ...told, before: toldBy('VILIS') })).toMatchObject({ kind: 'CONFLICT' })
    expect(decideChange(withdrawnBefore, withdrawn, { ...told, before: toldBy('ONE_STOP') })).toMatchObject({ kind: 'NO_CHANGE' })
    const result = { ...issued('COMPLETED'), note: 'Kết quả khác' } as never
    expect(
      decideChange(snapshot({ status: 'COMPLETED', finishedAt: EARLIER }), issued('COMPLETED'), {
        ...told,
        before: { source: 'VILIS', fact: result },
      }),
    ).toMatchObject({ kind: 'CONFLICT' })
  })

  test('withdrawn after the end is illegal', () => {
    expect(decideChange(snapshot({ status: 'COMPLETED' }), withdrawn, told)).toMatchObject({ kind: 'ILLEGAL' })
  })
})

test('whatever is told in whatever order, the status moves by the table alone and every refusal says why', () => {
  const reports: Report[] = [
    ...DOSSIER_STATUSES.map(({ status }) => report(status)),
    notices,
    supplement(),
    issued('COMPLETED'),
    issued('STOPPED'),
    returned,
    withdrawn,
  ]
  fc.assert(
    fc.property(
      fc.array(fc.record({ index: fc.nat(reports.length - 1), minute: fc.integer({ min: 10, max: 59 }) }), { maxLength: 25 }),
      (steps) => {
        let dossier = snapshot({ status: 'SUBMITTED' })
        for (const { index, minute } of steps) {
          const eventAt = `2026-03-18T05:${minute}:00.000Z`
          const verdict = decideChange(dossier, reports[index] as Report, { source: 'VILIS', eventAt })
          if (verdict.kind !== 'CHANGE') {
            expect(verdict.reason).not.toBe('')
            continue
          }
          const status = verdict.change.status ?? dossier.status
          expect(isLegalStatusMove(dossier.status, status)).toBe(true)
          expect(verdict.change.events.length).toBeGreaterThan(0)
          const lastAt = dossier.lastAppliedAt.VILIS ?? ''
          dossier = { ...dossier, status, lastAppliedAt: { VILIS: eventAt > lastAt ? eventAt : lastAt } }
        }
      },
    ),
  )
})
