import type { SystemId } from '../../../src/model/system.js'
import { LEASE_MS, MAX_PROCESSING_MS } from '../settings.js'
import { beforeTheDossier, countedTwice, doneTwice, setAside, withoutCounterpart } from './counterparts.js'
import type { AttemptFact, Facts, TransferFact } from './facts.js'
import type { SeenDeed } from './ledger-file.js'
import { isSettled, TERMINAL } from './settled.js'
import { tellsOfFiles } from './wrong-files.js'

/** The invariants that every fault must leave whole, by the names that the report uses. */
export const INVARIANTS = {
  lost: 'mọi lượt đã nhận đều kết thúc hoặc được giữ lại trong tầm mắt, và "đã chuyển" thì bên nhận phải có',
  doubled: 'bên nhận không ghi hai lần một nghiệp vụ của một hồ sơ',
  order: 'các lượt của một hồ sơ tới một hệ thống đi đúng thứ tự',
  attempt: 'mỗi yêu cầu ghi mà bên nhận thấy khớp đúng một lần thử đã lưu trước đó',
  resend: 'không gửi lại khi kết quả chưa rõ mà chưa được xác nhận là chưa có',
  permanent: 'lỗi từ chối hẳn không bao giờ được tự gửi lại',
  terminal: 'không rời trạng thái kết thúc mà không có tên người làm',
  held: 'không lượt nào phải chờ người khi bên nhận không từ chối và không giữ nội dung khác',
  attachment: 'tệp mà bên nhận làm mất, nhân đôi hay tráo thì lượt được giữ lại',
  fencing: 'câu trả lời đến muộn không dời được trạng thái',
  breaker: 'bên nhận ngừng lâu thì không tốn lần thử cho từng hồ sơ',
  restore: 'phục hồi từ bản sao lưu được nhận ra, mọi thứ được hỏi lại trước khi gửi',
  intake: 'không lưu được thì trả 503 kèm Retry-After; không bị đụng tới, hay chỉ mất cơ sở dữ liệu, thì không im lặng',
  fallen: 'không tiến trình nào tự thoát',
  memory: 'bộ nhớ của mỗi tiến trình có chặn',
  privacy: 'không có dữ liệu cá nhân trong nhật ký, số đo và việc trong hàng đợi',
} as const
export type Invariant = keyof typeof INVARIANTS

export interface Breach {
  readonly invariant: Invariant
  /** What it was about: a key or a dossier's code, no personal data. */
  readonly of: string
  readonly detail: string
}

const PASSABLE = new Set(['DELIVERED', 'ABANDONED', 'SUPERSEDED'])
const NEEDS_PEOPLE = new Set(['HELD', 'REJECTED', 'EXHAUSTED', 'ABANDONED'])
/** Our instants are kept to the millisecond and may be rounded up. */
const ROUNDING_MS = 1

type Rule = (facts: Facts) => Breach[]

const breach = (invariant: Invariant, of: string, detail: string): Breach => ({ invariant, of, detail })

const byDossier = (transfers: readonly TransferFact[]): Map<string, TransferFact[]> => {
  const groups = new Map<string, TransferFact[]>()
  for (const transfer of transfers) groups.set(transfer.code, [...(groups.get(transfer.code) ?? []), transfer])
  return groups
}

/** Business commits of a twin by our key. One request that a twin was told to process twice is the twin's own doing: it counts once. */
const commitsOf = (facts: Facts, systemId: SystemId): Map<string, SeenDeed[]> => {
  const commits = new Map<string, SeenDeed[]>()
  for (const deed of facts.ledgers[systemId].deeds) {
    if (deed.what !== 'ACCEPTED') continue
    const key = String(deed.detail.key)
    const known = commits.get(key) ?? []
    if (!known.some(({ requestSeq }) => requestSeq === deed.requestSeq)) commits.set(key, [...known, deed])
  }
  return commits
}

const isLostTime = (facts: Facts, atMs: number): boolean =>
  facts.lostTimes.some(({ fromMs, toMs }) => atMs >= fromMs - ROUNDING_MS && atMs <= toMs)

