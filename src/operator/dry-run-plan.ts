import type { Caller } from '../access/caller.js'
import { isLockedTooLong } from '../errors.js'
import { describeTransferState } from '../model/interlink-state.js'
import { type ReplayForecast, RUNNABLE_FORECASTS } from '../model/replay-plan.js'
import { ATTENTION_STATES, type TransferState } from '../model/transfer-state.js'
import type { Database } from '../platform/database.js'
import { type ActFacts, readActFacts } from '../transfer/act-facts-repository.js'
import type { LookAhead, LookedAt } from '../transfer/look-ahead.js'
import { readFrozen } from '../transfer/superseding-repository.js'
import { isPlainReplay, replayTransfer } from './act-on-transfer.js'
import { mayReplay } from './act-rules.js'
import { tryAct } from './bracket-act.js'
import type { ActRefusal } from './perform-act.js'
import type { Foreseen, Standing, UnseenRow } from './plan-work-repository.js'
import type { PlanRow } from './replay-plan-repository.js'
import { supersedeTransfer } from './supersede-transfer.js'

/**
 * Chạy thử một lượt: what a run would make of one row, without sending anything. In this order: has it moved since the list was frozen; would the act itself
 * be refused (it is done and taken back); does one stand before it that will not go; could it be prepared by the adapter; and does the other
 * side have it already, asked as a delivery would ask, through its gate. Only what can be asked with certainty is: else what the act says holds. What is
 * no more than a move into the queue is not tried: the rule that its act asks is asked, over facts that are read for many rows at once.
 */
export interface DryRunDependencies {
  readonly db: Database
  readonly look: LookAhead
  /** Of the rows at hand, by transfer. */
  readonly facts: ReadonlyMap<string, ActFacts>
}

/** What the acts on these rows are decided by, in one reading. */
export const readFactsOf = async (db: Database, rows: readonly UnseenRow[]): Promise<ReadonlyMap<string, ActFacts>> => {
  const ids = rows.filter(({ unchanged }) => unchanged).map(({ transferId }) => transferId)
  return new Map((await readActFacts(db, ids)).map((facts) => [facts.id, facts]))
}

/** Transfers of the plan whose forecast is known by now: those before a row come first. */
export type Known = Map<string, ReplayForecast>

const foreseen = ({ position }: UnseenRow, forecast: ReplayForecast, reason: string | null = null): Foreseen => ({
  position,
  forecast,
  reason,
  digest: null,
})

/** Undefined: not now, for the other side's gate was too busy or somebody holds the dossier; it is to be looked at again. */
export const foresee = async (deps: DryRunDependencies, plan: PlanRow, row: UnseenRow, known: Known): Promise<Foreseen | undefined> => {
  const seen = await look(deps, plan, row, known).catch((error: unknown) => {
    if (isLockedTooLong(error)) return undefined
    throw error
  })
  if (seen) known.set(row.transferId, seen.forecast)
  return seen
}

const look = async (deps: DryRunDependencies, plan: PlanRow, row: UnseenRow, known: Known): Promise<Foreseen | undefined> => {
  if (!row.unchanged) return foreseen(row, 'CHANGED', `Nay đang ở trạng thái "${describeTransferState(row.state)}".`)
  const { refusal, sending } = await judged(deps, plan, row)
  if (refusal) return ofRefusal(deps, row, sending, refusal)
  const blocker = row.before.find((standing) => staysInTheWay(standing, known))
  if (blocker) return foreseen(row, 'BLOCKED', blockedBy(blocker))
  const notSent = await deps.look.check(sending)
  if (notSent === undefined) return foreseen(row, 'NOT_ALLOWED', 'Hệ thống nhận đang tắt trong cấu hình.')
  if (notSent) return foreseen(row, 'STILL_REJECTED', notSent.reason)
  const answer = await deps.look.ask(sending)
  switch (answer.kind) {
    case 'LATER':
      return undefined
    case 'SAME':
      if (plan.kind === 'SUPERSEDE') return foreseen(row, 'UNCERTAIN', PRESENT_THERE)
      return deps.look.provesContent(sending) ? foreseen(row, 'ALREADY_THERE') : foreseen(row, 'UNCERTAIN', SOMETHING_THERE)
    case 'DIFFERENT':
      return foreseen(row, 'UNCERTAIN', `Bên nhận có nội dung khác: ${answer.theirs}`)
    case 'UNKNOWN':
      return foreseen(row, 'UNCERTAIN', `Hỏi bên nhận mà chưa rõ: ${answer.cause}`)
    case 'SHUT':
      return foreseen(row, 'UNCERTAIN', `Chưa hỏi được bên nhận: ${answer.cause}.`)
    case 'ABSENT':
    case 'NO_WAY':
      return { ...foreseen(row, 'WOULD_BE_SENT'), digest: plan.kind === 'SUPERSEDE' ? sending.digest : null }
  }
}

