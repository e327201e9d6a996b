import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import type { Remote } from '../remote/access.js'
import { openGateway } from '../remote/ask-gateway.js'
import { DiagnosisDocument, type DiagnosisQuery, type SystemStateFragment } from '../remote/generated/graphql.js'
import type { Session } from '../session.js'
import { type Finding, fail, ok, warn } from './finding.js'
import { lookFindings, wsdlFinding } from './system-connections.js'

/** What a gateway tells of itself and of the systems behind it. Throws when it cannot be asked: then nothing else is known either. */
export const checkGateway = async (session: Session, options: Remote): Promise<Finding[]> => {
  const { say } = session
  const gateway = await openGateway(session, options)
  const startedAt = Date.now()
  const { data, at } = await gateway.askWithTime(DiagnosisDocument, {})
  const elapsedMs = Date.now() - startedAt
  const now = at ?? new Date()
  const enabled = data.systems.filter((system) => system.enabled)
  return [
    ok(say('cổng liên thông', 'gateway'), `${gateway.url}, ${elapsedMs} ms`),
    ...(at ? [clockFinding(at.getTime() - Date.now(), say)] : []),
    queueFinding(data, say),
    ...data.systemConnections.flatMap((look) => [
      ...lookFindings(look.systemId, look, say),
      ...(look.reached ? [wsdlFinding(look.systemId, look.servesWsdl, say)] : []),
    ]),
    ...enabled.flatMap((system) => [...gateFindings(system, say), backlogFinding(system, now, say), ...feedFindings(system, now, say)]),
    ...alarmFindings(data, say),
  ]
}

/** The header tells whole seconds, and an answer takes its time. */
const CLOCK_MS = { warn: 5_000, fail: 60_000 } as const

const clockFinding = (aheadMs: number, say: Say): Finding => {
  const check = say('đồng hồ của cổng so với máy này', 'clock of the gateway beside this one')
  const seconds = Math.round(aheadMs / 1_000)
  const says = say(`lệch ${seconds} giây`, `${seconds} s ahead`)
  const todo = say('chỉnh giờ hai máy theo cùng một máy chủ NTP.', 'set both clocks by NTP.')
  if (Math.abs(aheadMs) > CLOCK_MS.fail) return fail(check, says, todo)
  return Math.abs(aheadMs) > CLOCK_MS.warn ? warn(check, says, todo) : ok(check, says)
}

/** Of every process that can tell it in the database; where the queue is in PostgreSQL there is nothing to tell. */
const queueFinding = ({ queueOutages }: DiagnosisQuery, say: Say): Finding => {
  const check = say('hàng đợi', 'queue')
  const [first] = queueOutages
  if (!first) return ok(check, say('các tiến trình đều tới được', 'reached by all processes'))
  const processes = queueOutages.map(({ process, cause }) => `${process} (${cause})`).join(', ')
  const since = localInstant(first.since)
  return fail(
    check,
    say(
      `Redis không tới được từ ${since}, do ${processes} báo. Vẫn nhận hồ sơ và thông báo, vẫn tra cứu được, không mất gì; việc gửi, đọc thay đổi và đối soát của các tiến trình này nằm chờ`,
      `Redis cannot be reached since ${since}, as ${processes} tells. Dossiers and messages are taken in, look-ups are answered, nothing is lost; sending, reading changes and reconciliation of these processes wait`,
    ),
    say(
      'xem Redis (REDIS_URL) còn chạy không và đường mạng tới nó từ các máy đó; nó trở lại thì tự chạy tiếp, không phải gửi lại gì.',
      'see whether Redis (REDIS_URL) runs, and the network to it from there; when it is back all goes on by itself, nothing need be sent again.',
    ),
  )
}

const gateFindings = ({ id, paused, maintenance, breakers }: SystemStateFragment, say: Say): Finding[] => {
  const check = say(`cửa trước ${id}`, `gate of ${id}`)
  const open = (breakers ?? []).filter(({ state }) => state !== 'CLOSED')
  if (paused)
    return [
      warn(
        check,
        say(
          `tạm dừng từ ${localInstant(paused.since)} bởi ${paused.by}: ${paused.reason}`,
          `paused since ${localInstant(paused.since)} by ${paused.by}: ${paused.reason}`,
        ),
        `lienthong systems resume ${id} --reason "…"`,
      ),
    ]
  const running = maintenance.find(({ state }) => state === 'RUNNING')
  if (running)
    return [
      ok(
        check,
        say(
          `bảo trì đến ${localInstant(running.until)}: ${running.reason}`,
          `in maintenance until ${localInstant(running.until)}: ${running.reason}`,
        ),
      ),
    ]
  if (open.length === 0) return [ok(check, say('mở, cầu dao đóng', 'open, breakers closed'))]
  return open.map(({ operationClass, cause, until }) =>
    fail(
      check,
      say(
        `cầu dao ${operationClass} mở${until ? ` đến ${localInstant(until)}` : ''}: ${cause}`,
        `breaker ${operationClass} open${until ? ` until ${localInstant(until)}` : ''}: ${cause}`,
      ),
      say('hệ thống bên đó hỏng: báo họ; cổng tự thử lại.', 'their system fails: tell them; the gateway tries by itself.'),
    ),
  )
}

