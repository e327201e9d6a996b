import { foldText } from './fold-text.js'

/**
 * Tên đơn vị hành chính, compared as people write them: with or without the rank (xã, phường, thị trấn), composed or not, and the tone mark on either vowel
 * (Hòa and Hoà, Thủy and Thuỷ). Bình Phan and Bình Phán are two names; who writes no diacritics at all means every name that reads so, and who writes them in some
 * words alone (an thanh thuỷ) the name that is spelt so, if there is one, or else every name that reads so where he left them out.
 */
const TONES = '\\u0300\\u0301\\u0303\\u0309\\u0323'
const TONE_AND_REST = new RegExp(`([${TONES}])([^\\s${TONES}]*)`, 'g')

/** Each word's tone stands behind it: where it was placed does not count. */
const written = (name: string): string => name.normalize('NFD').toLowerCase().replace(TONE_AND_REST, '$2$1').replace(/\s+/g, ' ').trim()

const RANKS = ['Xã', 'Phường', 'Thị trấn', 'Đặc khu', 'TT.', 'TT', 'P.', 'X.']

/** As it stands, and without its rank. A name may begin like a rank (Phương Liên), so both are readings of it. */
const readings = (text: string, form: (name: string) => string): string[] => {
  const whole = form(text)
  const rank = RANKS.map((one) => `${form(one)} `).find((one) => whole.startsWith(one))
  return rank === undefined ? [whole] : [whole, whole.slice(rank.length)]
}

const isWithoutDiacritics = (text: string): boolean => foldText(text) === text.toLowerCase().replace(/\s+/g, ' ').trim()

/** The readings of what a person asks for, without diacritics: one of them is among {@link foldedReadings} of every name that is meant. */
export const foldedReadings = (text: string): string[] => readings(text, foldText)

const meet = (some: readonly string[], others: readonly string[]): boolean => some.some((one) => others.includes(one))

/** Whether a person who writes `asked` may mean the unit that is called `name`. */
const meansUnitName = (asked: string, name: string): boolean =>
  isWithoutDiacritics(asked)
    ? meet(readings(asked, foldText), readings(name, foldText))
    : meet(readings(asked, written), readings(name, written))

/** A word without diacritics may be any that reads so; one with them is what it says. Both as {@link written}. */
const mayBeWord = (asked: string, name: string | undefined): boolean =>
  name !== undefined && (asked === name || (foldText(asked) === asked && foldText(name) === asked))

const mayBeReading = (asked: string, name: string): boolean => {
  const [some, others] = [asked.split(' '), name.split(' ')]
  return some.length === others.length && some.every((word, place) => mayBeWord(word, others[place]))
}

/** Whether a person who writes `asked` with diacritics in some of its words may mean the unit that is called `name`. */
const mayMeanUnitName = (asked: string, name: string): boolean =>
  readings(asked, written).some((one) => readings(name, written).some((other) => mayBeReading(one, other)))

/** Those of `units` that a person means who writes `asked`. */
export const unitsMeant = <Unit extends { readonly name: string }>(asked: string, units: readonly Unit[]): Unit[] => {
  const meant = units.filter(({ name }) => meansUnitName(asked, name))
  return meant.length > 0 ? meant : units.filter(({ name }) => mayMeanUnitName(asked, name))
}

/** Whether a name beside a code agrees with it, typing slips in its diacritics and all. */
export const isLikeUnitName = (told: string, name: string): boolean => meet(foldedReadings(told), foldedReadings(name))

/** Two spellings of one name, rank and all. */
export const isSameSpelling = (one: string, other: string): boolean => written(one) === written(other)
