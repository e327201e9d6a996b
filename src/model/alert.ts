import { upperFirst } from './first-letter.js'
import type { Language } from './language.js'
import { SYSTEM_NAMES, type SystemId, systemInSentence } from './system.js'

/**
 * Cảnh báo vận hành: what a person must hear of though they are not looking. Each rule is about one system, or about the gateway itself; while it is broken there is one open alert of it. What
 * is told holds numbers and the system's name, never anything of a dossier or a person.
 */
export const ALERT_RULES = [
  'SYSTEM_DOWN',
  'SYSTEM_REFUSING',
  'QUEUE_AWAY',
  'OLDEST_WAITING',
  'FAILURE_SHARE',
  'DUE_DATE_RISK',
  'HELD_TRANSFERS',
  'FEED_STALLED',
  'FEED_ALARM',
  'DISCREPANCIES',
  'RECONCILIATION_STOPPED',
  'COMMUNES_UNMAPPED',
] as const
export type AlertRule = (typeof ALERT_RULES)[number]

/** Of the gateway and of no system. Every alert is kept under one: these always under the same. */
const OF_GATEWAY: readonly AlertRule[] = ['QUEUE_AWAY']
export const GATEWAY_ALERTS_UNDER: SystemId = 'VILIS'
export const isOfGateway = (rule: AlertRule): boolean => OF_GATEWAY.includes(rule)

export interface Trouble {
  readonly rule: AlertRule
  readonly systemId: SystemId
  /** Minutes, a count or a percentage, as the rule measures. */
  readonly value: number
  readonly threshold: number
}

const SENTENCES: Record<AlertRule, (system: string, value: number) => string> = {
  SYSTEM_DOWN: (system, value) => `${system} không trả lời đã ${value} phút`,
  SYSTEM_REFUSING: (system, value) => `${system} trả lời nhưng không phục vụ đã ${value} phút`,
  QUEUE_AWAY: (_, value) => `Hàng đợi (Redis) không tới được đã ${value} phút: hồ sơ vẫn nhận, lượt liên thông phải chờ`,
  OLDEST_WAITING: (system, value) => `${system}: có lượt liên thông chờ gửi đã ${value} phút`,
  FAILURE_SHARE: (system, value) => `${system}: ${value}% số lần gửi gần đây không thành`,
  DUE_DATE_RISK: (system, value) => `${system}: ${value} hồ sơ có nguy cơ trễ hạn trả vì liên thông`,
  HELD_TRANSFERS: (system, value) => `${system}: ${value} lượt liên thông chờ người xử lý (giữ lại, bị từ chối, hết thời hạn thử)`,
  FEED_STALLED: (system, value) => `${system}: dòng thay đổi chưa đọc hoặc chưa áp dụng được hết đã ${value} phút`,
  FEED_ALARM: (system) => `${system}: dòng thay đổi chạy lùi, hệ thống có thể đã được phục hồi từ bản sao lưu`,
  DISCREPANCIES: (system, value) => `${system}: ${value} sai lệch đối soát đang mở, nhiều bất thường`,
  RECONCILIATION_STOPPED: (system, value) => `${system}: lượt đối soát không tiến thêm hoặc đã bỏ dở từ ${value} phút`,
  COMMUNES_UNMAPPED: (system, value) => `${system}: ${value} mã đơn vị hành chính chưa có ánh xạ, không rõ hồ sơ dưới đó thuộc xã nào`,
}

const IN_ENGLISH: typeof SENTENCES = {
  SYSTEM_DOWN: (system, value) => `${system} has not answered for ${value} minutes`,
  SYSTEM_REFUSING: (system, value) => `${system} has answered without serving for ${value} minutes`,
  QUEUE_AWAY: (_, value) => `the queue (Redis) has been out of reach for ${value} minutes: dossiers are taken in, transfers wait`,
  OLDEST_WAITING: (system, value) => `${system}: a transfer has waited for ${value} minutes to be sent`,
  FAILURE_SHARE: (system, value) => `${system}: ${value}% of the latest sendings have failed`,
  DUE_DATE_RISK: (system, value) => `${system}: ${value} dossiers may miss their due date because of the interlink`,
  HELD_TRANSFERS: (system, value) => `${system}: ${value} transfers wait for a person (held, refused, or out of time)`,
  FEED_STALLED: (system, value) => `${system}: the feed has not been read or applied to its end for ${value} minutes`,
  FEED_ALARM: (system) => `${system}: the feed runs backwards, the system may have been restored from a backup`,
  DISCREPANCIES: (system, value) => `${system}: ${value} discrepancies are open, unusually many`,
  RECONCILIATION_STOPPED: (system, value) => `${system}: reconciliation has not moved on, or was left unfinished, for ${value} minutes`,
  COMMUNES_UNMAPPED: (system, value) =>
    `${system}: ${value} commune codes have no mapping, nobody knows of which commune the dossiers under them are`,
}