/** What is done to whom, without the number of the version: after a restore the same may be planned under another number. */
const deedOf = (key: string): string => key.slice(0, key.lastIndexOf('.'))

/** What is delivered may have been committed in the lost time, under the number of then. */
const wasCommittedInLostTime = (facts: Facts, { systemId, key }: TransferFact): boolean =>
  facts.ledgers[systemId].deeds.some(
    ({ what, detail, atMs }) => what === 'ACCEPTED' && isLostTime(facts, atMs) && deedOf(String(detail.key)) === deedOf(key),
  )

const lost: Rule = (facts) => {
  const groups = byDossier(facts.transfers)
  const missing = facts.accepted
    .filter((code) => !facts.dossiers.has(code) || !groups.has(code))
    .map((code) => breach('lost', code, facts.dossiers.has(code) ? 'không có lượt liên thông nào' : 'không có hồ sơ'))
  const open = [...groups.values()].flatMap((ofOne) =>
    ofOne.filter((transfer) => !isSettled(transfer, ofOne)).map(({ key, state }) => breach('lost', key, `còn ở trạng thái ${state}`)),
  )
  const unfounded = facts.transfers.flatMap((transfer) => {
    if (transfer.state !== 'DELIVERED') return []
    const isConfirmed = (facts.audits.get(transfer.id) ?? []).some(({ act }) => act === 'CONFIRM_DELIVERED')
    return isConfirmed || commitsOfKey(facts, transfer) > 0 || wasCommittedInLostTime(facts, transfer)
      ? []
      : [breach('lost', transfer.key, 'ghi là đã chuyển, bên nhận không có')]
  })
  return [...missing, ...open, ...unfounded, ...lostWithdrawals(facts), ...lostCallbacks(facts)]
}

/** A withdrawal that was taken stands on the dossier's timeline; where it is applied, whoever was to have the dossier from us is to hear of it, by a transfer like any other. */
const lostWithdrawals = ({ withdrawn, withdrawals, transfers }: Facts): Breach[] =>
  withdrawn.flatMap((code) => {
    const fate = withdrawals.get(code)
    if (fate === undefined) return [breach('lost', code, 'đã rút mà không có gì trên dòng thời gian')]
    const isPlanned = (operation: string): boolean =>
      transfers.some((transfer) => transfer.code === code && transfer.operation === operation)
    return fate === 'APPLIED' && isPlanned('RECEIVE') && !isPlanned('WITHDRAW')
      ? [breach('lost', code, 'đã rút mà không có lượt rút tới ViLIS')]
      : []
  })

/** What a system told us and we answered "received" must be in the inbox. */
const lostCallbacks = (facts: Facts): Breach[] => {
  return (Object.keys(facts.ledgers) as SystemId[]).flatMap((systemId) => {
    const planned = new Map(facts.ledgers[systemId].deeds.filter(({ what }) => what === 'CALL_OUT_PLANNED').map((deed) => [deed.seq, deed]))
    return facts.ledgers[systemId].deeds.flatMap(({ what, detail }) => {
      if (what !== 'CALLED_OUT' || detail.outcome !== 'ACCEPTED') return []
      const call = planned.get(Number(detail.callSeq))
      const eventId = call?.detail.eventId
      if (!call || typeof eventId !== 'string' || !facts.accepted.includes(String(call.detail.key ?? ''))) return []
      return facts.inbox.has(`${systemId} event:${eventId}`)
        ? []
        : [breach('lost', eventId, 'đã trả lời "đã nhận" nhưng không có trong hộp thư đến')]
    })
  })
}

const commitCounts = new WeakMap<Facts, Map<string, number>>()
const commitsOfKey = (facts: Facts, { systemId, key }: TransferFact): number => {
  let counts = commitCounts.get(facts)
  if (!counts) {
    counts = new Map()
    for (const id of Object.keys(facts.ledgers) as SystemId[])
      for (const [ofKey, deeds] of commitsOf(facts, id)) counts.set(`${id} ${ofKey}`, deeds.length)
    commitCounts.set(facts, counts)
  }
  return counts.get(`${systemId} ${key}`) ?? 0
}

