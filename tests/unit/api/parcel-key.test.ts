import { expect, test } from '@jest/globals'
import { readParcelKey } from '../../../src/api/parcel-key.js'

const KEY = { communeCode: '28594', mapSheetNumber: '12', parcelNumber: '345' }

test('spaces around a part of the key are none of it', () => {
  expect(readParcelKey({ communeCode: ' 28594', mapSheetNumber: '12 ', parcelNumber: ' 345\n' }, 'key.')).toEqual(KEY)
})

test.each([
  ['communeCode', ['', '2859', '285940', '2859a', '28594@2025-07-01']],
  ['mapSheetNumber', ['', '  ', '1'.repeat(21)]],
  ['parcelNumber', ['', '\t', '1'.repeat(21)]],
] as const)('a %s that is none is refused with its field', (field, texts) => {
  for (const text of texts)
    expect(() => readParcelKey({ ...KEY, [field]: text }, 'key.')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', detail: { reason: 'RULE_VIOLATED', field: `key.${field}` } }),
    )
})
