import type { Caller } from '../access/caller.js'
import { lockDossierCode } from '../dossier/dossier-repository.js'
import type { Database } from '../platform/database.js'
import type { LookAhead } from '../transfer/look-ahead.js'
import { readFrozen } from '../transfer/superseding-repository.js'
import { confirmOutcome, type MaxProcessingMs, replayTransfer } from './act-on-transfer.js'
import { bracketed } from './bracket-act.js'
import { type ActRefusal, type ActResult, refused, type TransferAct } from './perform-act.js'
import type { PlanLease } from './plan-work-repository.js'
import type { PlanRow } from './replay-plan-repository.js'
import { type DueRow, type LockedRow, lockRow, writeResults } from './run-row-repository.js'
import { supersedeTransfer } from './supersede-transfer.js'

/**
 * Chạy một lượt của kế hoạch: the act that a person would do by hand, in the name of who has started the plan, under the key `plan:<plan>:<row>`. In one
 * database transaction the plan is looked at (it runs, and is still ours), the row (nothing was done with it) and the transfer (it is as it was frozen, and
 * nothing before it waits for a person); then the act is done and the row says so. So a pause that was answered lets nothing more go, and a worker
 * that dies between two rows has done each of them wholly or not at all. What is no more than a move into the queue goes many at once: `run-rows-together.ts`.
 */
export interface RunDependencies {
  readonly db: Database
  readonly look: LookAhead
  readonly maxProcessingMs: MaxProcessingMs
}

export const runnerOf = ({ runBy, runByName, runByRole, createdBy, createdByName }: PlanRow): Caller => ({
  subject: runBy ?? createdBy,
  displayName: runByName ?? createdByName.replace(` (${createdBy})`, ''),
  role: runByRole ?? 'OPERATOR',
  communes: [],
})

/** A reason that an audit entry keeps: who reads it finds the plan. */
export const reasonOf = ({ name, reason }: PlanRow): string => `Kế hoạch "${name}": ${reason}`

export const rowKeyOf = (planId: string, { position }: Pick<DueRow, 'position'>): string => `plan:${planId}:${position}`

/** Throws when the plan is not ours any more: then nothing was done. */
export const runRow = async (deps: RunDependencies, lease: PlanLease, plan: PlanRow, row: DueRow): Promise<void> => {
  const act: TransferAct = {
    transferId: row.transferId,
    reason: reasonOf(plan),
    actor: runnerOf(plan),
    planId: plan.id,
    requestKey: rowKeyOf(plan.id, row),
  }
  if (row.forecast === 'ALREADY_THERE') await confirmThere(deps, lease, row, act)
  else
    await actOnRow(deps.db, lease, row, (db) => (plan.kind === 'SUPERSEDE' ? supersedeTransfer(db, act) : replayTransfer(db, act)), {
      result: 'QUEUED',
    })
}

/**
 * Asked once more, for the dry run may be a day old. What is there is delivered by that answer; it is never sent again. When it cannot be asked now the row
 * keeps waiting.
 */
const confirmThere = async (
  { db, look, maxProcessingMs }: RunDependencies,
  lease: PlanLease,
  row: DueRow,
  act: TransferAct,
): Promise<void> => {
  const { dossierCode, operation } = row
  const { idempotencyKey, body, digest, correlationId, mode } = await db.transaction((tx) => readFrozen(tx, row.transferId))
  const answer = await look.ask({ operation, idempotencyKey, dossierCode, body, digest, correlationId, adopting: mode === 'ADOPT' })
  if (answer.kind === 'LATER') return
  await actOnRow(
    db,
    lease,
    row,
    (bracket) =>
      answer.kind === 'SAME'
        ? confirmOutcome(bracket, { ...act, happened: true, externalRef: answer.externalRef }, maxProcessingMs)
        : bracket.transaction(async () =>
            refused('NOT_THERE_NOW', 'Khi chạy thử bên nhận đã có, nay hỏi lại thì không chắc: hãy lập kế hoạch mới cho lượt này.'),
          ),
    { result: 'DELIVERED', reason: 'Bên nhận đã có từ trước: ghi nhận theo trả lời của họ, không gửi lại.' },
  )
}

const actOnRow = async (
  db: Database,
  { planId, token }: PlanLease,
  { position, transferId, dossierCode, forecastDigest }: DueRow,
  act: (db: Database) => Promise<ActResult>,
  done: { readonly result: 'QUEUED' | 'DELIVERED'; readonly reason?: string },
): Promise<void> => {
  await act(
    bracketed(db, async (tx, perform) => {
      await lockDossierCode(tx, dossierCode)
      const locked = await lockRow(tx, planId, position)
      if (locked?.planState !== 'RUNNING' || locked.token !== token) throw new PlanLost(planId)
      if (locked.result !== 'WAITING') return { kind: 'DONE' }
      const result = inTheWay(locked) ?? (await perform())
      if (result.kind === 'DONE' && result.replacedBy !== undefined && forecastDigest !== null) {
        const { digest } = await readFrozen(tx, result.replacedBy)
        if (digest !== forecastDigest) throw new ContentMoved(`row ${position} of ${planId}`)
      }
      await writeResults(tx, planId, [
        result.kind === 'REFUSED'
          ? { position, result: 'SKIPPED', reason: result.message }
          : { position, ...done, outcomeOf: result.replacedBy ?? transferId },
      ])
      return result
    }),
  ).catch(async (error: unknown) => {
    if (!(error instanceof ContentMoved)) throw error
    await db.transaction((tx) => writeResults(tx, planId, [{ position, result: 'SKIPPED', reason: CONTENT_MOVED }]))
  })
}

/** What would go in its place is not what the dry run has shown and a second person has approved: it is taken back. */
class ContentMoved extends Error {}

const CONTENT_MOVED =
  'Nội dung thay thế nay khác nội dung khi chạy thử, chưa ai xem và duyệt nội dung mới: không thay. Hãy lập kế hoạch mới cho lượt này.'

export const inTheWay = ({ unchanged, blockedBy }: Pick<LockedRow, 'unchanged' | 'blockedBy'>): ActRefusal | undefined => {
  if (!unchanged) return refused('CHANGED', 'Đã thay đổi từ khi chốt danh sách: không làm gì với lượt này.')
  if (blockedBy) return refused('BLOCKED', `Lượt đứng trước (${blockedBy}) chưa qua và đang chờ người xử lý.`)
  return undefined
}

/** A person has acted on the plan, or another worker has it: nothing was done with the row. */
export class PlanLost extends Error {
  constructor(planId: string) {
    super(`the replay plan ${planId} is not ours any more`)
  }
}