const doubled: Rule = (facts) =>
  facts.transfers.flatMap((transfer) => {
    const count = commitsOfKey(facts, transfer)
    return count > 1 ? [breach('doubled', transfer.key, `bên nhận đã ghi ${count} lần`)] : []
  })

/** The same content again after a restore, under whatever number. */
const doubledByRestore: Rule = (facts) =>
  (Object.keys(facts.ledgers) as SystemId[]).flatMap((systemId) => {
    const codes = new Set(facts.transfers.filter((transfer) => transfer.systemId === systemId).map(({ code }) => code))
    const before = new Map<string, string>()
    return facts.ledgers[systemId].deeds.flatMap(({ what, detail, atMs }) => {
      const key = String(detail.key)
      if (what !== 'ACCEPTED' || facts.lostTimes.length === 0 || !codes.has(key.slice(0, key.indexOf('.', key.indexOf('.') + 1)))) return []
      const content = `${deedOf(key)} ${detail.digest}`
      const known = before.get(content)
      if (isLostTime(facts, atMs)) before.set(content, key)
      if (known === undefined || known === key || isLostTime(facts, atMs)) return []
      return [breach('doubled', key, `sau phục hồi ghi lại nội dung của ${known}`)]
    })
  })

/** No twin sees a request for one before it has committed those before it; only what was given up may be passed over. */
const order: Rule = (facts) =>
  (Object.keys(facts.ledgers) as SystemId[]).flatMap((systemId) => {
    const commits = commitsOf(facts, systemId)
    const firstSeen = new Map<string, number>()
    // What the tables say of a state is no witness to the lost time.
    for (const { key, seq, atMs } of facts.ledgers[systemId].requests.values())
      if (key !== undefined && !firstSeen.has(key) && !isLostTime(facts, atMs)) firstSeen.set(key, seq)
    const groups = byDossier(facts.transfers.filter((transfer) => transfer.systemId === systemId))
    return [...groups.values()].flatMap((ofOne) =>
      ofOne.flatMap((later) => {
        const seenAt = firstSeen.get(later.key)
        if (seenAt === undefined) return []
        return ofOne
          .filter((earlier) => earlier.sequence < later.sequence)
          .filter((earlier) => (commits.get(earlier.key)?.[0]?.seq ?? 0) > seenAt || !PASSABLE.has(earlier.state))
          .map((earlier) => breach('order', later.key, `bên nhận thấy trước khi ghi ${earlier.key}`))
      }),
    )
  })

/** Within the lost time by the ledgers alone: nothing is first committed after a request for what comes behind it. */
const orderInLostTime: Rule = (facts) =>
  (Object.keys(facts.ledgers) as SystemId[]).flatMap((systemId) => {
    const commits = commitsOf(facts, systemId)
    const seen = new Map<string, number>()
    for (const { key, seq, atMs } of facts.ledgers[systemId].requests.values())
      if (key !== undefined && isLostTime(facts, atMs) && !seen.has(key)) seen.set(key, seq)
    const groups = byDossier(facts.transfers.filter((transfer) => transfer.systemId === systemId))
    return [...groups.values()].flatMap((ofOne) =>
      ofOne.flatMap((later) => {
        const seenAt = seen.get(later.key)
        if (seenAt === undefined) return []
        const isBehind = (earlier: TransferFact): boolean => {
          const [commit] = commits.get(earlier.key) ?? []
          return earlier.sequence < later.sequence && commit !== undefined && isLostTime(facts, commit.atMs) && commit.seq > seenAt
        }
        return ofOne.filter(isBehind).map((earlier) => breach('order', later.key, `bên nhận thấy trước khi ghi ${earlier.key}`))
      }),
    )
  })

