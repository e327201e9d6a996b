import { foldText } from './fold-text.js'

/** Most telling first: what undoes a restriction names it too. Kinds after `LoaiBienDong` of the registry's changes and the usual entries of a land register. */
const KINDS: readonly (readonly [folded: RegExp, words: string])[] = [
  [/xoa (?:dang ky )?the chap|giai chap/, 'Xóa thế chấp'],
  [/the chap/, 'Thế chấp'],
  [/ke bien/, 'Kê biên'],
  [/thi hanh an/, 'Thi hành án'],
  [/tranh chap/, 'Tranh chấp'],
  [/phong toa|ngan chan|tam dung (?:giao dich|bien dong)/, 'Ngăn chặn giao dịch'],
  [/thu hoi/, 'Thu hồi đất'],
  [/quy hoach/, 'Quy hoạch'],
  [/han che/, 'Hạn chế quyền'],
]
const OTHER = 'Có hạn chế khác'

/**
 * Loại hạn chế: what kind of restriction the registry's free text tells of, without the text, which may name debtors, heirs and litigants whom no rule finds.
 * One that is none of the usual kinds is said to be there.
 */
export const restrictionKindOf = (text: string): string => {
  const folded = foldText(text)
  return KINDS.find(([pattern]) => pattern.test(folded))?.[1] ?? OTHER
}
