import { digestOf } from './digest.js'

/** Các trường thay đổi: the dotted paths at which two JSON-like values differ, without their values; a list counts as one field. */
export const changedFields = (before: unknown, after: unknown, path = ''): string[] => {
  if (!isRecord(before) || !isRecord(after)) return isSame(before, after) ? [] : [path]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => changedFields(before[name], after[name], path === '' ? name : `${path}.${name}`))
}

const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value)

/** Keys may stand in another order: the database sorts them. */
const isSame = (one: unknown, other: unknown): boolean => digestOf({ value: one }) === digestOf({ value: other })
