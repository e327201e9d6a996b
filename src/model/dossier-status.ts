/**
 * Trạng thái hồ sơ quốc gia: the closed national list 1..10 that every party shares (national portal data standard).
 * "Being interlinked" is not among them: that is the transfer's state. Clock and terminal columns are ours, inferred
 * from practice. 5 and 6 stop the legal clock.
 */
export const DOSSIER_STATUSES = [
  { code: 1, status: 'SUBMITTED', vi: 'Mới đăng ký', en: 'Handed in', clock: 'NOT_STARTED', terminal: false },
  { code: 2, status: 'ACCEPTED', vi: 'Được tiếp nhận', en: 'Accepted', clock: 'RUNS', terminal: false },
  { code: 3, status: 'NOT_ACCEPTED', vi: 'Không được tiếp nhận', en: 'Not accepted', clock: 'ENDED', terminal: true },
  { code: 4, status: 'IN_PROGRESS', vi: 'Đang xử lý', en: 'In progress', clock: 'RUNS', terminal: false },
  {
    code: 5,
    status: 'SUPPLEMENT_REQUIRED',
    vi: 'Yêu cầu bổ sung giấy tờ',
    en: 'Further papers required',
    clock: 'STOPPED',
    terminal: false,
  },
  {
    code: 6,
    status: 'FINANCIAL_OBLIGATION_REQUIRED',
    vi: 'Yêu cầu thực hiện nghĩa vụ tài chính',
    en: 'Financial obligation to be met',
    clock: 'STOPPED',
    terminal: false,
  },
  {
    code: 7,
    status: 'WITHDRAWN_BY_APPLICANT',
    vi: 'Công dân yêu cầu rút hồ sơ',
    en: 'Withdrawn by the applicant',
    clock: 'ENDED',
    terminal: true,
  },
  { code: 8, status: 'STOPPED', vi: 'Dừng xử lý', en: 'Stopped', clock: 'ENDED', terminal: true },
  { code: 9, status: 'COMPLETED', vi: 'Đã xử lý xong', en: 'Completed', clock: 'ENDED', terminal: false },
  { code: 10, status: 'RESULT_RETURNED', vi: 'Đã trả kết quả', en: 'Result handed out', clock: 'ENDED', terminal: true },
] as const

export type DossierStatus = (typeof DOSSIER_STATUSES)[number]['status']

const byStatus = new Map(DOSSIER_STATUSES.map((row) => [row.status, row]))
const byCode = new Map(DOSSIER_STATUSES.map((row) => [row.code as number, row]))

export const describeStatus = (status: DossierStatus): (typeof DOSSIER_STATUSES)[number] =>
  byStatus.get(status) as (typeof DOSSIER_STATUSES)[number]

export const nationalCode = (status: DossierStatus): number => describeStatus(status).code

/** Undefined for a number outside 1..10: the caller refuses it, it is never guessed. */
export const statusOfNationalCode = (code: number): DossierStatus | undefined => byCode.get(code)?.status

/**
 * Legal moves of the national status. Staying is always legal (a progress report without a move). 5 → 4 and 6 → 4 are
 * legal (the supplement came, the obligation was met); a finished dossier is not re-opened by a late report.
 */
const LEGAL_MOVES: Record<DossierStatus, readonly DossierStatus[]> = {
  SUBMITTED: ['ACCEPTED', 'NOT_ACCEPTED', 'IN_PROGRESS', 'WITHDRAWN_BY_APPLICANT'],
  ACCEPTED: ['IN_PROGRESS', 'SUPPLEMENT_REQUIRED', 'FINANCIAL_OBLIGATION_REQUIRED', 'WITHDRAWN_BY_APPLICANT', 'STOPPED', 'COMPLETED'],
  NOT_ACCEPTED: [],
  IN_PROGRESS: ['SUPPLEMENT_REQUIRED', 'FINANCIAL_OBLIGATION_REQUIRED', 'WITHDRAWN_BY_APPLICANT', 'STOPPED', 'COMPLETED'],
  SUPPLEMENT_REQUIRED: ['IN_PROGRESS', 'FINANCIAL_OBLIGATION_REQUIRED', 'WITHDRAWN_BY_APPLICANT', 'STOPPED', 'COMPLETED'],
  FINANCIAL_OBLIGATION_REQUIRED: ['IN_PROGRESS', 'SUPPLEMENT_REQUIRED', 'WITHDRAWN_BY_APPLICANT', 'STOPPED', 'COMPLETED'],
  WITHDRAWN_BY_APPLICANT: [],
  STOPPED: ['RESULT_RETURNED'],
  COMPLETED: ['RESULT_RETURNED'],
  RESULT_RETURNED: [],
}

export const isLegalStatusMove = (from: DossierStatus, to: DossierStatus): boolean => from === to || LEGAL_MOVES[from].includes(to)

/** Whether `to` may still be reached from `from` by legal moves: an illegal report is then early, else it is out of the question. */
export const isReachableStatus = (from: DossierStatus, to: DossierStatus): boolean => {
  const reached = new Set<DossierStatus>([from])
  for (const status of reached) for (const next of LEGAL_MOVES[status]) reached.add(next)
  return reached.has(to)
}
