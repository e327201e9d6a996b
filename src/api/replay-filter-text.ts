import { describeTransferState } from '../model/interlink-state.js'
import { PERSONAL_CONDITIONS } from '../model/replay-plan.js'
import { describeOperation, type Operation, SYSTEM_NAMES, type SystemId } from '../model/system.js'
import type { HeldReason, TransferState } from '../model/transfer-state.js'
import { describeInstant } from '../model/working-calendar.js'
import { HELD_TEXTS } from './enums.js'

type Asked = Readonly<Record<string, unknown>>

const list = <Name extends string>(names: unknown, textOf: (name: Name) => string): string => (names as Name[]).map(textOf).join(', ')
const instant = (value: unknown): string => describeInstant(new Date(value as string))

interface Parcel {
  readonly mapSheetNumber: string
  readonly parcelNumber: string
}

interface Commune {
  readonly code?: string
  readonly name?: string
  readonly on?: string
}

const communeText = ({ code, name, on }: Commune): string => [code, name, on && `(ngày ${on})`].filter(Boolean).join(' ')

const TEXTS: Readonly<Record<string, readonly [label: string, textOf: (value: unknown) => string]>> = {
  dossierCode: ['hồ sơ', String],
  applicant: ['người nộp', String],
  parcel: ['thửa đất', (value) => `tờ ${(value as Parcel).mapSheetNumber} thửa ${(value as Parcel).parcelNumber}`],
  certificateSerial: ['số phát hành', String],
  commune: ['xã', (value) => communeText(value as Commune)],
  procedureCode: ['thủ tục', String],
  text: ['từ khóa', (value) => `“${String(value)}”`],
  systems: ['hệ thống', (value) => list<SystemId>(value, (id) => SYSTEM_NAMES[id])],
  states: ['trạng thái', (value) => list<TransferState>(value, describeTransferState)],
  operations: ['nghiệp vụ', (value) => list<Operation>(value, describeOperation)],
  heldReasons: ['lý do giữ lại', (value) => list<HeldReason>(value, (name) => HELD_TEXTS[name])],
  causes: ['nguyên nhân', (value) => list<string>(value, String)],
  correlationId: ['mã vết', String],
  atRisk: ['nguy cơ trễ hạn', (value) => (value ? 'có' : 'không')],
  createdFrom: ['lập từ', instant],
  createdTo: ['lập đến', instant],
  dueFrom: ['hạn trả từ', instant],
  dueTo: ['hạn trả đến', instant],
  ids: ['đã chọn', (value) => `${(value as readonly unknown[]).length} lượt`],
}

/** Điều kiện bằng lời: a plan's filter in one line. `clear`: for who sees personal data. */
export const describeFilter = (asked: Asked, clear: boolean): string => {
  const parts = Object.entries(asked).map(([name, value]) => {
    const [label, textOf] = TEXTS[name] ?? [name, (other: unknown) => (Array.isArray(other) ? other.join(', ') : String(other))]
    // Who asks by a person's name or number sees persons; what they asked is not shown to who does not.
    const hidden = !clear && (PERSONAL_CONDITIONS as readonly string[]).includes(name)
    return `${label}: ${hidden ? '***' : textOf(value)}`
  })
  return parts.length === 0 ? 'Mọi lượt liên thông' : parts.join('; ')
}