const MINUTE_MS = 60_000
const WAITED_MS = { warn: 15 * MINUTE_MS, fail: 240 * MINUTE_MS } as const

const backlogFinding = ({ id, queueDepth, attentionCount, oldestWaitingAt }: SystemStateFragment, now: Date, say: Say): Finding => {
  const check = say(`tồn đọng ${id}`, `backlog of ${id}`)
  const waitedMs = oldestWaitingAt ? now.getTime() - Date.parse(oldestWaitingAt) : 0
  const says = say(
    `${queueDepth} lượt đang chờ, lâu nhất ${Math.max(0, Math.round(waitedMs / MINUTE_MS))} phút; ${attentionCount} lượt cần người xử lý`,
    `${queueDepth} waiting, the oldest for ${Math.max(0, Math.round(waitedMs / MINUTE_MS))} min; ${attentionCount} need a person`,
  )
  const todo = `lienthong transfers list --system ${id} --state ${attentionCount > 0 ? 'HELD,REJECTED,EXHAUSTED' : 'QUEUED,WAITING_RETRY,INDETERMINATE'}`
  if (waitedMs > WAITED_MS.fail) return fail(check, says, todo)
  return waitedMs > WAITED_MS.warn || attentionCount > 0 ? warn(check, says, todo) : ok(check, says)
}

/** As long as the alert waits (`alerts.rules`, feedStalled): a feed that is read is read to its end every few seconds. */
const UNREAD_MS = 15 * MINUTE_MS

const feedFindings = ({ id, poll, maintenance }: SystemStateFragment, now: Date, say: Say): Finding[] => {
  if (!poll) return []
  const check = say(`dòng thay đổi ${id}`, `feed of ${id}`)
  if (poll.alarm)
    return [
      fail(
        check,
        poll.alarm,
        say('đối chiếu với bên đó rồi xóa cảnh báo (clearPollAlarm).', 'compare with them, then clear the alarm (clearPollAlarm).'),
      ),
    ]
  if (poll.stalled)
    return [
      warn(
        check,
        poll.stalled,
        say(
          'báo bên đó: một thay đổi không đọc được chặn các thay đổi sau.',
          'tell them: one change that cannot be read stops all behind it.',
        ),
      ),
    ]
  const read = poll.readToEndAt
  const says = read
    ? say(`đọc hết lúc ${localInstant(read)}`, `read to its end at ${localInstant(read)}`)
    : say('chưa đọc hết lần nào', 'never read to its end yet')
  const unreadMs = read ? now.getTime() - Date.parse(read) : 0
  if (unreadMs <= UNREAD_MS || maintenance.some(({ state }) => state === 'RUNNING')) return [ok(check, says)]
  return [
    warn(
      check,
      say(`${says}, đã ${Math.round(unreadMs / MINUTE_MS)} phút`, `${says}, ${Math.round(unreadMs / MINUTE_MS)} min ago`),
      say(
        'xem có tiến trình worker nào đang chạy, và hệ thống đó trả lời chậm hay gửi tệp lớn.',
        'see whether a worker runs, and whether that system answers slowly or sends large files.',
      ),
    ),
  ]
}

const alarmFindings = ({ atRisk, conflicts, recovery }: DiagnosisQuery, say: Say): Finding[] => [
  atRisk.totalCount === 0
    ? ok(say('nguy cơ trễ hạn', 'due dates'), say('không có', 'none at risk'))
    : warn(
        say('nguy cơ trễ hạn', 'due dates'),
        say(`${atRisk.totalCount} lượt`, `${atRisk.totalCount} transfers at risk`),
        'lienthong transfers list --at-risk',
      ),
  conflicts.totalCount === 0
    ? ok(say('thông điệp mâu thuẫn', 'conflicting messages'), say('không có', 'none'))
    : warn(
        say('thông điệp mâu thuẫn', 'conflicting messages'),
        String(conflicts.totalCount),
        say('xem inboxMessages(filter: {states: [CONFLICT]}).', 'look at inboxMessages(filter: {states: [CONFLICT]}).'),
      ),
  recovery.open
    ? warn(
        say('đợt khôi phục', 'recovery epoch'),
        say(
          `đang mở, còn ${recovery.remaining} lượt chưa hỏi xong: ${recovery.reason}`,
          `open, ${recovery.remaining} are still asked for: ${recovery.reason}`,
        ),
        'lienthong recovery status',
      )
    : ok(say('đợt khôi phục', 'recovery epoch'), say('không có', 'none')),
]
