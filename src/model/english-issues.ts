import { z } from 'zod'

/** `VIETNAMESE` in English: what is wrong with a value of a file, for who wrote the file. */
type Issue = Parameters<NonNullable<ReturnType<typeof z.locales.en>['localeError']>>[0]

const KINDS: Readonly<Record<string, string>> = {
  string: 'text in quotation marks',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [ ]',
  tuple: 'a list [ ]',
  object: 'a group of values { }',
  record: 'a group of values { }',
}

const SIZED: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' }

/** `most`: whether `limit` is the most, or the least. */
const boundOf = (origin: string, limit: number | bigint, most: boolean, isInclusive: boolean): string => {
  const unit = SIZED[origin]
  if (unit) return `must have ${most ? 'at most' : 'at least'} ${limit} ${unit}`
  if (isInclusive) return most ? `must be ${limit} at most` : `must be ${limit} at least`
  return most ? `must be less than ${limit}` : `must be more than ${limit}`
}

const sentenceOf = (issue: Issue): string | undefined => {
  if (issue.code === 'unrecognized_keys') return `there is no field ${issue.keys.map((key) => `"${key.slice(0, 40)}"`).join(', ')}`
  if (issue.input === undefined) return 'missing'
  if (issue.code === 'invalid_type') return KINDS[issue.expected] && `must be ${KINDS[issue.expected]}`
  if (issue.code === 'invalid_value') return `must be ${issue.values.length > 1 ? 'one of: ' : ''}${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'must be a whole address, such as https://server.example.vn/path'
  if (issue.code === 'too_small') return boundOf(issue.origin, issue.minimum, false, issue.inclusive !== false)
  if (issue.code === 'too_big') return boundOf(issue.origin, issue.maximum, true, issue.inclusive !== false)
  return undefined
}

const { localeError: otherwise } = z.locales.en()

export const ENGLISH: ReturnType<typeof z.locales.en> = { localeError: (issue) => sentenceOf(issue) ?? otherwise?.(issue) }
