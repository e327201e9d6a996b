import type { Language } from './language.js'

/** Nguy cơ trễ hạn: why an open transfer may not arrive before its dossier's due date, as it stood when the alarm was raised. */
const SENTENCES = {
  HELD: 'Đang giữ lại, chờ người xử lý',
  REJECTED: 'Bên nhận từ chối, chờ người xử lý',
  EXHAUSTED: 'Đã hết thời hạn thử lại, chờ người xử lý',
  BLOCKED: 'Chờ lượt đứng trước',
  UNCERTAIN: 'Chưa rõ bên nhận đã có hay chưa',
  UNAVAILABLE: 'Hệ thống nhận chưa sẵn sàng',
  WAITING: 'Chờ gửi quá lâu',
} as const

export type RiskReason = keyof typeof SENTENCES

const IN_ENGLISH: Readonly<Record<RiskReason, string>> = {
  HELD: 'Held, waits for a person',
  REJECTED: 'Refused by the other side, waits for a person',
  EXHAUSTED: 'The time for retries has run out, waits for a person',
  BLOCKED: 'Waits behind an earlier transfer',
  UNCERTAIN: 'Not known whether they have it',
  UNAVAILABLE: 'The other side is not ready',
  WAITING: 'Waits too long to be sent',
}

export const RISK_REASONS = Object.keys(SENTENCES) as readonly RiskReason[]
export const describeRisk = (reason: RiskReason, language: Language = 'vi'): string => (language === 'en' ? IN_ENGLISH : SENTENCES)[reason]

/** Vì sao hết cảnh báo: it arrived, a person gave it up, another took its place, or the due date was moved. */
export const RISK_ENDS = ['DELIVERED', 'ABANDONED', 'SUPERSEDED', 'DUE_DATE_MOVED'] as const
export type RiskEnd = (typeof RISK_ENDS)[number]
