import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { saidIn } from '../../../src/console/text/said.js'
import { ALERT_RULES, describeTrouble } from '../../../src/model/alert.js'
import { type AnyFields, fieldsOf } from '../../../src/model/body-fields.js'
import { CAUSE_CLASSES } from '../../../src/model/cause-classes.js'
import { describeCause } from '../../../src/model/cause-words.js'
import { NOT_COMPUTABLE_REASONS } from '../../../src/model/due-date.js'
import { describeNotComputable } from '../../../src/model/explain-due-date.js'
import { explainTransfer } from '../../../src/model/explain-transfer.js'
import { CAUSE_KINDS, OTHER_CODES } from '../../../src/model/failure-cause.js'
import { JUDGEMENT_CODES } from '../../../src/model/failure-code.js'
import { fieldFaultInEnglish, fieldNameInEnglish } from '../../../src/model/field-words-english.js'
import { notesOf } from '../../../src/model/reconciliation-notes.js'
import { faultInEnglish, notOfferedInEnglish, refusalInEnglish } from '../../../src/model/refusals-english.js'
import { ALL_OPERATIONS, describeOperation } from '../../../src/model/system.js'
import { HELD_REASONS, TRANSFER_STATES } from '../../../src/model/transfer-state.js'
import { projectRoot } from '../../../src/platform/paths.js'

/** Who reads English hears no Vietnamese where the gateway knows by a code what it says. */
const isSentence = (text: string): void => {
  expect(text).toMatch(/^\p{Lu}.+\.$/u)
  expect(text).not.toMatch(/\.\.|undefined|null/)
  expect(saidIn(text)).toBeUndefined()
}

test('every state of a transfer is explained in English, with and without a failure, whatever it waits for', () => {
  const at = new Date('2026-11-23T01:05:30Z')
  const cause = { operation: 'REGISTER', kind: 'UNAVAILABLE', code: 'ECONNREFUSED', field: null } as const
  for (const state of TRANSFER_STATES)
    for (const heldReason of state === 'HELD' ? HELD_REASONS : [null])
      for (const failed of [null, cause])
        for (const ahead of [null, 'REJECTED', 'SENDING'] as const)
          for (const shut of [null, 'PAUSE', 'BREAKER', 'MAINTENANCE'] as const) {
            const times = { nextAttemptAt: at, settledAt: at, shutUntil: at }
            const told = explainTransfer({ operation: 'REGISTER', state, heldReason, cause: failed, ahead, shut, ...times }, 'en')
            isSentence(told.what)
            isSentence(told.nextStep)
            expect(saidIn(told.sideLabel)).toBeUndefined()
          }
  expect(explainTransfer({ ...DELIVERED, settledAt: at }, 'en').what).toBe('ViLIS has taken it at 08:05:30 on 23/11/2026.')
})

const DELIVERED = {
  operation: 'RECEIVE',
  state: 'DELIVERED',
  heldReason: null,
  nextAttemptAt: null,
  cause: null,
  ahead: null,
  shut: null,
} as const

test('every cause is named in English, on the same side', () => {
  const codes = [...JUDGEMENT_CODES, ...HELD_REASONS, ...Object.keys(CAUSE_CLASSES), OTHER_CODES, 'RESTORED', 'HTTP_503', 'Client.SAI']
  for (const kind of CAUSE_KINDS)
    for (const code of codes)
      for (const field of [null, 'dossier.dueAt']) {
        const cause = { operation: 'SYNC_DOSSIER', kind, code, field } as const
        const { title, nextStep, side } = describeCause(cause, 'en')
        isSentence(title)
        isSentence(nextStep)
        expect(side).toBe(describeCause(cause).side)
      }
  for (const operation of ALL_OPERATIONS) expect(saidIn(describeOperation(operation, 'en'))).toBeUndefined()
  for (const rule of ALERT_RULES) isSentence(`${describeTrouble({ rule, systemId: 'ONE_STOP', value: 7 }, 'en')}.`)
})