/** It says nothing of the old content, which is what would be confirmed. */
const PRESENT_THERE = 'Bên nhận đã có nội dung hiện nay: hãy xem ở đó rồi tự thay, hoặc xác nhận lượt này là đã có.'

/** What may be sent again was not taken when it was sent: that something is there now is no proof that it is this. */
const SOMETHING_THERE = 'Bên nhận có hồ sơ này nhưng không cho biết nội dung: hãy xem ở đó rồi xác nhận lượt này là đã có, hoặc tự gửi lại.'

/** Whoever decides later that it goes is the run's; a dry run only needs to be somebody who may. */
const onBehalfOf = ({ createdBy, createdByName }: PlanRow): Caller => ({
  subject: createdBy,
  displayName: createdByName,
  role: 'OPERATOR',
  communes: [],
})

interface Judged {
  readonly refusal?: ActRefusal
  readonly sending: LookedAt
}

const sendingOf = (row: UnseenRow): LookedAt => ({
  operation: row.operation,
  idempotencyKey: row.idempotencyKey,
  dossierCode: row.dossierCode,
  body: row.body,
  digest: row.digest,
  correlationId: row.correlationId,
  adopting: row.mode === 'ADOPT',
})

/** What the act says, and what would then be sent. */
const judged = async ({ db, facts }: DryRunDependencies, plan: PlanRow, row: UnseenRow): Promise<Judged> => {
  const transfer = plan.kind === 'REPLAY' ? facts.get(row.transferId) : undefined
  return transfer && isPlainReplay(transfer) ? { refusal: mayReplay(transfer), sending: sendingOf(row) } : tried(db, plan, row)
}

/** By doing it and taking it back: of a transfer that another one replaces, that one would be sent. */
const tried = (db: Database, plan: PlanRow, row: UnseenRow): Promise<Judged> => {
  const act = { transferId: row.transferId, reason: plan.reason, actor: onBehalfOf(plan) }
  const asItIs = sendingOf(row)
  return tryAct(
    db,
    (trial) => (plan.kind === 'SUPERSEDE' ? supersedeTransfer(trial, act) : replayTransfer(trial, act)),
    async (tx, result) => {
      if (result.kind === 'REFUSED') return { refusal: result, sending: asItIs }
      if (result.replacedBy === undefined) return { sending: asItIs }
      const { idempotencyKey, body, digest } = await readFrozen(tx, result.replacedBy)
      return { sending: { ...asItIs, idempotencyKey, body, digest, adopting: false } }
    },
  )
}

/** One that is uncertain may be there all the same: then a run says so, instead of a person. */
const ofRefusal = async (
  { look }: DryRunDependencies,
  row: UnseenRow,
  sending: LookedAt,
  refusal: ActRefusal,
): Promise<Foreseen | undefined> => {
  if (refusal.reason === 'PREDECESSOR_MISSING') return foreseen(row, 'BLOCKED', refusal.message)
  if (refusal.reason !== 'OUTCOME_UNCERTAIN') return foreseen(row, 'NOT_ALLOWED', refusal.message)
  const answer = await look.ask(sending)
  if (answer.kind === 'LATER') return undefined
  return answer.kind === 'SAME' ? foreseen(row, 'ALREADY_THERE') : foreseen(row, 'UNCERTAIN', refusal.message)
}

/** It waits for a person, and this plan will not make it go. What the machine still works on will go by itself. */
const staysInTheWay = ({ transferId, state, forecast }: Standing, known: Known): boolean => {
  const its = known.get(transferId) ?? forecast
  if (its !== null && RUNNABLE_FORECASTS.includes(its)) return false
  return (ATTENTION_STATES as readonly TransferState[]).includes(state)
}

const blockedBy = ({ operation, state }: Standing): string =>
  `Lượt đứng trước (${operation}) không nằm trong phần sẽ gửi của kế hoạch và đang ở trạng thái "${describeTransferState(state)}": hãy xử lý nó trước.`
