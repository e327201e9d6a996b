import { describeHeld } from '../model/cause-words.js'
import { describeTransferState } from '../model/interlink-state.js'
import type { Language } from '../model/language.js'
import { PERSONAL_CONDITIONS } from '../model/replay-plan.js'
import { describeOperation, type Operation, SYSTEM_NAMES, type SystemId, systemInSentence } from '../model/system.js'
import type { HeldReason, TransferState } from '../model/transfer-state.js'
import { describeInstant } from '../model/working-calendar.js'
import { HELD_TEXTS } from './enums.js'

type Asked = Readonly<Record<string, unknown>>

const list = <Name extends string>(names: unknown, textOf: (name: Name) => string): string =>
  (names as Name[]).map((name) => textOf(name)).join(', ')
const instant = (value: unknown, language: Language): string => describeInstant(new Date(value as string), language)

interface Parcel {
  readonly mapSheetNumber: string
  readonly parcelNumber: string
}

interface Commune {
  readonly code?: string
  readonly name?: string
  readonly on?: string
}

const communeText = ({ code, name, on }: Commune, language: Language): string =>
  [code, name, on && (language === 'en' ? `(on ${on})` : `(ngày ${on})`)].filter(Boolean).join(' ')

type TextOf = (value: unknown, language: Language) => string

/** Of each condition its label in Vietnamese and English, and what is asked of it. */
const TEXTS: Readonly<Record<string, readonly [vietnamese: string, english: string, textOf: TextOf]>> = {
  dossierCode: ['hồ sơ', 'dossier', String],
  applicant: ['người nộp', 'applicant', String],
  parcel: [
    'thửa đất',
    'parcel',
    (value, language) => {
      const { mapSheetNumber, parcelNumber } = value as Parcel
      return language === 'en' ? `sheet ${mapSheetNumber} parcel ${parcelNumber}` : `tờ ${mapSheetNumber} thửa ${parcelNumber}`
    },
  ],
  certificateSerial: ['số phát hành', 'serial number', String],
  commune: ['xã', 'commune', (value, language) => communeText(value as Commune, language)],
  procedureCode: ['thủ tục', 'procedure', String],
  text: ['từ khóa', 'words', (value) => `“${String(value)}”`],
  systems: [
    'hệ thống',
    'systems',
    (value, language) => list<SystemId>(value, (id) => (language === 'en' ? systemInSentence(id, 'en') : SYSTEM_NAMES[id])),
  ],
  states: ['trạng thái', 'states', (value, language) => list<TransferState>(value, (state) => describeTransferState(state, language))],
  operations: [
    'nghiệp vụ',
    'operations',
    (value, language) => list<Operation>(value, (operation) => describeOperation(operation, language)),
  ],
  heldReasons: [
    'lý do giữ lại',
    'held because',
    (value, language) =>
      list<HeldReason>(value, (name) =>
        language === 'en' ? describeHeld(name, 'the other side', 'en').what.replace(/\.$/, '') : HELD_TEXTS[name],
      ),
  ],
  causes: ['nguyên nhân', 'causes', (value) => list<string>(value, String)],
  correlationId: ['mã vết', 'correlation id', String],
  atRisk: ['nguy cơ trễ hạn', 'at risk', (value, language) => (language === 'en' ? (value ? 'yes' : 'no') : value ? 'có' : 'không')],
  createdFrom: ['lập từ', 'planned from', instant],
  createdTo: ['lập đến', 'planned until', instant],
  dueFrom: ['hạn trả từ', 'due from', instant],
  dueTo: ['hạn trả đến', 'due until', instant],
  ids: ['đã chọn', 'picked', (value, language) => `${(value as readonly unknown[]).length} ${language === 'en' ? 'transfers' : 'lượt'}`],
}

const asGiven: TextOf = (value) => (Array.isArray(value) ? value.join(', ') : String(value))

/** Điều kiện bằng lời: a plan's filter in one line. `clear`: for who sees personal data. */
export const describeFilter = (asked: Asked, clear: boolean, language: Language = 'vi'): string => {
  const parts = Object.entries(asked).map(([name, value]) => {
    const [vietnamese, english, textOf] = TEXTS[name] ?? [name, name, asGiven]
    // Who asks by a person's name or number sees persons; what they asked is not shown to who does not.
    const hidden = !clear && (PERSONAL_CONDITIONS as readonly string[]).includes(name)
    return `${language === 'en' ? english : vietnamese}: ${hidden ? '***' : textOf(value, language)}`
  })
  if (parts.length > 0) return parts.join('; ')
  return language === 'en' ? 'Every transfer' : 'Mọi lượt liên thông'
}
