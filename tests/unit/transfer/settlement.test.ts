import { describe, expect, test } from '@jest/globals'
import type { InquiryStrength, NotSentCode } from '../../../src/ports/target-system.js'
import type { ClaimedTransfer } from '../../../src/transfer/claim-repository.js'
import { type SettlementRules, settlementOfAnswer, settlementOfOutcome } from '../../../src/transfer/settlement.js'

const NOW = Date.parse('2026-03-16T02:00:00.000Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE

const RULES: SettlementRules = {
  schedule: { waitsMs: [5_000, 30_000, HOUR], jitter: 0.2, retryAfterMinMs: 1_000, retryAfterMaxMs: HOUR },
  inquiryWaitMs: 7_000,
  inquiryStrength: 'KEY_AND_DIGEST',
  maxProcessingMs: 10 * MINUTE,
  random: 0.5,
}

const claim = (changes: Partial<ClaimedTransfer> = {}): ClaimedTransfer => ({
  id: 'a',
  dossierId: 'b',
  dossierCode: 'H58.22-260315-0001',
  systemId: 'VILIS',
  operation: 'WITHDRAW',
  idempotencyKey: 'H58.22-260315-0001.WITHDRAW.2',
  body: {
    operation: 'WITHDRAW',
    dossierCode: 'H58.22-260315-0001',
    dossierVersion: 2,
    at: '2026-03-15T01:00:00.000Z',
    procedureCode: '1.012783',
    reason: '',
  },
  digest: 'd',
  mode: 'LIVE',
  kind: 'SEND',
  leaseToken: '1',
  attemptNumber: 1,
  retryCount: 0,
  absentCount: 0,
  lastSendAt: new Date(NOW - HOUR),
  budgetUntil: new Date(NOW + 48 * HOUR),
  correlationId: 'c',
  lateOutcome: null,
  now: new Date(NOW),
  ...changes,
})

const COUNTS = { retryCount: 0, absentCount: 0 }
const at = (inquiryStrength: InquiryStrength): SettlementRules => ({ ...RULES, inquiryStrength })

describe('the outcome of a send', () => {
  test.each([true, false])('ACCEPTED (alreadyHad %s) is DELIVERED with their reference', (alreadyHad) => {
    expect(settlementOfOutcome(claim(), { kind: 'ACCEPTED', externalRef: 'VL-1', alreadyHad }, RULES)).toEqual({
      ...COUNTS,
      to: 'DELIVERED',
      externalRef: 'VL-1',
    })
  })

  test('REJECTED goes to a person at once, with code, reason and field, and is not retried', () => {
    const outcome = { kind: 'REJECTED', code: 'SAI_DU_LIEU', reason: 'Thiếu ngày', field: 'dossier.dueAt' } as const
    expect(settlementOfOutcome(claim(), outcome, RULES)).toEqual({
      ...COUNTS,
      to: 'REJECTED',
      lastError: 'Thiếu ngày (SAI_DU_LIEU).',
      errorField: 'dossier.dueAt',
      failure: { kind: 'REJECTED', code: 'SAI_DU_LIEU', field: 'dossier.dueAt' },
    })
  })

  test('CONFLICT is HELD with what they have', () => {
    expect(settlementOfOutcome(claim(), { kind: 'CONFLICT', code: 'OTHER_CONTENT', theirs: 'MaKiemTra x' }, RULES)).toEqual({
      ...COUNTS,
      to: 'HELD',
      heldReason: 'CONFLICT',
      lastError: 'MaKiemTra x',
      failure: { kind: 'CONFLICT', code: 'OTHER_CONTENT' },
    })
  })

  test.each<NotSentCode>(['MAPPING_MISSING', 'ATTACHMENT_MISSING', 'ATTACHMENT_TOO_LARGE', 'BODY_INVALID'])(
    'NOT_SENT for %s is HELD under that name',
    (code) => {
      expect(settlementOfOutcome(claim(), { kind: 'NOT_SENT', code, reason: 'vì sao', field: 'USER:x' }, RULES)).toEqual({
        ...COUNTS,
        to: 'HELD',
        heldReason: code,
        lastError: 'vì sao',
        errorField: 'USER:x',
        failure: { kind: 'NOT_SENT', code, field: 'USER:x' },
      })
    },
  )

  test('UNAVAILABLE waits by the schedule and counts the failure', () => {
    const settled = settlementOfOutcome(
      claim({ retryCount: 1, absentCount: 1 }),
      { kind: 'UNAVAILABLE', code: 'ECONNREFUSED', cause: 'tắt' },
      RULES,
    )
    expect(settled).toEqual({
      to: 'WAITING_RETRY',
      waitMs: 30_000,
      lastError: 'tắt',
      retryCount: 2,
      absentCount: 0,
      failure: { kind: 'UNAVAILABLE', code: 'ECONNREFUSED' },
    })
  })

  test('UNAVAILABLE with Retry-After waits as long as they ask', () => {
    expect(
      settlementOfOutcome(claim(), { kind: 'UNAVAILABLE', code: 'ECONNREFUSED', cause: '429', retryAfterMs: 90_000 }, RULES).waitMs,
    ).toBe(90_000)
  })

  test.each([
    ['would end beyond the budget: EXHAUSTED, without a next attempt', 4_999, 'EXHAUSTED', undefined],
    ['would end with the budget: one more attempt', 5_000, 'WAITING_RETRY', 5_000],
  ] as const)('UNAVAILABLE whose wait %s', (_name, leftMs, to, waitMs) => {
    const settled = settlementOfOutcome(
      claim({ budgetUntil: new Date(NOW + leftMs) }),
      { kind: 'UNAVAILABLE', code: 'ECONNREFUSED', cause: 'tắt' },
      RULES,
    )
    expect(settled).toMatchObject({ to, retryCount: 1, lastError: 'tắt' })
    expect(settled.waitMs).toBe(waitMs)
  })

  test.each(['KEY_AND_DIGEST', 'FIELDS', 'EXISTS'] as const)('INDETERMINATE is inquired first (%s)', (strength) => {
    expect(
      settlementOfOutcome(claim({ absentCount: 1 }), { kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'TIMEOUT' }, at(strength)),
    ).toEqual({
      ...COUNTS,
      to: 'INDETERMINATE',
      waitMs: 7_000,
      lastError: 'TIMEOUT',
      failure: { kind: 'INDETERMINATE', code: 'TIMEOUT' },
    })
  })

  test('INDETERMINATE where nothing can be inquired is HELD for a person', () => {
    expect(settlementOfOutcome(claim(), { kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'TIMEOUT' }, at('NONE'))).toEqual({
      ...COUNTS,
      to: 'HELD',
      heldReason: 'UNCERTAIN',
      lastError: 'TIMEOUT',
      failure: { kind: 'INDETERMINATE', code: 'TIMEOUT' },
    })
  })

  test('INDETERMINATE is never given up for its budget: whether they have it must be known', () => {
    const spent = claim({ budgetUntil: new Date(NOW - HOUR) })
    expect(settlementOfOutcome(spent, { kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'TIMEOUT' }, RULES).to).toBe('INDETERMINATE')
  })
})

describe('the answer to an inquiry', () => {
  const inquiring = (changes: Partial<ClaimedTransfer> = {}): ClaimedTransfer => claim({ kind: 'INQUIRE', ...changes })

  test.each(['LIVE', 'ADOPT'] as const)('SAME is DELIVERED (%s)', (mode) => {
    expect(settlementOfAnswer(inquiring({ mode }), { kind: 'SAME', externalRef: 'VL-2' }, RULES)).toMatchObject({
      to: 'DELIVERED',
      externalRef: 'VL-2',
    })
  })

  test.each([
    ['LIVE', 'CONFLICT', { kind: 'CONFLICT', code: 'OTHER_FIELDS', field: 'XaId' }],
    ['ADOPT', 'ADOPT_DIFFERS', { kind: 'HELD', code: 'ADOPT_DIFFERS', field: 'XaId' }],
  ] as const)('DIFFERENT is HELD (%s: %s), by the field in which it differs', (mode, heldReason, failure) => {
    const settled = settlementOfAnswer(
      inquiring({ mode }),
      { kind: 'DIFFERENT', code: 'OTHER_FIELDS', field: 'XaId', theirs: 'XaId 1' },
      RULES,
    )
    expect(settled).toMatchObject({ to: 'HELD', heldReason, lastError: 'XaId 1', errorField: 'XaId', failure })
  })

  test('ABSENT while adopting is HELD, whatever the times say: nothing is sent', () => {
    const settled = settlementOfAnswer(inquiring({ mode: 'ADOPT', absentCount: 1, lastSendAt: null }), { kind: 'ABSENT' }, RULES)
    expect(settled).toMatchObject({ to: 'HELD', heldReason: 'ADOPT_ABSENT', failure: { kind: 'HELD', code: 'ADOPT_ABSENT' } })
  })

  test.each([0, 1])('ABSENT before their declared time has passed counts for nothing (counted so far: %i)', (absentCount) => {
    const lastSendAt = new Date(NOW - 10 * MINUTE + 1)
    const settled = settlementOfAnswer(inquiring({ absentCount, lastSendAt }), { kind: 'ABSENT' }, RULES)
    expect(settled).toMatchObject({ to: 'INDETERMINATE', absentCount, waitMs: 2 })
  })

  test('the first ABSENT that counts is asked again', () => {
    const lastSendAt = new Date(NOW - 10 * MINUTE)
    const settled = settlementOfAnswer(inquiring({ lastSendAt }), { kind: 'ABSENT' }, RULES)
    expect(settled).toMatchObject({ to: 'INDETERMINATE', absentCount: 1, waitMs: 7_000 })
  })

  test.each([
    ['at once when asking took as long as its wait', 0, 10 * MINUTE, 0],
    ['by the schedule, less the time of asking', 2, 10 * MINUTE, 50 * MINUTE],
    ['at once when it was never sent', 2, null, 0],
  ])('the second ABSENT that counts lets it be sent again %s', (_name, retryCount, sentAgoMs, waitMs) => {
    const lastSendAt = sentAgoMs === null ? null : new Date(NOW - sentAgoMs)
    const settled = settlementOfAnswer(inquiring({ absentCount: 1, retryCount, lastSendAt }), { kind: 'ABSENT' }, RULES)
    expect(settled).toMatchObject({ to: 'WAITING_RETRY', waitMs, absentCount: 0, retryCount: retryCount + 1 })
    // What the sending failed by stays its cause.
    expect(settled.failure).toBeUndefined()
  })

  test('the second ABSENT beyond the budget is EXHAUSTED: what is never answered is not sent for ever', () => {
    const settled = settlementOfAnswer(inquiring({ absentCount: 1, budgetUntil: new Date(NOW - 1) }), { kind: 'ABSENT' }, RULES)
    expect(settled).toMatchObject({ to: 'EXHAUSTED', absentCount: 0 })
    expect(settled.waitMs).toBeUndefined()
  })

  test('ABSENT after a stalled worker has heard of the acceptance is for a person', () => {
    const settled = settlementOfAnswer(inquiring({ absentCount: 1 }), { kind: 'ABSENT' }, RULES, { outcome: 'ACCEPTED' })
    expect(settled).toMatchObject({ to: 'HELD', heldReason: 'UNCERTAIN', failure: { kind: 'UNKNOWN', code: 'CONTRADICTED' } })
  })

  describe('beside what a stalled worker has heard of the sending', () => {
    const FILES = { kind: 'CONFLICT', code: 'OTHER_FILES' } as const
    const lost = { outcome: 'CONFLICT', detail: 'giữ 1 tệp, đã gửi 2 tệp', failure: FILES } as const
    const refusal = { kind: 'REJECTED', code: 'SAI_DU_LIEU', field: 'dossier.dueAt' } as const
    const refused = { outcome: 'REJECTED', detail: 'Thiếu ngày (SAI_DU_LIEU).', failure: refusal } as const

    test('a lost file: SAME by the digest does not prove that the files are there, and a person looks', () => {
      const settled = settlementOfAnswer(inquiring(), { kind: 'SAME' }, RULES, lost)
      expect(settled).toMatchObject({ to: 'HELD', heldReason: 'CONFLICT', lastError: lost.detail, failure: FILES })
    })

    test('other content, which SAME proves to be mended', () => {
      const other = { ...lost, failure: { kind: 'CONFLICT', code: 'OTHER_CONTENT' } } as const
      expect(settlementOfAnswer(inquiring(), { kind: 'SAME' }, RULES, other).to).toBe('DELIVERED')
    })

    test('a lost file, and now nothing of it at all: for a person, not for a resend', () => {
      const settled = settlementOfAnswer(inquiring({ absentCount: 1 }), { kind: 'ABSENT' }, RULES, lost)
      expect(settled).toMatchObject({ to: 'HELD', heldReason: 'UNCERTAIN' })
    })

    test('a refusal: it is not there because of that, and is not sent again', () => {
      const settled = settlementOfAnswer(inquiring({ absentCount: 1 }), { kind: 'ABSENT' }, RULES, refused)
      expect(settled).toMatchObject({ to: 'REJECTED', lastError: refused.detail, errorField: 'dossier.dueAt', failure: refusal })
      expect(settlementOfAnswer(inquiring(), { kind: 'SAME' }, RULES, refused).to).toBe('DELIVERED')
    })
  })

  test('UNKNOWN is asked again by the schedule and never sent', () => {
    const settled = settlementOfAnswer(
      inquiring({ retryCount: 1, absentCount: 1 }),
      { kind: 'UNKNOWN', code: 'TIMEOUT', cause: 'im' },
      RULES,
    )
    expect(settled).toMatchObject({ to: 'INDETERMINATE', waitMs: 30_000, retryCount: 2, absentCount: 1, lastError: 'im' })
  })

  test('UNKNOWN beyond the budget, or where nothing can be inquired, is HELD for a person', () => {
    const spent = settlementOfAnswer(inquiring({ budgetUntil: new Date(NOW) }), { kind: 'UNKNOWN', code: 'TIMEOUT', cause: 'im' }, RULES)
    expect(spent).toMatchObject({ to: 'HELD', heldReason: 'UNCERTAIN', lastError: 'im' })
    expect(settlementOfAnswer(inquiring(), { kind: 'UNKNOWN', code: 'TIMEOUT', cause: 'im' }, at('NONE'))).toMatchObject({
      to: 'HELD',
      heldReason: 'UNCERTAIN',
    })
  })
})
