import { type AlertRule, describeTrouble, isOfGateway, type NoticeKind, type NoticeMessage, type OpenAlert } from '../model/alert.js'
import { SYSTEM_NAMES } from '../model/system.js'
import { describeInstant } from '../model/working-calendar.js'

export interface PlannedNotice {
  readonly alertId: string
  readonly kind: AboutAlert
  readonly message: NoticeMessage
}

const MINUTE_MS = 60_000

type AboutAlert = Exclude<NoticeKind, 'TEST'>

const HEAD: Record<AboutAlert, string> = { OPENED: 'Cảnh báo', RENEWED: 'Nặng thêm', CLOSED: 'Đã hết' }

/** What to do first. */
const ADVICE: Record<AlertRule, string> = {
  SYSTEM_DOWN: 'Lượt liên thông được giữ lại và tự gửi khi hệ thống trả lời. Hãy báo đơn vị quản lý hệ thống đó.',
  SYSTEM_REFUSING:
    'Lượt liên thông được giữ lại và tự gửi khi hệ thống nhận. Lỗi gần nhất trên trang Hệ thống cho biết vì sao: bảo trì, chưa cấp quyền, từ chối tài khoản, hay lỗi bên đó.',
  QUEUE_AWAY:
    'Không mất gì: khi Redis trở lại, các lượt tự đi tiếp. Hãy xem Redis (REDIS_URL) còn chạy không và đường mạng tới nó; biểu ngữ của bảng điều khiển và lienthong doctor --remote nêu tiến trình nào không tới được, vì sao.',
  OLDEST_WAITING: 'Hãy xem cầu dao, giới hạn và tạm dừng của hệ thống trên trang vận hành.',
  FAILURE_SHARE: 'Hãy xem các nguyên nhân lỗi trên trang vận hành: thường một nguyên nhân gây ra phần lớn lỗi.',
  DUE_DATE_RISK: 'Hãy xử lý các lượt liên thông của những hồ sơ gần hạn trả nhất trước.',
  HELD_TRANSFERS: 'Các lượt này không tự đi tiếp: hãy xem trang Nguyên nhân lỗi, sửa rồi gửi lại.',
  FEED_STALLED: 'Thay đổi từ hệ thống này chưa về: hãy xem tình trạng đọc thay đổi trên trang vận hành.',
  DISCREPANCIES: 'Hãy xem trang Sai lệch đối soát trước khi sửa hàng loạt: hệ thống đó có thể đã được phục hồi hoặc đổi dữ liệu.',
  RECONCILIATION_STOPPED: 'Hãy xem trang Lượt đối soát: lượt đang chờ gì, hoặc vì sao đã bỏ dở, rồi mở lại.',
  COMMUNES_UNMAPPED:
    'Hồ sơ dưới các mã này ở bên đó phải đối soát từng hồ sơ một, sai lệch của chúng chỉ người xem được mọi xã mới thấy. Trang Lượt đối soát nêu từng mã: hãy nạp ánh xạ (lienthong mappings load).',
  FEED_ALARM: 'Toàn bộ dòng thay đổi đang được đọc lại. Hãy hỏi đơn vị quản lý xem dữ liệu có bị phục hồi không.',
}

const linkOf = (consoleUrl: string | undefined, alertId: string): string | null =>
  consoleUrl === undefined ? null : `${consoleUrl.replace(/\/$/, '')}/alerts?id=${alertId}`

const lasted = (alert: OpenAlert, closedAt: Date): number => Math.round((closedAt.getTime() - alert.openedAt.getTime()) / MINUTE_MS)

export const noticeOf = (
  alert: OpenAlert,
  kind: AboutAlert,
  { now, consoleUrl }: { readonly now: Date; readonly consoleUrl: string | undefined },
): PlannedNotice => {
  const { id, rule, systemId, value, threshold, openedAt } = alert
  const link = linkOf(consoleUrl, id)
  const isOver = kind === 'CLOSED'
  const text = [
    `${describeTrouble(alert)}.`,
    `Mở lúc ${describeInstant(openedAt)}.`,
    isOver ? `Hết lúc ${describeInstant(now)}, kéo dài ${lasted(alert, now)} phút.` : ADVICE[rule],
    ...(link === null ? [] : [`Xem: ${link}`]),
  ]
  const message: NoticeMessage = {
    alertId: id,
    kind,
    rule,
    systemId: isOfGateway(rule) ? null : systemId,
    systemName: isOfGateway(rule) ? null : SYSTEM_NAMES[systemId],
    value,
    threshold,
    openedAt: openedAt.toISOString(),
    closedAt: isOver ? now.toISOString() : null,
    title: `${HEAD[kind]}: ${describeTrouble(alert)}`,
    text: text.join('\n'),
    link,
  }
  return { alertId: id, kind, message }
}
