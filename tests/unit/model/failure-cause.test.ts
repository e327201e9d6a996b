import { describe, expect, test } from '@jest/globals'
import { enTransferTexts } from '../../../src/console/text/en-transfer.js'
import { transferTexts } from '../../../src/console/text/vi-transfer.js'
import { hasAnswered } from '../../../src/model/cause-classes.js'
import { CAUSE_SIDES } from '../../../src/model/cause-side.js'
import { describeCause, HELD_WORDS } from '../../../src/model/cause-words.js'
import { CAUSE_KINDS, causeKeyOf } from '../../../src/model/failure-cause.js'
import { EARLY_REFUSALS, JUDGEMENT_CODES } from '../../../src/model/failure-code.js'
import { ALL_OPERATIONS } from '../../../src/model/system.js'
import { TRANSFER_ACTS } from '../../../src/model/transfer-acts.js'
import { HELD_REASONS } from '../../../src/model/transfer-state.js'

describe('the fingerprint', () => {
  test.each([
    ['a code stays as it is', 'Client.E104', 'Client.E104'],
    ['no code is a code too', '  ', 'NONE'],
    ['a sentence is none', 'Hồ sơ của ông Nguyễn Văn An đã có', 'PROSE'],
    ['a dossier’s number is left out', 'LOI-H58.22.07-261122-0001', 'LOI-#'],
    ['a person’s number is left out', 'TRUNG_082190001234', 'TRUNG_#'],
    ['the number of one request is left out', 'E500/5B7c1a2e-08d4-4c1f-9a57-0a1b2c3d4e5f', 'E500_#'],
    ['so is one without dashes', 'TRACE:4bf92f3577b34da6a3ce929d0e0e4736', 'TRACE:#'],
    ['a word of a few letters is none', 'FAULT_Server.DEADBEEF', 'FAULT_Server.DEADBEEF'],
    ['it is no longer than a code', 'X'.repeat(500), 'X'.repeat(64)],
  ])('%s', (_name, code, kept) => {
    expect(causeKeyOf('RECEIVE', { kind: 'REJECTED', code }).code).toBe(kept)
  })

  test('the place in a list says nothing of the cause', () => {
    const of = (field: string) => causeKeyOf('RECEIVE', { kind: 'NOT_SENT', code: 'ATTACHMENT_MISSING', field }).field
    expect(of('documents[0]')).toBe(of('documents[12]'))
  })

  test('each missing mapping is a cause of its own, by its whole name', () => {
    const of = (field: string) => causeKeyOf('RECEIVE', { kind: 'NOT_SENT', code: 'MAPPING_MISSING', field }).field
    expect(of('PROCEDURE:1.012783')).toBe('PROCEDURE:1.012783')
  })

  test('a field that the other side names is cleaned as its codes are', () => {
    expect(causeKeyOf('REGISTER', { kind: 'REJECTED', code: 'X', field: 'HoSo/082190001234' }).field).toBe('HoSo_#')
    expect(causeKeyOf('REGISTER', { kind: 'REJECTED', code: 'X', field: '' }).field).toBeNull()
  })
})