export const describeTrouble = ({ rule, systemId, value }: Omit<Trouble, 'threshold'>, language: Language = 'vi'): string =>
  language === 'en' ? upperFirst(IN_ENGLISH[rule](systemInSentence(systemId, 'en'), value)) : SENTENCES[rule](SYSTEM_NAMES[systemId], value)

/** TEST is of no alert: by it a person sees whether a channel reaches whom it should. */
export const NOTICE_KINDS = ['OPENED', 'RENEWED', 'CLOSED', 'TEST'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

export const NOTICE_STATES = ['WAITING', 'SENT', 'GIVEN_UP'] as const
export type NoticeState = (typeof NOTICE_STATES)[number]

/**
 * What a notice says, as it is kept and sent: numbers, times and the system's name, nothing of a dossier or a person. Times are ISO-8601 UTC. Null, of a test:
 * it is about nothing; the system alone: it is about the gateway.
 */
export interface NoticeMessage {
  readonly alertId: string | null
  readonly kind: NoticeKind
  readonly rule: AlertRule | null
  readonly systemId: SystemId | null
  readonly systemName: string | null
  readonly value: number | null
  readonly threshold: number | null
  readonly openedAt: string | null
  readonly closedAt: string | null
  /** One line. */
  readonly title: string
  readonly text: string
  /** Where the console shows it; null: no address of the console is configured. */
  readonly link: string | null
}

/** An alert that is open, as it stands before a look. */
export interface OpenAlert extends Trouble {
  readonly id: string
  readonly openedAt: Date
  readonly toldAt: Date | null
  readonly toldValue: number | null
  /** Since when somebody is on it; null: nobody has said so. */
  readonly acknowledgedAt: Date | null
}

/** When people were last told of a rule and system, by this alert or one before it. */
export interface LastTold {
  readonly rule: AlertRule
  readonly systemId: SystemId
  readonly at: Date
}

export interface AlertDecision {
  readonly open: readonly Trouble[]
  readonly renew: readonly (Trouble & { readonly id: string })[]
  readonly close: readonly OpenAlert[]
  /** Of these there is to be a notice: a new one, one that was kept back until now, or one that has become twice as bad since it was told. */
  readonly tell: readonly (Trouble & { readonly kind: 'OPENED' | 'RENEWED' })[]
}

/** One trouble, by whichever of them it shows: a system that is overloaded is silent to one call and answers the next one by a fault. */
const NOT_SERVING: readonly AlertRule[] = ['SYSTEM_DOWN', 'SYSTEM_REFUSING']

const keyOf = ({ rule, systemId }: Pick<Trouble, 'rule' | 'systemId'>): string =>
  `${NOT_SERVING.includes(rule) ? NOT_SERVING.join() : rule} ${systemId}`

/**
 * What becomes of the open alerts after a look. People are told of a rule and system at most once in `quietMs`, however often it comes and goes; what
 * is still broken when that time is over is told then. Of what somebody has acknowledged they are not told again. That it is mended is told whenever
 * the trouble was. An alert that shows by another rule now (`NOT_SERVING`) goes on under that one.
 */
export const decideAlerts = (
  open: readonly OpenAlert[],
  found: readonly Trouble[],
  { lastTold, now, quietMs }: { readonly lastTold: readonly LastTold[]; readonly now: Date; readonly quietMs: number },
): AlertDecision => {
  const known = new Map(open.map((alert) => [keyOf(alert), alert]))
  const broken = new Set(found.map(keyOf))
  const toldAt = new Map(lastTold.map((told) => [keyOf(told), told.at.getTime()]))
  const isQuiet = (trouble: Trouble): boolean => {
    const told = [toldAt.get(keyOf(trouble)), known.get(keyOf(trouble))?.toldAt?.getTime()]
    return told.some((at) => at !== undefined && now.getTime() - at < quietMs)
  }
  return {
    open: found.filter((trouble) => !known.has(keyOf(trouble))),
    renew: found.flatMap((trouble) => {
      const alert = known.get(keyOf(trouble))
      return alert ? [{ ...trouble, id: alert.id }] : []
    }),
    close: open.filter((alert) => !broken.has(keyOf(alert))),
    tell: found.flatMap((trouble): AlertDecision['tell'] => {
      if (isQuiet(trouble)) return []
      const alert = known.get(keyOf(trouble))
      if (alert && alert.acknowledgedAt !== null) return []
      if (!alert || alert.toldAt === null) return [{ ...trouble, kind: 'OPENED' }]
      return trouble.value >= Math.max(1, alert.toldValue ?? 0) * 2 ? [{ ...trouble, kind: 'RENEWED' }] : []
    }),
  }
}
