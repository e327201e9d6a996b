import { z } from 'zod'

/**
 * Lời của bộ kiểm tra: what is wrong with a value of a file, for who wrote the file. The words of zod's own Vietnamese ("mong đợi string, nhận được undefined") are for
 * programmers; what is not said here is left to them.
 */
type Issue = Parameters<NonNullable<ReturnType<typeof z.locales.vi>['localeError']>>[0]

const KINDS: Readonly<Record<string, string>> = {
  string: 'chữ trong dấu ngoặc kép',
  number: 'số',
  int: 'số nguyên',
  boolean: 'true hoặc false',
  array: 'danh sách [ ]',
  tuple: 'danh sách [ ]',
  object: 'nhóm giá trị { }',
  record: 'nhóm giá trị { }',
}

const SIZED: Readonly<Record<string, string>> = { string: 'ký tự', array: 'mục' }

const listOf = (values: readonly unknown[]): string => values.map((value) => (typeof value === 'string' ? value : String(value))).join(', ')

/** `most`: whether `limit` is the most, or the least. */
const boundOf = (origin: string, limit: number | bigint, most: boolean, isInclusive: boolean): string => {
  const unit = SIZED[origin]
  if (unit) return `phải có ${most ? 'nhiều nhất' : 'ít nhất'} ${limit} ${unit}`
  if (isInclusive) return most ? `phải từ ${limit} trở xuống` : `phải từ ${limit} trở lên`
  return most ? `phải nhỏ hơn ${limit}` : `phải lớn hơn ${limit}`
}

const sentenceOf = (issue: Issue): string | undefined => {
  if (issue.code === 'unrecognized_keys') return `không có trường ${issue.keys.map((key) => `"${key.slice(0, 40)}"`).join(', ')}`
  if (issue.input === undefined) return 'thiếu'
  if (issue.code === 'invalid_type') return KINDS[issue.expected] && `phải là ${KINDS[issue.expected]}`
  if (issue.code === 'invalid_value') return `phải là ${issue.values.length > 1 ? 'một trong: ' : ''}${listOf(issue.values)}`
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'phải là một địa chỉ đầy đủ, ví dụ https://may-chu.vi-du.vn/duong-dan'
  if (issue.code === 'too_small') return boundOf(issue.origin, issue.minimum, false, issue.inclusive !== false)
  if (issue.code === 'too_big') return boundOf(issue.origin, issue.maximum, true, issue.inclusive !== false)
  return undefined
}

const { localeError: otherwise } = z.locales.vi()

/** For `z.config`. */
export const VIETNAMESE: ReturnType<typeof z.locales.vi> = { localeError: (issue) => sentenceOf(issue) ?? otherwise?.(issue) }

/** By what people know an entry of a list: the first of these that it has. */
const MARKS = ['code', 'date', 'procedure', 'validFrom', 'from'] as const

const markOf = (entry: unknown): string => {
  if (!(entry instanceof Object)) return ''
  const marks = MARKS.map((name) => Reflect.get(entry, name) as unknown).find((value) => typeof value === 'string' && value !== '')
  return typeof marks === 'string' ? ` (${marks.slice(0, 40)})` : ''
}

/** Where in a file: `daysOff, mục 55 (2026-04-30), kind`, counted from 1 as people count. */
const placeOf = (path: readonly PropertyKey[], json: unknown): string => {
  let at = json
  let place = ''
  for (const key of path) {
    at = at instanceof Object ? Reflect.get(at, key) : undefined
    place += `${place ? ', ' : ''}${typeof key === 'number' ? `mục ${key + 1}${markOf(at)}` : String(key)}`
  }
  return place || 'tệp'
}

/** Everything that is wrong with the form of a file, a line for each. */
export const formProblems = ({ issues }: z.ZodError, json: unknown): string[] =>
  issues.map(({ path, message }) => `${placeOf(path, json)}: ${message}`)
