import { SYSTEM_NAMES } from '../../model/system.js'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { type Column, linesOf } from '../printer.js'
import type { Session } from '../session.js'
import type { OneTransferQuery, TransferAct, TransferLineFragment } from './generated/graphql.js'

const instantOf = (text: string | null | undefined): string => (text ? localInstant(text).slice(0, 16).replace('T', ' ') : '')

export const transferColumns = (say: Say): Column<TransferLineFragment>[] => [
  { heading: say('lượt', 'transfer'), of: ({ id }) => id },
  { heading: say('hồ sơ', 'dossier'), of: ({ dossier }) => dossier.code },
  { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
  { heading: say('nghiệp vụ', 'operation'), of: ({ operation }) => operation },
  { heading: say('trạng thái', 'state'), of: ({ state, heldReason }) => (heldReason ? `${state} ${heldReason}` : state) },
  { heading: say('lần', 'tries'), of: ({ attemptCount }) => attemptCount },
  { heading: say('hạn trả', 'due'), of: ({ dueAt, atRisk }) => `${instantOf(dueAt)}${atRisk ? ' !' : ''}` },
  { heading: say('lỗi', 'error'), of: ({ lastError }) => lastError },
]

type Transfer = NonNullable<OneTransferQuery['transfer']>

/** One transfer for a person: what it is, why it stands where it stands, what was tried, and who waits behind it. */
export const describeTransfer = (transfer: Transfer, { say, terminal }: Session): string => {
  const facts: [string, string | number | null | undefined][] = [
    [say('Hồ sơ', 'Dossier'), transfer.dossier.code],
    [say('Hệ thống nhận', 'System'), `${transfer.systemId} (${SYSTEM_NAMES[transfer.systemId]})`],
    [say('Nghiệp vụ', 'Operation'), `${transfer.operation}, ${say('thứ tự', 'sequence')} ${transfer.sequence}, ${transfer.mode}`],
    [say('Trạng thái', 'State'), `${transfer.state}: ${transfer.stateLabel}`],
    [say('Giữ lại vì', 'Held because'), transfer.heldReason],
    [say('Đã xảy ra gì', 'What happened'), transfer.explanation.what],
    [say('Thuộc bên', 'Whose side'), transfer.explanation.sideLabel],
    [say('Việc cần làm', 'What to do'), transfer.explanation.nextStep],
    [say('Lỗi', 'Error'), transfer.lastError],
    [say('Lần gửi gần nhất', 'Last sending'), failedSendingOf(transfer)],
    [say('Trường có lỗi', 'Field'), transfer.errorField],
    [say('Nguyên nhân', 'Cause'), transfer.cause && `${transfer.cause.title} (${transfer.cause.id})`],
    [say('Ghi chú', 'Note'), transfer.cause?.note],
    [say('Cách xử lý', 'Remedy'), transfer.cause?.remedy],
    [say('Đang chờ', 'Waits for'), transfer.waitingFor && waitsFor(transfer.waitingFor)],
    [say('Nguy cơ trễ hạn', 'At risk'), transfer.atRisk && `${transfer.atRisk.reasonLabel}, ${localInstant(transfer.atRisk.since)}`],
    [say('Hạn trả hồ sơ', 'Due'), transfer.dueAt && localInstant(transfer.dueAt)],
    [say('Lần thử kế tiếp', 'Next attempt'), transfer.nextAttemptAt && localInstant(transfer.nextAttemptAt)],
    [say('Hết hạn thử lại', 'Tried until'), transfer.budgetUntil && localInstant(transfer.budgetUntil)],
    [say('Mã của bên nhận', 'Their reference'), transfer.externalRef],
    [say('Thay cho', 'Supersedes'), transfer.supersedesId],
    [say('Được thay bởi', 'Superseded by'), transfer.supersededById],
    [say('Sửa bởi', 'Amended by'), transfer.amendment && amendedBy(transfer.amendment, say)],
    ...(transfer.amendment?.earlier ?? []).map((earlier): [string, string] => [
      say('Đã sửa trước đó', 'Amended before'),
      amendedEarlier(earlier, say),
    ]),
    [say('Lập lúc', 'Planned'), localInstant(transfer.createdAt)],
    [say('Mã vết', 'Correlation'), transfer.correlationId],
    [say('Phiên bản', 'Version'), transfer.version],
  ]
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '')
  const lines = linesOf(known, [
    { heading: say('Lượt liên thông', 'Transfer'), of: ([name]) => name },
    { heading: transfer.id, of: ([, value]) => value },
  ])
  return [
    ...lines,
    ...actsOf(transfer, say),
    ...differencesOf(transfer, say, terminal.width),
    ...attemptsOf(transfer, say, terminal.width),
    ...followersOf(transfer, say, terminal.width),
  ].join('\n')
}

/** What the last sending failed by, in the words of its attempt, where something later stands as the error: what an inquiry answered since. */
const failedSendingOf = ({ attempts, lastError }: Transfer): string | null => {
  const [last] = attempts.filter(({ kind }) => kind === 'SEND').sort((one, other) => other.number - one.number)
  return last?.detail && last.detail !== lastError ? last.detail : null
}

