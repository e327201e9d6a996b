/**
 * Does a description begin with its Vietnamese term? The term is what stands before the first " - ", ":", ";", ",", "." or "(": each
 * word of it must be built like a Vietnamese syllable, or be a name that Vietnamese writes as it is, and one of them must carry a
 * Vietnamese mark. English that runs on behind the term ("Khóa within this gateway") is found by its first word that no Vietnamese
 * syllable can be.
 */
const MARKED = 'ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ'
const SYLLABLE = new RegExp(
  `^(?:b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?[aeiouy${MARKED}]{1,3}(?:ch|c|m|ng|nh|n|p|t)?$`,
)
const HAS_MARK = new RegExp(`[${MARKED}]`)

/** Written in Vietnamese as they are. */
const NAMES = new Set(['ViLIS', 'SHA-256', 'HTTP'])

/** Every line of it, told without one Vietnamese letter but in what is quoted. */
export const inEnglish = new RegExp(`^(?:(?!${HAS_MARK.source})[^"“\\n]|"[^"\\n]*"|“[^”\\n]*”|\\n)+$`, 'i')

/** A national code stands before its name: "2 - Được tiếp nhận". */
const withoutCode = (text: string): string => text.replace(/^\d+ - /, '')

const termOf = (description: string): string => withoutCode(description.normalize('NFC')).split(/ - |[:;,.(]/)[0] ?? ''

export const beginsInVietnamese = (description: string | null | undefined): boolean => {
  const term = termOf(description ?? '').trim()
  const words = term.split(/\s+/).filter((word) => !NAMES.has(word))
  return HAS_MARK.test(term.toLowerCase()) && words.every((word) => SYLLABLE.test(word.toLowerCase()))
}
