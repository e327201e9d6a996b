import type { CauseSide } from './cause-classes.js'
import { describeCause, describeSide, HELD_WORDS } from './cause-words.js'
import type { CauseKey } from './failure-cause.js'
import { describeTransferState, interlinkStateOf } from './interlink-state.js'
import { SYSTEM_IN_SENTENCE, systemOf } from './system.js'
import type { HeldReason, TransferState } from './transfer-state.js'
import { describeInstant } from './working-calendar.js'

/**
 * Giải thích một lượt liên thông in plain words, whatever its state: what happened, whose side the cause is on, and what to do now. The words of what failed are
 * those of its cause (`cause-words.ts`); of what merely waits they say what it waits for.
 */
export interface TransferStanding {
  readonly operation: CauseKey['operation']
  readonly state: TransferState
  readonly heldReason: HeldReason | null
  readonly nextAttemptAt: Date | null
  readonly settledAt: Date | null
  /** Of its last failure. */
  readonly cause: CauseKey | null
  /** State of the first transfer in the order that is not settled and stands before it. */
  readonly ahead: TransferState | null
  /** Its system is not called now: by a person's pause, its breaker, or its planned maintenance. */
  readonly shut: 'PAUSE' | 'BREAKER' | 'MAINTENANCE' | null
  /** Of a maintenance: its planned end. */
  readonly shutUntil?: Date | null
}

export interface Explanation {
  readonly what: string
  /** Null: nothing is wrong. */
  readonly side: CauseSide | null
  readonly sideLabel: string | null
  readonly nextStep: string
}

const NOTHING = 'Chưa phải làm gì'

const well = (what: string, nextStep: string): Explanation => ({ what, side: null, sideLabel: null, nextStep })

const ofWaiting = (standing: TransferStanding, name: string): Explanation | undefined => {
  const { ahead, shut, cause } = standing
  if (ahead) {
    const needsPerson = interlinkStateOf(ahead) === 'NEEDS_ATTENTION'
    return well(
      `Chờ lượt đứng trước của hồ sơ này tới ${name}: ${lowerFirst(describeTransferState(ahead))}.`,
      needsPerson ? 'Hãy xử lý lượt đứng trước: lượt này tự đi khi lượt đó xong.' : `${NOTHING}: lượt này tự đi khi lượt trước xong.`,
    )
  }
  if (shut === 'MAINTENANCE')
    return well(
      `${upperFirst(name)} đang bảo trì theo kế hoạch${standing.shutUntil ? ` đến ${describeInstant(standing.shutUntil)}` : ''}.`,
      `${NOTHING}: lượt này giữ nguyên chỗ và tự đi khi hết bảo trì.`,
    )
  if (shut === 'PAUSE')
    return {
      what: `Người vận hành đang tạm dừng việc gửi tới ${name}.`,
      side: 'OURS',
      sideLabel: describeSide('OURS', name),
      nextStep: 'Cho hệ thống chạy lại khi đã xong việc: lượt này giữ nguyên chỗ.',
    }
  if (shut === 'BREAKER') {
    const words = cause && describeCause(cause)
    const side = words?.side ?? 'THEIRS'
    return {
      what: `Tạm ngừng gọi ${name} vì các lần gọi gần đây đều hỏng${words ? `. ${words.title}` : '.'}`,
      side,
      sideLabel: describeSide(side, name),
      nextStep: words?.nextStep ?? `${NOTHING}: hệ thống tự thử lại. Nếu kéo dài quá 15 phút, báo đầu mối kỹ thuật của ${name}.`,
    }
  }
  return undefined
}

/** What a state says, with the words of what failed where there is a failure. */
const ofFailure = (cause: CauseKey | null, name: string, what: string, next: (nextStep: string | undefined) => string): Explanation => {
  const words = cause && describeCause(cause)
  const side = words?.side ?? 'UNKNOWN'
  return {
    what: words ? `${what} ${words.title}` : what,
    side,
    sideLabel: describeSide(side, name),
    nextStep: next(words?.nextStep),
  }
}

const ofHeld = ({ heldReason, cause }: TransferStanding, name: string): Explanation => {
  const words = HELD_WORDS[heldReason ?? 'UNCERTAIN']
  const why = cause && describeCause(cause)
  // Of what nobody knows the outcome, the cause says why not, and the reason to hold what to do; of all others the cause is the more precise.
  const isOpenQuestion = heldReason === null || heldReason === 'UNCERTAIN'
  const side = why?.side ?? words.side
  return {
    what:
      isOpenQuestion || !why ? `Đang giữ lại. ${upperFirst(words.what(name))}.${why ? ` ${why.title}` : ''}` : `Đang giữ lại. ${why.title}`,
    side,
    sideLabel: describeSide(side, name),
    nextStep: isOpenQuestion || !why ? upperFirst(words.next(name)) : why.nextStep,
  }
}

export const explainTransfer = (standing: TransferStanding): Explanation => {
  const { operation, state, nextAttemptAt, settledAt, cause } = standing
  const name = SYSTEM_IN_SENTENCE[systemOf(operation)]
  const at = nextAttemptAt ? ` lúc ${describeInstant(nextAttemptAt)}` : ''
  switch (state) {
    case 'PLANNED':
    case 'QUEUED':
      return (
        ofWaiting(standing, name) ??
        (cause
          ? ofFailure(cause, name, 'Đang chờ đến lượt gửi lại. Lần trước:', () => `${NOTHING}: hệ thống tự gửi.`)
          : well(`Đang chờ đến lượt gửi tới ${name}.`, `${NOTHING}: hệ thống tự gửi.`))
      )
    case 'SENDING':
      return well(`Đang gọi ${name}.`, `${NOTHING}: chờ trả lời.`)
    case 'WAITING_RETRY':
      return (
        ofWaiting(standing, name) ?? ofFailure(cause, name, `Sẽ tự gửi lại${at}.`, (next) => next ?? `${NOTHING}: hệ thống tự gửi lại.`)
      )
    case 'INDETERMINATE':
      return (
        ofWaiting(standing, name) ??
        ofFailure(
          cause,
          name,
          `Chưa rõ ${name} đã có hay chưa, sẽ tự hỏi lại${at}.`,
          (next) => next ?? `${NOTHING}: hệ thống hỏi trước khi gửi lại.`,
        )
      )
    case 'HELD':
      return ofHeld(standing, name)
    case 'REJECTED':
      return ofFailure(cause, name, 'Chờ người xử lý.', (next) => next ?? 'Sửa dữ liệu ở nguồn rồi thay lượt, hoặc gửi lại.')
    case 'EXHAUSTED':
      return ofFailure(
        cause,
        name,
        'Đã hết thời hạn thử lại, hệ thống không tự gửi nữa.',
        (next) => `${next ? `${next} ` : ''}Khi ${name} đã nhận lại bình thường: gửi lại lượt này.`,
      )
    case 'DELIVERED':
      return well(`${upperFirst(name)} đã nhận${settledAt ? ` lúc ${describeInstant(settledAt)}` : ''}.`, 'Không phải làm gì.')
    case 'ABANDONED':
      return well(
        `Đã hủy theo quyết định của người vận hành${settledAt ? ` lúc ${describeInstant(settledAt)}` : ''}, không gửi nữa.`,
        'Không phải làm gì. Nếu vẫn cần chuyển: thay bằng lượt khác.',
      )
    case 'SUPERSEDED':
      return well('Đã được thay bằng lượt khác, mang nội dung mới hơn.', 'Không phải làm gì: xem lượt đã thay.')
  }
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
