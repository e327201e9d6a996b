/**
 * Lời của bên kia: what a foreign system said, inside a sentence of ours. It may name a person, so it is bounded and marked off: where
 * only our own words may stand (the health of a system, a log line), it is taken out again.
 */
const LONGEST = 200

/** “…” around at most 200 characters on one line; empty for words that say nothing. */
export const quoteTheirWords = (words: string): string => {
  const line = words
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[“”]/g, '"')
    .trim()
  const letters = [...line]
  if (letters.length === 0) return ''
  return `“${letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')}…` : line}”`
}

export const withoutTheirWords = (sentence: string): string => sentence.replace(/:? ?“[^”]*”?/g, '')
