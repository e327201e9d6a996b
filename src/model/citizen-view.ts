import { describeDay } from './calendar-day.js'
import { type DossierStatus, describeStatus } from './dossier-status.js'
import { SYSTEM_IN_SENTENCE, type SystemId } from './system.js'
import { describeInstant, localDateOf } from './working-calendar.js'

/**
 * Hồ sơ dưới mắt người dân: what one dossier waits for, and who is to do what, in words that need no knowledge of how the authorities work together. Trouble of
 * the interlink is said as such: nobody is sent home with "đang xử lý" while a message lies. Nothing here names a person.
 */
export const CITIZEN_WAITS = ['DESK', 'REGISTRY', 'TAX', 'APPLICANT', 'INTERLINK', 'NOBODY'] as const
/** Bộ phận một cửa, cơ quan đăng ký đất đai, cơ quan thuế, người nộp, việc chuyển giữa các hệ thống, không ai. */
export type CitizenWait = (typeof CITIZEN_WAITS)[number]

export const DUE_STATES = ['NOT_STARTED', 'RUNNING', 'OVERDUE', 'SUSPENDED', 'ENDED'] as const
export type DueState = (typeof DUE_STATES)[number]

/** The oldest thing that does not get through to a system. */
export interface Stuck {
  readonly systemId: SystemId
  /** A person has to do something about it; else it is tried again by itself. */
  readonly needsPerson: boolean
  readonly since: Date
  /** The system is closed for planned maintenance until then. */
  readonly maintenanceUntil: Date | null
}

export interface CitizenStanding {
  readonly status: DossierStatus
  readonly dueAt: Date
  readonly now: Date
  readonly taxNoticeKnown: boolean
  /** One a system at most. */
  readonly stuck: readonly Stuck[]
}

export interface CitizenView {
  readonly dueState: DueState
  readonly waitingFor: CitizenWait
  readonly waitingText: string
  readonly nextStep: string
  /** What the interlink does not get through beside what is waited for; null: all goes its way. */
  readonly trouble: string | null
  readonly troubleSince: Date | null
}

interface Waiting {
  readonly waitingFor: CitizenWait
  readonly waitingText: string
  readonly nextStep: string
}

const COME_BACK = 'Ông/bà chưa phải làm gì.'
const CALL_THE_DESK = 'Nếu cần biết thêm, xin hỏi bộ phận một cửa nơi đã nộp hồ sơ.'

const BY_STATUS: Record<DossierStatus, Waiting> = {
  SUBMITTED: {
    waitingFor: 'DESK',
    waitingText: 'Bộ phận một cửa đang xem hồ sơ để tiếp nhận.',
    nextStep: `${COME_BACK} Khi được tiếp nhận, hồ sơ có ngày hẹn trả.`,
  },
  ACCEPTED: { waitingFor: 'REGISTRY', waitingText: 'Hồ sơ đã tiếp nhận, chờ cơ quan đăng ký đất đai giải quyết.', nextStep: COME_BACK },
  IN_PROGRESS: { waitingFor: 'REGISTRY', waitingText: 'Cơ quan đăng ký đất đai đang giải quyết.', nextStep: COME_BACK },
  SUPPLEMENT_REQUIRED: {
    waitingFor: 'APPLICANT',
    waitingText: 'Chờ ông/bà nộp bổ sung giấy tờ. Thời hạn giải quyết tạm dừng trong lúc này.',
    nextStep: 'Xin nộp giấy tờ theo phiếu yêu cầu bổ sung, tại bộ phận một cửa nơi đã nộp hồ sơ hoặc trên Cổng dịch vụ công.',
  },
  FINANCIAL_OBLIGATION_REQUIRED: {
    waitingFor: 'APPLICANT',
    waitingText: 'Đã có thông báo thuế. Chờ ông/bà nộp tiền; thời hạn giải quyết tạm dừng trong lúc này.',
    nextStep: 'Xin nộp theo thông báo của cơ quan thuế và giữ chứng từ.',
  },
  NOT_ACCEPTED: {
    waitingFor: 'NOBODY',
    waitingText: 'Hồ sơ không được tiếp nhận, việc giải quyết đã kết thúc.',
    nextStep: `Lý do nêu trong phiếu từ chối. ${CALL_THE_DESK}`,
  },
  WITHDRAWN_BY_APPLICANT: {
    waitingFor: 'NOBODY',
    waitingText: 'Hồ sơ đã rút theo yêu cầu của người nộp.',
    nextStep: `Không phải làm gì. ${CALL_THE_DESK}`,
  },
  STOPPED: {
    waitingFor: 'APPLICANT',
    waitingText: 'Hồ sơ đã dừng giải quyết, có văn bản nêu lý do.',
    nextStep: 'Xin đến bộ phận một cửa nơi đã nộp hồ sơ để nhận văn bản và giấy tờ.',
  },
  COMPLETED: {
    waitingFor: 'APPLICANT',
    waitingText: 'Đã có kết quả, chờ ông/bà nhận.',
    nextStep: 'Xin mang giấy tiếp nhận hồ sơ đến bộ phận một cửa nơi đã nộp để nhận kết quả, hoặc chờ bưu điện nếu đã đăng ký.',
  },
  RESULT_RETURNED: { waitingFor: 'NOBODY', waitingText: 'Kết quả đã được trả, hồ sơ đã xong.', nextStep: 'Không phải làm gì.' },
}

