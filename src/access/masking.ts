import { foldText } from '../model/fold-text.js'
import type { Caller } from './caller.js'

/**
 * Che dữ liệu cá nhân: what names, numbers, phones and addresses look like to a role that does not need them. An officer (who only
 * reaches dossiers of their communes) and an administrator see them in clear; a citizen's application and an operator do not.
 */
export const seesPersonalData = (caller: Caller): boolean => caller.role === 'OFFICER' || caller.role === 'ADMIN'

/**
 * Người sử dụng đất: what the registry tells of a parcel or certificate names people who may have handed nothing in. An officer sees them in
 * clear only when a dossier of their communes refers to that land (`ofTheirDossiers`): a serial number alone opens nobody's name.
 */
export const seesLandUsers = (caller: Caller, ofTheirDossiers: boolean): boolean =>
  caller.role === 'ADMIN' || (caller.role === 'OFFICER' && ofTheirDossiers)

/** Whether it matters for what this caller is shown that a dossier of theirs refers to the land: else it need not be looked up. */
export const isLandUserBoundToDossiers = (caller: Caller): boolean => seesLandUsers(caller, true) !== seesLandUsers(caller, false)

/** "Nguyễn Văn An" → "N*** V*** A***" */
export const maskName = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .map((word) => `${[...word][0] ?? ''}***`)
    .join(' ')

/** All but the last three characters: "082190001234" → "*********234" */
export const maskNumber = (text: string): string => (text.length <= 3 ? '***' : '*'.repeat(text.length - 3) + text.slice(-3))

/** "an.nguyen@example.vn" → "a***@***" */
export const maskEmail = (email: string): string => `${[...email][0] ?? ''}***@***`

/** What stands before the last comma is left out: a commune is no secret, a house is. */
export const maskAddress = (address: string): string => {
  const comma = address.lastIndexOf(',')
  return comma < 0 ? '***' : `***,${address.slice(comma + 1)}`
}

/** A text without diacritics and case, and for each character of it where in the text it stands. */
const foldInPlace = (text: string): { readonly folded: string; readonly places: readonly number[] } => {
  const places: number[] = []
  let folded = ''
  let at = 0
  for (const letter of text) {
    for (const plain of foldText(letter) || (/\s/.test(letter) ? ' ' : '')) {
      folded += plain
      places.push(at)
    }
    at += letter.length
  }
  return { folded, places: [...places, text.length] }
}

const SEPARATORS = '[\\s_.,-]*'

/** As it is looked for, however it is written: in capitals, without diacritics, with `_` or nothing between its words, as in names of files. */
const spellingOf = (folded: string): string => {
  const words = folded.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  // A single word may be part of any other.
  return words.length > 1 ? words.join(SEPARATORS) : `(?<![a-z])${words[0]}(?![a-z])`
}

const withoutSeparators = (folded: string): string => folded.replace(/[\s_.,-]/g, '')

/** Masks all these names in a text at one reading, the longest first: a message of a foreign system may name as many as it has elements. */
const nameMasker = (names: readonly string[]): ((text: string) => string) => {
  const known = new Map(
    names
      .map((given) => given.normalize('NFC').trim())
      .map((name) => [foldText(name), name] as const)
      .filter(([folded]) => folded.length >= 2),
  )
  if (known.size === 0) return (text) => text
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(spellingOf).join('|'), 'g')
  const spelled = new Map([...known].map(([folded, name]) => [withoutSeparators(folded), name]))
  return (text) => {
    const { folded, places } = foldInPlace(text)
    let masked = ''
    let from = 0
    for (const found of folded.matchAll(pattern)) {
      const name = spelled.get(withoutSeparators(found[0])) ?? found[0]
      masked += text.slice(from, places[found.index]) + maskName(name)
      from = places[found.index + found[0].length] ?? text.length
    }
    return masked + text.slice(from)
  }
}