const COMMANDS: Record<TransferAct, string> = {
  REPLAY: 'replay',
  CONFIRM_DELIVERED: 'confirm --happened yes',
  CONFIRM_ABSENT: 'confirm --happened no',
  ABANDON: 'abandon',
  SUPERSEDE: 'supersede',
  AMEND: 'amend',
  APPROVE_AMENDMENT: 'approve',
  DECLINE_AMENDMENT: 'decline',
}

/** What may be done with it now, by the commands that do it, and why the others may not. The second person's word is offered where it is waited for. */
const actsOf = ({ acts, heldReason }: Transfer, say: Say): string[] => {
  const isDecision = (act: TransferAct) => act === 'APPROVE_AMENDMENT' || act === 'DECLINE_AMENDMENT'
  const offered = acts.filter(({ act }) => !isDecision(act) || heldReason === 'AWAITING_APPROVAL')
  // Not cut at the end of the screen: a reason is read whole.
  const lines = linesOf(offered, [
    { heading: say('lệnh', 'command'), of: ({ act }) => COMMANDS[act] },
    { heading: say('làm được', 'possible'), of: ({ allowed }) => (allowed ? say('có', 'yes') : say('không', 'no')) },
    {
      heading: say('vì sao không', 'why not'),
      of: ({ reason, possibleFrom }) =>
        [reason, possibleFrom && say(`Được từ ${localInstant(possibleFrom)}.`, `Possible from ${localInstant(possibleFrom)}.`)]
          .filter(Boolean)
          .join(' '),
    },
  ])
  return ['', say('Việc làm được lúc này (lienthong transfers …):', 'What can be done now (lienthong transfers …):'), ...lines]
}

/** For a gate it waits itself: its own id would say nothing. */
const waitsFor = ({ kind, reason, transfer }: NonNullable<Transfer['waitingFor']>): string =>
  kind === 'TRANSFER' ? `${reason} (${transfer.id})` : reason

type Amendment = NonNullable<Transfer['amendment']>

const amendedBy = ({ amendedBy: who, amendedAt, needsApproval, decision, decidedBy, reason }: Amendment, say: Say): string => {
  const waits = needsApproval ? say('chờ duyệt', 'awaits approval') : say('không cần duyệt', 'needs no approval')
  return `${who}, ${localInstant(amendedAt)}: ${reason}; ${decision ? decidedWords(decision, decidedBy, say) : waits}`
}

type Earlier = Amendment['earlier'][number]

const decidedWords = (decision: 'APPROVED' | 'DECLINED', decidedBy: string | null | undefined, say: Say): string =>
  decision === 'APPROVED'
    ? say(`${decidedBy} đã duyệt`, `approved by ${decidedBy}`)
    : say(`${decidedBy} không duyệt`, `declined by ${decidedBy}`)

const amendedEarlier = ({ amendedBy: who, amendedAt, decision, decidedBy, transferId }: Earlier, say: Say): string => {
  const decided = decision ? decidedWords(decision, decidedBy, say) : say('chưa ai duyệt', 'nobody decided')
  return `${who}, ${localInstant(amendedAt)}; ${decided} (${transferId})`
}

/** A field, where it stands, and what goes in place of what. */
export const differenceColumns = (say: Say): Column<Omit<Amendment['differences'][number], 'sourceNow' | 'settled'>>[] => [
  { heading: say('trường', 'field'), of: ({ field }) => field },
  { heading: say('tên', 'name'), of: ({ group, label }) => (group ? `${group}: ${label}` : label) },
  { heading: say('nguồn nói', 'source'), of: ({ before }) => before },
  { heading: say('sửa thành', 'amended'), of: ({ after }) => after },
]

const differencesOf = ({ amendment }: Transfer, say: Say, width: number | undefined): string[] => {
  if (!amendment) return []
  const columns: Column<Amendment['differences'][number]>[] = [
    ...differenceColumns(say),
    {
      heading: say('nay', 'now'),
      of: ({ settled, sourceNow }) =>
        settled ? say('nguồn nói giống', 'the source agrees') : say(`nguồn: ${sourceNow ?? ''}`, `source: ${sourceNow ?? ''}`),
    },
  ]
  return ['', say('Khác với nguồn:', 'Differs from its source:'), ...linesOf(amendment.differences, columns, width)]
}

const attemptsOf = ({ attempts }: Transfer, say: Say, width: number | undefined): string[] => {
  if (attempts.length === 0) return ['', say('Chưa thử lần nào.', 'It was never tried.')]
  const columns: Column<Transfer['attempts'][number]>[] = [
    { heading: say('lần', 'attempt'), of: ({ number }) => number },
    { heading: say('loại', 'kind'), of: ({ kind }) => kind },
    { heading: say('bắt đầu', 'started'), of: ({ startedAt }) => localInstant(startedAt) },
    { heading: 'ms', of: ({ elapsedMs }) => elapsedMs },
    { heading: 'HTTP', of: ({ httpStatus }) => httpStatus },
    { heading: say('kết quả', 'outcome'), of: ({ outcome, late }) => (late ? `${outcome} ${say('(về muộn)', '(late)')}` : outcome) },
    { heading: say('chi tiết', 'detail'), of: ({ detail }) => detail },
  ]
  return ['', ...linesOf(attempts, columns, width)]
}

const followersOf = ({ followers }: Transfer, say: Say, width: number | undefined): string[] =>
  followers.length === 0 ? [] : ['', say('Các lượt đứng sau:', 'Behind it:'), ...linesOf(followers, transferColumns(say), width)]