const TAX_AUTHORITY: Waiting = {
  waitingFor: 'TAX',
  waitingText: 'Chờ thông báo của cơ quan thuế về nghĩa vụ tài chính. Thời hạn giải quyết tạm dừng trong lúc này.',
  nextStep: 'Khi có thông báo thuế xin nộp theo thông báo. Nếu ông/bà đã nhận hoặc đã nộp, xin báo bộ phận một cửa.',
}

const dueStateOf = ({ status, dueAt, now }: CitizenStanding): DueState => {
  const { clock } = describeStatus(status)
  if (clock === 'NOT_STARTED') return 'NOT_STARTED'
  if (clock === 'ENDED') return 'ENDED'
  if (clock === 'STOPPED') return 'SUSPENDED'
  return dueAt < now ? 'OVERDUE' : 'RUNNING'
}

const nameOf = (systemId: SystemId): string => (systemId === 'VILIS' ? 'cơ quan đăng ký đất đai' : SYSTEM_IN_SENTENCE[systemId])

const describeStuck = ({ systemId, needsPerson, since, maintenanceUntil }: Stuck): string => {
  const name = nameOf(systemId)
  if (maintenanceUntil) return `Hệ thống của ${name} đang bảo trì đến ${describeInstant(maintenanceUntil)}; thông tin sẽ tự chuyển sau đó.`
  const from = `từ ngày ${describeDay(localDateOf(since))}`
  return needsPerson
    ? `Thông tin của hồ sơ chưa chuyển được tới ${name} (${from}) và cần cán bộ vận hành xử lý.`
    : `Thông tin của hồ sơ đang chậm chuyển tới ${name} (${from}); hệ thống tự gửi lại.`
}

/** Whether what is stuck is what the dossier waits for: the registry cannot work on what it has not got, a result not at the desk cannot be fetched. */
const holdsUp = ({ status }: CitizenStanding, { systemId }: Stuck): boolean =>
  status === 'COMPLETED' || status === 'STOPPED'
    ? systemId === 'ONE_STOP'
    : describeStatus(status).clock !== 'ENDED' && (systemId === 'VILIS' || (systemId === 'ONE_STOP' && status === 'SUBMITTED'))

export const citizenViewOf = (standing: CitizenStanding): CitizenView => {
  const { status, stuck, taxNoticeKnown } = standing
  const dueState = dueStateOf(standing)
  const ordinary = status === 'FINANCIAL_OBLIGATION_REQUIRED' && !taxNoticeKnown ? TAX_AUTHORITY : BY_STATUS[status]
  const blocking = stuck.find((one) => holdsUp(standing, one))
  if (blocking)
    return {
      dueState,
      waitingFor: 'INTERLINK',
      waitingText: describeStuck(blocking),
      nextStep: `Không phải lỗi của ông/bà và không phải nộp lại hồ sơ. Nếu đã gần hoặc quá ngày hẹn trả, xin hỏi bộ phận một cửa nơi đã nộp.`,
      trouble: null,
      troubleSince: blocking.since,
    }
  const [beside] = ordinary.waitingFor === 'NOBODY' ? [] : stuck
  return { ...ordinary, dueState, trouble: beside ? describeStuck(beside) : null, troubleSince: beside?.since ?? null }
}
