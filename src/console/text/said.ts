/** Letters that Vietnamese has and English has not. */
const VIETNAMESE = /[àáâãèéêìíòóôõùúýăđĩũơư\u1ea0-\u1ef9]/iu

/**
 * Of a sentence that the gateway said: `vi` where it is Vietnamese, so that a screen reader on an English page reads it as such. The gateway speaks the language of the page where it can tell
 * a code in it; what was recorded as a sentence stays as it was said.
 */
export const saidIn = (sentence: string | null | undefined): 'vi' | undefined =>
  sentence && VIETNAMESE.test(sentence.normalize('NFC')) ? 'vi' : undefined