test('every name, choice and limit of what can be amended is told in English, and what is wrong with a value', () => {
  const textsOf = (fields: AnyFields): { readonly names: string[]; readonly limits: string[] }[] =>
    Object.values(fields).flatMap((field) => {
      const choices = field.kind === 'CHOICE' ? Object.values(field.values) : []
      const limits = field.kind === 'TEXT' ? [field.limit.message] : []
      return [{ names: [field.vi, ...choices], limits }, ...('fields' in field ? textsOf(field.fields) : [])]
    })
  const texts = ALL_OPERATIONS.flatMap((operation) => textsOf(fieldsOf(operation)))
  const names = texts.flatMap((of) => of.names)
  const limits = texts.flatMap((of) => of.limits)
  const readFaults = readFileSync(join(projectRoot, 'src/operator/read-field-value.ts'), 'utf8')
  const faults = [...readFaults.matchAll(/(?:fault: |EMPTY = )'([^']+)'/g)].map(([, fault = '']) => fault)
  const checked = readFileSync(join(projectRoot, 'src/operator/check-amendment.ts'), 'utf8')
  const checks = [...checked.matchAll(/message: '([^']+)'/g)].map(([, fault = '']) => fault)
  expect([names.length > 60, limits.length > 20, faults.length, checks.length]).toEqual([true, true, 6, 3])
  expect(names.filter((name) => saidIn(fieldNameInEnglish(`${name} 2`)))).toEqual([])
  const composed = [
    'Phải là số nguyên từ 0 đến 1000.',
    'Chỉ nhận một trong: DESK (Tại quầy), POST (Bưu chính).',
    'Ngày 2026-02-30 không có trong lịch.',
  ]
  for (const said of [...limits, ...faults, ...checks, ...composed]) isSentence(fieldFaultInEnglish(said) ?? said)
  expect(fieldFaultInEnglish(composed[1] as string)).toBe('It has to be one of: DESK (At the desk), POST (By post).')
})

test('why a due date cannot be computed, and what a run of the reconciliation has to say, is told in English', () => {
  const at = new Date('2026-11-23T01:05:30Z')
  for (const reason of NOT_COMPUTABLE_REASONS)
    isSentence(describeNotComputable({ kind: 'NOT_COMPUTABLE', reason, at, leftMs: 27_900_000, steps: [] }, 8, 'en') ?? '')
  const halts = ['900 sai lệch với một cửa, nhiều hơn mức 200: không tự sửa, cần người xem.']
  const spoilt = Object.fromEntries([1, 2, 3, 4, 5, 6].map((no) => [`H58.22-${no}`, 'Trường NgayHenTra không có giá trị.']))
  const notes = notesOf('ONE_STOP', { unmapped: { '00001': 3 }, spoilt, halts }, 'en')
  expect(notes).toHaveLength(3)
  for (const note of notes) isSentence(note)
})

describe('a refusal', () => {
  const codesIn = (folder: string): string[] =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(join(projectRoot, folder, name), 'utf8').matchAll(/\brefused(?:By)?\(\s*'([A-Z_]+)'/g)])
      .map(([, code = '']) => code)

  test.each(['src/operator', 'src/reconciliation', 'src/reporting'])('by any code of %s is told in English', (folder) => {
    const codes = codesIn(folder)
    expect(codes.length).toBeGreaterThan(4)
    expect(codes.filter((code) => saidIn(refusalInEnglish({ reason: code, message: '(ầ)' }).replace(/ \(“.*”\)$/, '')))).toEqual([])
  })

  test('whose sentence names more than its code keeps that sentence; one that no table knows is left as it was said', () => {
    const vietnamese = 'operator đã gửi lại lúc 08:05:30.'
    const inEnglish = (reason: string) => refusalInEnglish({ reason, message: vietnamese })
    expect(inEnglish('STALE_WRITE')).toBe(`This has changed since you looked at it: look again, then decide. (“${vietnamese}”)`)
    expect(inEnglish('OWN_APPROVAL')).not.toContain(vietnamese)
    expect(inEnglish('constructor')).toBe(vietnamese)
    const by = { actor: 'lan', role: 'operator', act: 'REPLAY', at: new Date('2026-11-23T01:05:30Z') }
    expect(notOfferedInEnglish({ reason: 'ILLEGAL_TRANSITION', message: vietnamese, by })).toBe(
      'This cannot be done in the state in which it is (lan replayed it at 08:05:30 on 23/11/2026).',
    )
    expect(refusalInEnglish({ reason: 'STALE_WRITE', message: vietnamese, by, successor: '7eaa' })).toBe(
      'This has changed since you looked at it: look again, then decide (lan replayed it at 08:05:30 on 23/11/2026; 7eaa has its place now).',
    )
    expect(faultInEnglish('UNAVAILABLE', 'NOT_STORED', vietnamese)).toMatch(/^Nothing can be stored now/)
    expect(faultInEnglish('INVALID_INPUT', 'RULE_VIOLATED', vietnamese)).toContain(vietnamese)
  })
})