/** A request belongs to the last sending attempt that had begun by then; each attempt has at most one. Those of the lost time have lost theirs. */
const attempt: Rule = (facts) => {
  const transfers = new Map(facts.transfers.map((transfer) => [`${transfer.systemId} ${transfer.key}`, transfer]))
  const codes = new Set(facts.transfers.map(({ code }) => code))
  const used = new Set<AttemptFact>()
  return (Object.keys(facts.ledgers) as SystemId[]).flatMap((systemId) =>
    [...facts.ledgers[systemId].requests.values()].flatMap((request) => {
      if (request.key === undefined || !codes.has(request.key.slice(0, request.key.lastIndexOf('.', request.key.lastIndexOf('.') - 1))))
        return []
      if (isLostTime(facts, request.atMs)) return []
      const transfer = transfers.get(`${systemId} ${request.key}`)
      if (!transfer) return [breach('attempt', request.key, 'bên nhận thấy yêu cầu mà ta không có lượt nào')]
      const owner = (facts.attempts.get(transfer.id) ?? []).findLast(
        ({ kind, startedMs }) => kind === 'SEND' && startedMs <= request.atMs + ROUNDING_MS,
      )
      if (!owner || (owner.committedMs ?? 0) > request.atMs + ROUNDING_MS)
        return [breach('attempt', request.key, 'yêu cầu đến trước khi lần thử được lưu')]
      if (used.has(owner)) return [breach('attempt', request.key, `hai yêu cầu trong lần thử ${owner.number}`)]
      used.add(owner)
      return []
    }),
  )
}

/** What a sending ended in leaves it open whether they have it. */
const isUnknown = ({ outcome, late, endedMs }: AttemptFact): boolean =>
  late || endedMs === null || outcome === null || outcome === 'INDETERMINATE' || outcome === 'LOST'

const ABSENT_TIMES = 2

/** "Not there" says something once they must be done with whatever left last: until the lease ends a stalled worker may send, and then they have had their longest time. */
const isAbsence = ({ kind, outcome, startedMs }: AttemptFact, lastLeftMs: number): boolean =>
  kind === 'INQUIRE' && outcome === 'ABSENT' && startedMs + ROUNDING_MS >= lastLeftMs + MAX_PROCESSING_MS

const resend: Rule = (facts) =>
  facts.transfers.flatMap((transfer) => {
    const attempts = facts.attempts.get(transfer.id) ?? []
    const confirmed = (facts.audits.get(transfer.id) ?? []).filter(({ act }) => act === 'CONFIRM_ABSENT')
    const sends = attempts.filter(({ kind }) => kind === 'SEND')
    return sends.flatMap((send, index) => {
      const next = sends[index + 1]
      if (!next || !isUnknown(send)) return []
      const between = attempts.filter(({ number }) => number > send.number && number < next.number)
      const absent = between.filter((inquiry) => isAbsence(inquiry, send.startedMs + LEASE_MS)).length
      const byPerson = confirmed.some(({ atMs }) => atMs >= send.startedMs - ROUNDING_MS && atMs <= next.startedMs + ROUNDING_MS)
      return absent >= ABSENT_TIMES || byPerson
        ? []
        : [
            breach(
              'resend',
              transfer.key,
              `lần ${next.number} gửi lại sau lần ${send.number} (${send.outcome ?? 'chưa rõ'}), ${absent} lần xác nhận chưa có`,
            ),
          ]
    })
  })

/** What they saw in the lost time is unknown to us: like any unknown outcome, it is not sent again before they said twice that they have it not. */
const resendAfterRestore: Rule = (facts) =>
  facts.transfers.flatMap((transfer) => {
    const attempts = facts.attempts.get(transfer.id) ?? []
    const confirmed = (facts.audits.get(transfer.id) ?? []).filter(({ act }) => act === 'CONFIRM_ABSENT')
    const requests = [...facts.ledgers[transfer.systemId].requests.values()].filter(({ key }) => key === transfer.key)
    return facts.lostTimes.flatMap(({ fromMs, toMs }) => {
      if (!requests.some(({ atMs }) => atMs >= fromMs && atMs <= toMs)) return []
      const next = attempts.find(({ kind, startedMs }) => kind === 'SEND' && startedMs > toMs)
      if (!next) return []
      const absent = attempts.filter((inquiry) => isAbsence(inquiry, toMs) && inquiry.number < next.number).length
      if (absent >= ABSENT_TIMES || confirmed.some(({ atMs }) => atMs > toMs && atMs <= next.startedMs + ROUNDING_MS)) return []
      return [breach('restore', transfer.key, `lần ${next.number} gửi lại thứ đã gửi trước khi phục hồi, ${absent} lần xác nhận chưa có`)]
    })
  })

