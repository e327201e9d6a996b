import type { Language } from './language.js'
import { NO_COUNTS, type SpoiltRecords, type SystemProgress, type UnmappedCommunes } from './reconciliation-run.js'
import { recordedInEnglish } from './recorded-english.js'
import { type SystemId, systemInSentence } from './system.js'

const CODES_SAID = 5

/** What could not be compared with a system, or not by groups, and what has stopped the repairs there: sentences that say what to do. */
export const notesOf = (
  systemId: SystemId,
  { unmapped, spoilt, halts = [], counts = NO_COUNTS }: Partial<Pick<SystemProgress, 'unmapped' | 'spoilt' | 'halts' | 'counts'>> = {},
  language: Language = 'vi',
): string[] => {
  const name = systemInSentence(systemId, language)
  const notCompared = [describeUnmapped(name, unmapped, language), describeSpoilt(name, counts.unreadable, spoilt, language)]
  return [...notCompared.filter((note) => note !== undefined), ...halts.map((halt) => said(halt, language))]
}

/** As it was recorded. */
const said = (sentence: string, language: Language): string => (language === 'en' ? recordedInEnglish(sentence) : sentence)

const describeSpoilt = (name: string, count: number, spoilt: SpoiltRecords = {}, language: Language): string | undefined => {
  const told = Object.entries(spoilt)
    .slice(0, CODES_SAID)
    .map(([code, reason]) => `${code} (${said(reason, language).replace(/\.$/, '')})`)
  const more = count - told.length
  if (told.length === 0 && more <= 0) return undefined
  if (language === 'en') {
    const others = more <= 0 ? '' : told.length === 0 ? `${more} records without a dossier code` : ` and ${more} more records`
    return `Records at ${name} that could not be read and were not compared: ${told.join(', ')}${others}. Have them mended there, or load the mapping that is missing, then compare again.`
  }
  const others = more <= 0 ? '' : told.length === 0 ? `${more} bản ghi không ghi mã hồ sơ` : ` và ${more} bản ghi khác`
  return `Bản ghi ở ${name} không đọc được nên chưa so: ${told.join(', ')}${others}. Hãy sửa bản ghi bên đó, hoặc nạp ánh xạ còn thiếu, rồi đối soát lại.`
}

const describeUnmapped = (name: string, unmapped: UnmappedCommunes = {}, language: Language): string | undefined => {
  const codes = Object.keys(unmapped)
  if (codes.length === 0) return undefined
  const records = Object.values(unmapped).reduce((sum, of) => sum + of, 0)
  const told = codes.slice(0, CODES_SAID).map((code) => `${code} (${unmapped[code]})`)
  const more = codes.length - told.length
  return language === 'en'
    ? `At ${name} ${records} dossiers had to be compared one by one, and it is not known to which commune they belong: the administrative codes ${told.join(', ')}${more > 0 ? ` and ${more} more codes` : ''} over there have no mapping on the day of reception. Load it (lienthong mappings load).`
    : `${records} hồ sơ ở ${name} phải so từng hồ sơ một và không rõ thuộc xã nào: mã đơn vị hành chính bên đó ${told.join(', ')}${more > 0 ? ` và ${more} mã khác` : ''} không có ánh xạ vào ngày tiếp nhận. Hãy nạp ánh xạ (lienthong mappings load).`
}
