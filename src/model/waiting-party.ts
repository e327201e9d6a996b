/**
 * Bên đang được chờ: at every moment of a dossier's processing exactly one party is waited for, so that the times of all of them together are the whole. INTERLINK
 * is nobody's desk: what the next party needs was told and has not come to it.
 */
export const WAITING_PARTIES = ['DESK', 'REGISTRY', 'TAX', 'APPLICANT', 'INTERLINK'] as const
export type WaitingParty = (typeof WAITING_PARTIES)[number]

const NAMES: Record<WaitingParty, string> = {
  DESK: 'Bộ phận một cửa',
  REGISTRY: 'Cơ quan đăng ký đất đai',
  TAX: 'Cơ quan thuế',
  APPLICANT: 'Người nộp hồ sơ',
  INTERLINK: 'Liên thông giữa các hệ thống',
}

export const describeParty = (party: WaitingParty): string => NAMES[party]
