import type { Command } from 'commander'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { wholeNumber } from '../option-values.js'
import { type Column, linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import {
  AcknowledgeAlertDocument,
  AlertChannelsDocument,
  type AlertLineFragment,
  AlertsDocument,
  type NoticeLineFragment,
  TestAlertChannelsDocument,
} from './generated/graphql.js'

/** `lienthong alerts list | ack | test`: cảnh báo vận hành, and whether they reach anybody. */
export const declareAlerts = (program: Command, session: Session): void => {
  const { say } = session
  const group = program
    .command('alerts')
    .description(say('cảnh báo vận hành và các kênh báo, qua cổng', 'alerts and their channels, through the gateway'))
  declareRemote(group, 'list', say('các cảnh báo đang mở', 'the open alerts'), session)
    .option('--all', say('cả những cảnh báo đã hết', 'also those that are over'))
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 100, say), 50)
    .action((options: Remote & { all?: boolean; limit: number }) => listAlerts(session, options))
  declareAct(
    group,
    'ack <alert>',
    say('nhận xử lý: không nhắc lại nữa, chỉ báo khi hết', 'take it: nobody is told again, only that it is over'),
    session,
  ).action((alertId: string, options: Acting) => acknowledge(session, alertId, options))
  declareAct(
    group,
    'test',
    say('gửi thông báo thử qua từng kênh và chờ kết quả', 'send a test over each channel and wait for what becomes of it'),
    session,
  )
    .option('--channel <name>', say('chỉ kênh này: mail, hoặc webhook:<tên>', 'this channel alone: mail, or webhook:<name>'))
    .option('--wait <seconds>', say('chờ nhiều nhất bao lâu', 'wait at most so long'), wholeNumber(0, 3_600, say), 60)
    .action((options: Acting & { channel?: string; wait: number }) => test(session, options))
}

const alertColumns = (say: Say): Column<AlertLineFragment>[] => [
  { heading: say('cảnh báo', 'alert'), of: ({ id }) => id },
  { heading: say('quy tắc', 'rule'), of: ({ rule }) => rule },
  { heading: say('hệ thống', 'system'), of: ({ rule, systemId }) => (rule === 'QUEUE_AWAY' ? null : systemId) },
  { heading: say('mở lúc', 'opened'), of: ({ openedAt }) => localInstant(openedAt) },
  { heading: say('hết lúc', 'over'), of: ({ closedAt }) => closedAt && localInstant(closedAt) },
  { heading: say('người nhận', 'taken by'), of: ({ acknowledgedBy }) => acknowledgedBy },
  { heading: say('nội dung', 'what'), of: ({ title }) => title },
]

const listAlerts = async (session: Session, { all, limit, ...options }: Remote & { all?: boolean; limit: number }): Promise<void> => {
  const { say, terminal } = session
  const { alerts } = await (await openGateway(session, options)).ask(AlertsDocument, { openOnly: !all, first: limit })
  if (!alerts.lookedAt) terminal.note(say('Chưa có tiến trình nào xét các quy tắc.', 'No process has looked at the rules yet.'))
  printerFor(options.json, terminal).table(
    alerts.edges.map(({ node }) => node),
    alertColumns(say),
    say('Không có cảnh báo nào.', 'There are no alerts.'),
  )
}

const acknowledge = async (session: Session, alertId: string, { reason, clientKey, ...options }: Acting): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const { alert } = await actOnce(session, clientKey, (key) =>
    gateway.ask(AcknowledgeAlertDocument, { input: { clientKey: key, alertId, reason } }),
  )
  printerFor(options.json, terminal).result(
    alert,
    say(`Đã nhận xử lý: ${alert.title}. Chỉ báo thêm khi cảnh báo hết.`, `Taken: ${alert.title}. People are told only when it is over.`),
  )
}

const LOOK_MS = 1_000

/** What became of these by now: sent, given up, or tried at least once. Else it is still in line. */
const isTried = ({ state, attempts, lastError }: NoticeLineFragment): boolean => state !== 'WAITING' || (attempts > 0 && lastError !== null)

const lastTests = async (gateway: Gateway, queued: readonly NoticeLineFragment[]): Promise<NoticeLineFragment[]> => {
  const { alertChannels } = await gateway.ask(AlertChannelsDocument, {})
  const ids = new Set(queued.map(({ id }) => id))
  return alertChannels.flatMap(({ lastTest }) => (lastTest && ids.has(lastTest.id) ? lastTest : []))
}

const noticeColumns = (say: Say): Column<NoticeLineFragment>[] => [
  { heading: say('kênh', 'channel'), of: ({ channel }) => channel },
  { heading: say('tình trạng', 'state'), of: ({ state }) => state },
  { heading: say('lần thử', 'tries'), of: ({ attempts }) => attempts },
  { heading: say('gửi lúc', 'sent'), of: ({ sentAt }) => sentAt && localInstant(sentAt) },
  { heading: say('lỗi', 'error'), of: ({ lastError }) => lastError },
]

/** Exit 1 when a channel did not take it: nobody would hear of an alert over it. */
const test = async (
  session: Session,
  { reason, clientKey, channel, wait, ...options }: Acting & { channel?: string; wait: number },
): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const { notices } = await actOnce(session, clientKey, (key) =>
    gateway.ask(TestAlertChannelsDocument, { input: { clientKey: key, channel, reason } }),
  )
  let tried: readonly NoticeLineFragment[] = notices
  for (let waitedMs = 0; waitedMs < wait * 1_000 && !tried.every(isTried); waitedMs += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    tried = await lastTests(gateway, notices)
  }
  printerFor(options.json, terminal).result(tried, linesOf(tried, noticeColumns(say), terminal.width).join('\n'))
  if (tried.every(({ state }) => state === 'SENT')) return
  throw new CommandFailed(
    EXIT.REFUSED,
    tried.every(isTried)
      ? say('Có kênh chưa gửi được; tiến trình gửi sẽ thử lại.', 'Not every channel took it; the worker tries again.')
      : say('Chưa gửi: có thể không có tiến trình gửi nào đang chạy.', 'Not sent yet: perhaps no worker runs.'),
  )
}