/** A telephone or identity number in groups, as people write them. A dossier's code begins otherwise, and a day is none. */
const GROUPED_NUMBER = /(?<![\w.-])(?!\d\d([.-])\d\d\1\d{4}(?!\d))(?:\+?84|0)(?:[ .-]?\d){8,11}(?!\d)/g
/** Looked for from where a run of such characters begins: from each of them a long text without any `@` would take minutes. */
const EMAIL = /(?<![\p{L}\d._%+-])[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu
/** "ông Nguyễn Văn An": whom a text names though we do not know them. */
const ADDRESSED = /(?<!\p{L})((?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị)\s+)(\p{Lu}\p{L}*(?:\s+\p{Lu}\p{L}*){1,5})/gu

/** Họ of nine Vietnamese in ten, but for those that are common words or places; without diacritics those that are hardly anything else. */
const SURNAMES = [
  'Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đoàn Đinh Trịnh Trương Đào Tạ Tô Quách Lương Phùng Kiều Khổng Đàm',
  'Nghiêm Vương Diệp Doãn Bạch Mạc Nguyen Tran Pham Hoang Huynh Truong Trinh Doan Quach Luong Vuong Nghiem',
].flatMap((line) => line.split(' '))
/** What makes another word of one of them, and of no other: hồ sơ, lý do, phạm vi, đào tạo, đoàn thể, đoàn kiểm tra, đoàn hội. */
const NO_NAMES: Readonly<Record<string, string>> = { Hồ: 'sơ', Lý: 'do', Phạm: 'vi', Đào: 'tạo', Đoàn: 'thể kiểm hội' }
/** Between the words of a name, also of a file's. */
const BETWEEN = '(?:\\s+|[._-]{1,2})'
const asWritten = (words: readonly string[]): string =>
  words.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]).join('|')
const surnameIn = (word: string): string => {
  const others = NO_NAMES[word]
  return `(?:${asWritten([word])})${others ? `(?!${BETWEEN}(?:${asWritten(others.split(' '))})(?!\\p{L}))` : ''}`
}
/** What makes another word of one of them, and of no other, in a text that is all capitals: văn bản, văn thư, thị trấn. A woman may be called Thị Thư. */
const NO_MIDDLE_NAMES: Readonly<Record<string, string>> = { VĂN: 'BẢN BẰNG PHÒNG HÓA HOÁ KIỆN THƯ', THỊ: 'XÃ TRẤN TRƯỜNG' }
const middleNameIn = ([word, others]: readonly [string, string]): string =>
  `${word}(?!${BETWEEN}(?:${others.split(' ').join('|')})(?!\\p{L}))`
/** A surname and at least one more word that begins with a capital; or such words around Văn or Thị, whatever the first is. */
const NAMED = new RegExp(
  [
    `(?<!\\p{L})(?:${SURNAMES.map(surnameIn).join('|')})(?:${BETWEEN}\\p{Lu}\\p{L}*){1,5}`,
    `(?<!\\p{L})\\p{Lu}\\p{Ll}+${BETWEEN}(?:Văn|Thị)(?:${BETWEEN}\\p{Lu}\\p{Ll}*){1,4}`,
    `(?<!\\p{L})\\p{Lu}{2,}${BETWEEN}(?:${Object.entries(NO_MIDDLE_NAMES).map(middleNameIn).join('|')})(?:${BETWEEN}\\p{Lu}+(?!\\p{Ll})){1,4}`,
  ].join('|'),
  'gu',
)

/** Before a name: it is a place's then, however much it looks like a person's. */
const PLACE = /(?<!\p{L})(?:xã|phường|thị trấn|huyện|quận|tỉnh|thành phố|tp\.?|đường|phố|ấp|khu phố)\s+$/iu
const LONGEST_PLACE = 14
/** An office's, or another word: Sở Văn hóa, Phòng Văn hóa, Công văn, Đô thị. */
const OFFICE = /^(?:Sở|Phòng|Bộ|Cục|Ban|Nhà|Công|Khoa|Viện|Đô|Siêu)\s/iu

const maskNamed = (name: string, at: number, text: string): string =>
  PLACE.test(text.slice(Math.max(0, at - LONGEST_PLACE), at)) || OFFICE.test(name) ? name : maskName(name)

/**
 * Free text (a summary, a note, a foreign system's sentence): the given names, whoever is addressed as ông or bà, what begins with a surname, addresses of mail,
 * and every number that can be a person's or a telephone's are masked. For many texts about the same persons.
 */
export const textMasker = (names: readonly string[]): ((text: string) => string) => {
  const withoutNames = nameMasker(names)
  return (text) =>
    withoutNames(text.normalize('NFC'))
      .replace(ADDRESSED, (_all, address: string, name: string) => address + maskName(name))
      .replace(NAMED, maskNamed)
      .replace(EMAIL, (email) => maskEmail(email))
      .replace(GROUPED_NUMBER, (number) => maskNumber(number))
      .replace(/\d{9,}/g, (number) => maskNumber(number))
}

export const maskText = (text: string, names: readonly string[]): string => textMasker(names)(text)

export interface PersonalData {
  readonly fullName: string
  readonly idNumber: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly address: string | null
}

export const maskPerson = <Person extends PersonalData>(person: Person): Person => ({
  ...person,
  fullName: maskName(person.fullName),
  idNumber: person.idNumber && maskNumber(person.idNumber),
  phone: person.phone && maskNumber(person.phone),
  email: person.email && maskEmail(person.email),
  address: person.address && maskAddress(person.address),
})
