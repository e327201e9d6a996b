import type { InEach, Language } from './language.js'
import { describeInstant } from './working-calendar.js'

/** Thao tác trên một lượt liên thông: what a named person may do with a transfer. The name stands in the audit. */
export const TRANSFER_ACTS = [
  'REPLAY',
  'CONFIRM_DELIVERED',
  'CONFIRM_ABSENT',
  'ABANDON',
  'SUPERSEDE',
  'AMEND',
  'APPROVE_AMENDMENT',
  'DECLINE_AMENDMENT',
] as const
export type ActName = (typeof TRANSFER_ACTS)[number]

const DONE: Record<ActName, string> = {
  REPLAY: 'gửi lại',
  CONFIRM_DELIVERED: 'xác nhận là đã có ở bên nhận',
  CONFIRM_ABSENT: 'xác nhận là chưa có ở bên nhận',
  ABANDON: 'hủy',
  SUPERSEDE: 'thay bằng lượt khác',
  AMEND: 'sửa nội dung',
  APPROVE_AMENDMENT: 'duyệt nội dung sửa',
  DECLINE_AMENDMENT: 'không duyệt nội dung sửa',
}

const IN_ENGLISH: Record<ActName, string> = {
  REPLAY: 'replayed it',
  CONFIRM_DELIVERED: 'confirmed that the other side has it',
  CONFIRM_ABSENT: 'confirmed that the other side does not have it',
  ABANDON: 'gave it up',
  SUPERSEDE: 'superseded it',
  AMEND: 'amended its content',
  APPROVE_AMENDMENT: 'approved the amended content',
  DECLINE_AMENDMENT: 'declined the amended content',
}

const OTHER: InEach<string> = { vi: 'xử lý', en: 'handled it' }

/** `… đã gửi lại`; what else stands in the audit of a transfer is some act. */
export const describeDone = (act: string, language: Language = 'vi'): string =>
  Object.hasOwn(DONE, act) ? (language === 'en' ? IN_ENGLISH : DONE)[act as ActName] : OTHER[language]

/** What somebody did with a transfer, as the audit keeps it. */
export interface LastAct {
  /** Name and subject of the person; of a source, its name and the officer there. */
  readonly actor: string
  /** SOURCE: nobody here did it, a source has told something newer. */
  readonly role: string
  readonly act: string
  readonly at: Date
}

/** `operator đã sửa nội dung lúc …`: who did what and when. */
export const describeLastAct = ({ actor, role, act, at }: LastAct, language: Language = 'vi'): string => {
  if (language === 'en') {
    const done = describeDone(act, 'en')
    return `${role === 'SOURCE' ? `its source (${actor}) told a newer version` : `${actor} ${done}`} at ${describeInstant(at, 'en')}`
  }
  return role === 'SOURCE'
    ? `nguồn (${actor}) đã báo phiên bản mới hơn lúc ${describeInstant(at)}`
    : `${actor} đã ${describeDone(act)} lúc ${describeInstant(at)}`
}

const VERSIONS = 2 ** 31

/**
 * Phiên bản của một lượt: another one after each move, since each writes the instant of the last change. Only whether it is still the same says anything. It
 * is that instant, cut to what an Int of GraphQL holds: the same number comes again after 24.8 days to the millisecond.
 */
export const versionOf = (updatedAt: Date): number => updatedAt.getTime() % VERSIONS

/** When the reader's version was the latest, by the one that is now. */
export const seenAt = (version: number, updatedAt: Date): Date =>
  new Date(updatedAt.getTime() - ((((versionOf(updatedAt) - version) % VERSIONS) + VERSIONS) % VERSIONS))
