import { expect, test } from '@jest/globals'
import { en } from '../../../src/console/text/en.js'
import { vi } from '../../../src/console/text/vi.js'
import { AUDIT_ACTS } from '../../../src/model/audit-act.js'
import { ALL_OPERATIONS, describeOperation } from '../../../src/model/system.js'

/** Every text by its path, with the names that are filled in. */
const slotsOf = (texts: object, path = ''): [string, string[]][] =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string'
      ? [[`${path}${key}`, [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort()] as [string, string[]]]
      : slotsOf(text as object, `${path}${key}.`),
  )

test('both languages say the same things with the same parts', () => {
  expect(slotsOf(vi).length).toBeGreaterThan(200)
  expect(Object.fromEntries(slotsOf(en))).toEqual(Object.fromEntries(slotsOf(vi)))
})

test('the audit offers every act that the gateway writes down, in both languages', () => {
  expect(Object.keys(vi.audit.act).sort()).toEqual([...AUDIT_ACTS].sort())
})

test('an operation is called the same by the page and by the gateway', () => {
  for (const operation of ALL_OPERATIONS) expect(describeOperation(operation, 'en')).toBe(en.transfer.operation[operation])
})