const permanent: Rule = (facts) =>
  facts.transfers.flatMap((transfer) => {
    const audits = facts.audits.get(transfer.id) ?? []
    const attempts = facts.attempts.get(transfer.id) ?? []
    return attempts.flatMap((refused) => {
      if (refused.outcome !== 'REJECTED' || refused.late) return []
      const next = attempts.find(({ number }) => number > refused.number)
      if (!next || audits.some(({ atMs }) => atMs >= refused.startedMs && atMs <= next.startedMs + ROUNDING_MS)) return []
      return [breach('permanent', transfer.key, `lần ${next.number} thử lại sau khi bị từ chối ở lần ${refused.number}`)]
    })
  })

const terminal: Rule = (facts) => {
  const keys = new Map(facts.transfers.map(({ id, key }) => [id, key]))
  return facts.moves
    .filter(({ from, to, audited }) => from !== to && TERMINAL.has(from) && !audited)
    .map(({ transferId, from, to }) => breach('terminal', keys.get(transferId) ?? transferId, `${from} thành ${to} không có tên người`))
}

/** An answer that came after the right to send had passed on is evidence, and moves nothing. */
const fencing: Rule = (facts) => {
  const keys = new Map(facts.transfers.map(({ id, key }) => [id, key]))
  return facts.moves.flatMap(({ transferId, from, to, staleAttempt }) =>
    staleAttempt === null
      ? []
      : [breach('fencing', keys.get(transferId) ?? transferId, `lần ${staleAttempt} đã hết quyền mà dời ${from} thành ${to}`)],
  )
}

/** They have told that they kept other files than were sent: it waits for a person, and never counts as delivered without a name. */
const attachment: Rule = (facts) => {
  const transfers = new Map(facts.transfers.map((transfer) => [`${transfer.systemId} ${transfer.key}`, transfer]))
  return (Object.keys(facts.ledgers) as SystemId[]).flatMap((systemId) =>
    [...facts.ledgers[systemId].requests.values()].flatMap(({ key, misbehaviour }) => {
      const transfer = tellsOfFiles(systemId, misbehaviour) ? transfers.get(`${systemId} ${key}`) : undefined
      if (transfer?.state !== 'DELIVERED' || transfer.files === 0) return []
      const isConfirmed = (facts.audits.get(transfer.id) ?? []).some(({ act }) => act === 'CONFIRM_DELIVERED')
      return isConfirmed ? [] : [breach('attachment', transfer.key, `ghi là đã chuyển dù bên nhận ${misbehaviour}`)]
    }),
  )
}

const RULES: readonly Rule[] = [
  lost,
  doubled,
  doubledByRestore,
  order,
  orderInLostTime,
  attempt,
  resend,
  resendAfterRestore,
  permanent,
  terminal,
  fencing,
  attachment,
  withoutCounterpart,
  doneTwice,
  countedTwice,
  beforeTheDossier,
]

/**
 * What people must look at though no other side has given a reason: a gateway that held all that is uncertain, or set aside all that it is told, would lose
 * nothing, and deliver nothing.
 */
export const needlessWaits = (facts: Facts): Breach[] => [
  ...facts.transfers.flatMap(({ key, state, heldReason }) =>
    NEEDS_PEOPLE.has(state) ? [breach('held', key, `chờ người ở trạng thái ${state}${heldReason === null ? '' : ` (${heldReason})`}`)] : [],
  ),
  ...setAside(facts),
]

/** Everything that is wrong, for the tables and ledgers. What else is promised is looked at where it shows: `bounds.ts`, `privacy.ts`. */
export const judge = (facts: Facts): Breach[] => RULES.flatMap((rule) => rule(facts))
