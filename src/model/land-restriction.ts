import { foldText } from './fold-text.js'

/** The usual entries of a land register, the most telling first. */
const KINDS: readonly (readonly [folded: RegExp, words: string])[] = [
  [/the chap|giai chap/, 'Thế chấp'],
  [/ke bien/, 'Kê biên'],
  [/thi hanh an/, 'Thi hành án'],
  [/tranh chap/, 'Tranh chấp'],
  [/phong toa|ngan chan|tam dung/, 'Ngăn chặn giao dịch'],
  [/thu hoi/, 'Thu hồi đất'],
  [/quy hoach/, 'Quy hoạch'],
]
const OTHER = 'Có ghi chú khác về hạn chế'

/** "Không", "không có hạn chế", a dash, nothing. */
const NONE = /^(?:khong(?: co)?(?: han che)?|-|0)?[.]?$/
/** What a kind is no longer, or not yet no longer: which of both no rule can tell from a sentence. */
const LIFTED_OR_NOT = /(?<![a-z])(?:xoa|giai|huy|go|het|cham dut|chua|khong)(?![a-z])/

/**
 * Loại hạn chế: what kind of restriction the registry's free text tells of, without the text, which may name debtors, heirs and litigants whom no rule finds. Null for a text
 * that says that there is none. Where it tells that something was lifted, or was not, only that there is a note about it is said: neither is to be read out of it.
 */
export const restrictionKindOf = (text: string): string | null => {
  const folded = foldText(text)
  if (NONE.test(folded)) return null
  const kind = KINDS.find(([pattern]) => pattern.test(folded))?.[1]
  if (kind === undefined) return OTHER
  return LIFTED_OR_NOT.test(folded) ? `Có ghi chú về: ${kind}` : kind
}

/** Of all that the registry tells of a parcel, each kind once. */
export const restrictionKindsOf = (texts: readonly string[]): string[] => [
  ...new Set(texts.map(restrictionKindOf).filter((kind) => kind !== null)),
]