describe('the words', () => {
  const CODES = [
    ...JUDGEMENT_CODES,
    ...EARLY_REFUSALS,
    ...['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'TIMEOUT', 'RESET', 'HTTP_401', 'HTTP_404', 'HTTP_413', 'HTTP_429'],
    ...['HTTP_500', 'HTTP_503', 'HTTP_302', 'FAULT_Server', 'LEASE_LOST', 'RESTORED', 'TAM_NGUNG', 'constructor', 'NONE'],
  ]

  test('every cause that there can be has a title with its code, a side, and what to do, in sentences', () => {
    for (const operation of ALL_OPERATIONS)
      for (const kind of CAUSE_KINDS)
        for (const code of CODES)
          for (const field of [null, 'NgayHenTra']) {
            const { title, side, sideLabel, nextStep } = describeCause({ operation, kind, code, field })
            expect(title).toMatch(/^\p{Lu}.+ \(.+\)\.$/u)
            expect(title).toContain(field === null ? `(${code})` : `(${code}, ${field})`)
            expect(CAUSE_SIDES).toContain(side)
            expect(sideLabel).toMatch(/^\p{Lu}/u)
            expect(nextStep).toMatch(/^\p{Lu}.{15,}\.$/u)
          }
  })

  test.each(HELD_REASONS)('held for %s: what and what to do', (reason) => {
    expect(HELD_WORDS[reason].what('ViLIS')).not.toMatch(/\.$|[A-Z_]{6}/)
    expect(HELD_WORDS[reason].next('ViLIS')).toMatch(/\.$/)
  })

  test('a side that the adapter knows of a code goes before that of its class, and the advice with it', () => {
    const refused = { operation: 'RECEIVE', kind: 'REJECTED', code: 'X', field: null } as const
    expect(describeCause({ ...refused, side: 'OURS' })).toMatchObject({ side: 'OURS', sideLabel: 'Phía cổng liên thông' })
    expect(describeCause({ ...refused, side: 'OURS' }).nextStep).toContain('WSDL')
    expect(describeCause({ ...refused, side: 'THEIRS' })).toMatchObject({ side: 'THEIRS', nextStep: describeCause(refused).nextStep })
    expect(describeCause({ ...refused, side: null }).side).toBe('UNKNOWN')
  })

  test.each([
    ['vi', transferTexts],
    ['en', enTransferTexts],
  ] as const)('what is refused is told with the acts by their names on the page (%s)', (language, { act }) => {
    const names = TRANSFER_ACTS.map((name) => act[name].name)
    const advice = [
      ...[null, 'dueAt'].flatMap((field) =>
        (['OURS', null] as const).map((side) =>
          describeCause({ operation: 'RECEIVE', kind: 'REJECTED', code: 'X', field, side }, language),
        ),
      ),
      describeCause({ operation: 'RECEIVE', kind: 'NOT_SENT', code: 'BODY_INVALID', field: 'dueAt' }, language),
    ]
    for (const { nextStep } of advice) {
      const named = [...nextStep.matchAll(/“(.+?)”/g)].map(([, name]) => name)
      expect(named).toContain(act.AMEND.name)
      for (const name of named) expect(names).toContain(name)
    }
  })

  test.each([
    ['UNAVAILABLE', 'ECONNREFUSED', null, 'THEIRS'],
    ['UNAVAILABLE', 'ENOTFOUND', null, 'NETWORK'],
    ['INDETERMINATE', 'RESET', null, 'NETWORK'],
    ['INDETERMINATE', 'TIMEOUT', null, 'THEIRS'],
    ['UNAVAILABLE', 'HTTP_401', null, 'OURS'],
    ['UNAVAILABLE', 'NO_RIGHT', null, 'OURS'],
    ['UNKNOWN', 'CLOSED', null, 'THEIRS'],
    ['NOT_SENT', 'MAPPING_MISSING', 'USER:x', 'OURS'],
    ['NOT_SENT', 'ATTACHMENT_TOO_LARGE', 'documents[]', 'DESK'],
    ['REJECTED', 'SAI_DU_LIEU', 'dueAt', 'DATA'],
    // What the other side calls a code that is one of ours by chance is still its refusal.
    ['REJECTED', 'INTERNAL', null, 'UNKNOWN'],
    ['LOST', 'LEASE_LOST', null, 'OURS'],
  ] as const)('%s %s (field %s) is on the side %s', (kind, code, field, side) => {
    expect(describeCause({ operation: 'RECEIVE', kind, code, field }).side).toBe(side)
  })
})

describe('who failed by a code has answered', () => {
  test.each([...EARLY_REFUSALS, 'HTTP_401', 'HTTP_429', 'HTTP_500', 'FAULT_Server', 'BROKEN_REPLY', 'UNCLEAR_RESULT', 'UNTOLD'])(
    '%s',
    (code) => {
      expect(hasAnswered(code)).toBe(true)
    },
  )

  test.each([
    ...['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'RESET', 'TIMEOUT', 'CERT_HAS_EXPIRED'],
    ...['EAI_FAIL', 'EPERM', 'ENETRESET'],
    // What stands before it says that nobody is behind.
    ...['HTTP_502', 'HTTP_503', 'HTTP_504'],
    // Ours: nothing was asked, or nobody waited.
    ...['DEADLINE', 'STALLED', 'INTERNAL', 'ABORTED', 'LEASE_LOST', 'NO_INQUIRY', 'EMFILE', 'EADDRNOTAVAIL', 'UND_ERR_CLOSED'],
  ])('not by %s', (code) => {
    expect(hasAnswered(code)).toBe(false)
  })
})
