import type { InEach } from './language.js'

/** Lời giải thích một lượt liên thông (`explain-transfer.ts`), in both languages. `name`: of the system, within a sentence; `at`: an instant in words. */
export interface ExplainWords {
  readonly ahead: (name: string, state: string) => string
  readonly aheadForPerson: string
  readonly aheadForMachine: string
  readonly maintenance: (name: string, until: string | undefined) => string
  readonly maintenanceNext: string
  readonly pause: (name: string) => string
  readonly pauseNext: string
  readonly breaker: (name: string) => string
  readonly breakerNext: (name: string) => string
  readonly queued: (name: string) => string
  readonly queuedAgain: string
  readonly queuedNext: string
  readonly sending: (name: string) => string
  readonly sendingNext: string
  readonly retry: (at: string | undefined) => string
  readonly retryNext: string
  readonly uncertain: (name: string, at: string | undefined) => string
  readonly uncertainNext: string
  readonly held: string
  readonly rejected: string
  readonly rejectedNext: string
  readonly exhausted: string
  readonly exhaustedNext: (name: string) => string
  readonly delivered: (name: string, at: string | undefined) => string
  readonly deliveredNext: string
  readonly abandoned: (at: string | undefined) => string
  readonly abandonedNext: string
  readonly superseded: string
  readonly supersededNext: string
}

const inVietnamese = (at: string | undefined): string => (at === undefined ? '' : ` lúc ${at}`)
const inEnglish = (at: string | undefined): string => (at === undefined ? '' : ` at ${at}`)

export const EXPLAIN_WORDS: InEach<ExplainWords> = {
  vi: {
    ahead: (name, state) => `chờ lượt đứng trước của hồ sơ này tới ${name}: ${state}.`,
    aheadForPerson: 'Hãy xử lý lượt đứng trước: lượt này tự đi khi lượt đó xong.',
    aheadForMachine: 'Chưa phải làm gì: lượt này tự đi khi lượt trước xong.',
    maintenance: (name, until) => `${name} đang bảo trì theo kế hoạch${until === undefined ? '' : ` đến ${until}`}.`,
    maintenanceNext: 'Chưa phải làm gì: lượt này giữ nguyên chỗ và tự đi khi hết bảo trì.',
    pause: (name) => `người vận hành đang tạm dừng việc gửi tới ${name}.`,
    pauseNext: 'Cho hệ thống chạy lại khi đã xong việc: lượt này giữ nguyên chỗ.',
    breaker: (name) => `tạm ngừng gọi ${name} vì các lần gọi gần đây đều hỏng.`,
    breakerNext: (name) => `Chưa phải làm gì: hệ thống tự thử lại. Nếu kéo dài quá 15 phút, báo đầu mối kỹ thuật của ${name}.`,
    queued: (name) => `đang chờ đến lượt gửi tới ${name}.`,
    queuedAgain: 'Đang chờ đến lượt gửi lại. Lần trước:',
    queuedNext: 'Chưa phải làm gì: hệ thống tự gửi.',
    sending: (name) => `đang gọi ${name}.`,
    sendingNext: 'Chưa phải làm gì: chờ trả lời.',
    retry: (at) => `Sẽ tự gửi lại${inVietnamese(at)}.`,
    retryNext: 'Chưa phải làm gì: hệ thống tự gửi lại.',
    uncertain: (name, at) => `Chưa rõ ${name} đã có hay chưa, sẽ tự hỏi lại${inVietnamese(at)}.`,
    uncertainNext: 'Chưa phải làm gì: hệ thống hỏi trước khi gửi lại.',
    held: 'Đang giữ lại.',
    rejected: 'Chờ người xử lý.',
    rejectedNext: 'Sửa dữ liệu ở nguồn rồi “Thay bằng nội dung mới”; hoặc “Sửa và gửi lại”; hoặc “Gửi lại”.',
    exhausted: 'Đã hết thời hạn thử lại, hệ thống không tự gửi nữa.',
    exhaustedNext: (name) => `Khi ${name} đã nhận lại bình thường: gửi lại lượt này.`,
    delivered: (name, at) => `${name} đã nhận${inVietnamese(at)}.`,
    deliveredNext: 'Không phải làm gì.',
    abandoned: (at) => `Đã hủy theo quyết định của người vận hành${inVietnamese(at)}, không gửi nữa.`,
    abandonedNext: 'Không phải làm gì. Nếu vẫn cần chuyển: thay bằng lượt khác.',
    superseded: 'Đã được thay bằng lượt khác, mang nội dung mới hơn.',
    supersededNext: 'Không phải làm gì: xem lượt đã thay.',
  },
  en: {
    ahead: (name, state) => `waits behind an earlier transfer of this dossier to ${name}: ${state}.`,
    aheadForPerson: 'Handle the earlier transfer: this one goes by itself when that one is done.',
    aheadForMachine: 'Nothing to do yet: this one goes by itself when the earlier one is done.',
    maintenance: (name, until) => `${name} is under planned maintenance${until === undefined ? '' : ` until ${until}`}.`,
    maintenanceNext: 'Nothing to do yet: it keeps its place and goes by itself when the maintenance is over.',
    pause: (name) => `an operator has paused sending to ${name}.`,
    pauseNext: 'Resume the system when the work is done: this transfer keeps its place.',
    breaker: (name) => `${name} is not called for now, because the latest calls have all failed.`,
    breakerNext: (name) =>
      `Nothing to do yet: the gateway tries again by itself. If it lasts over 15 minutes, tell the technical contact of ${name}.`,
    queued: (name) => `waits for its turn to go to ${name}.`,
    queuedAgain: 'Waits for its turn to be sent again. The last time:',
    queuedNext: 'Nothing to do yet: the gateway sends it by itself.',
    sending: (name) => `${name} is being called.`,
    sendingNext: 'Nothing to do yet: the answer is awaited.',
    retry: (at) => `Will be sent again by itself${inEnglish(at)}.`,
    retryNext: 'Nothing to do yet: the gateway sends it again by itself.',
    uncertain: (name, at) => `It is not known whether ${name} has it; the gateway asks again by itself${inEnglish(at)}.`,
    uncertainNext: 'Nothing to do yet: the gateway asks before it sends again.',
    held: 'Held.',
    rejected: 'Waits for a person.',
    rejectedNext: 'Mend the data at its source and “Supersede”; or “Amend and send”; or “Replay”.',
    exhausted: 'The time for retries has run out; the gateway does not send it by itself any more.',
    exhaustedNext: (name) => `When ${name} takes transfers again: replay this one.`,
    delivered: (name, at) => `${name} has taken it${inEnglish(at)}.`,
    deliveredNext: 'Nothing to do.',
    abandoned: (at) => `Given up by an operator${inEnglish(at)}; it is not sent any more.`,
    abandonedNext: 'Nothing to do. If it is needed after all: supersede it.',
    superseded: 'Superseded by another transfer, with newer content.',
    supersededNext: 'Nothing to do: see the transfer that has its place.',
  },
}
