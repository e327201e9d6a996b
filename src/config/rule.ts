import { z } from 'zod'
import { ENGLISH } from '../model/english-issues.js'

/**
 * Quy tắc: what a rule of a schema says, in both languages. zod carries the Vietnamese one; the English one is known by it. Where a rule has no words of its own
 * zod asks `VIETNAMESE` and `ENGLISH`.
 */
const IN_ENGLISH = new Map<string, string>()

export const rule = (vietnamese: string, english: string): string => {
  IN_ENGLISH.set(vietnamese, english)
  return vietnamese
}

/** What is wrong with `value`, in English, issue by issue as `safeParse` has told it. */
export const issuesInEnglish = (schema: z.ZodType, value: unknown): readonly string[] => {
  const { error } = schema.safeParse(value, { error: ENGLISH.localeError })
  return (error?.issues ?? []).map(({ message }) => IN_ENGLISH.get(message) ?? message)
}
