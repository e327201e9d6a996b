import type { Caller } from '../../src/access/caller.js'
import { maxProcessingMsOf } from '../../src/config/config.js'
import type { SystemId } from '../../src/model/system.js'
import { confirmOutcome } from '../../src/operator/act-on-transfer.js'
import type { ActResult } from '../../src/operator/perform-act.js'
import type { TestSystem } from './test-system.js'

/** Who acts, and what is looked at, in tests of what people do with transfers. */
export const OPERATOR: Caller = { subject: 'vanhanh.01', displayName: 'Người vận hành', role: 'OPERATOR', communes: [] }

export interface TransferView {
  readonly id: string
  readonly systemId: SystemId
  readonly key: string
  readonly operation: string
  readonly sequence: number
  readonly state: string
  readonly heldReason: string | null
  readonly lastError: string | null
  readonly errorField: string | null
  readonly externalRef: string | null
  readonly attempts: number
  readonly nextAttemptAt: Date | null
  readonly updatedAt: Date
  readonly budgetUntil: Date
  readonly dueAt: Date
}

const VIEW = `SELECT id::text, system_id AS "systemId", idempotency_key AS key, operation, sequence, state, held_reason AS "heldReason",
  last_error AS "lastError", error_field AS "errorField", external_ref AS "externalRef", attempt_count AS attempts,
  next_attempt_at AS "nextAttemptAt", updated_at AS "updatedAt", budget_until AS "budgetUntil", due_at AS "dueAt" FROM transfer`

export const transferOf = async (system: TestSystem, key: string): Promise<TransferView> => {
  const [row] = await system.context.db.query<TransferView>(`${VIEW} WHERE idempotency_key = $1`, [key])
  if (!row) throw new Error(`no transfer ${key}`)
  return row
}

export interface AttemptView {
  readonly number: number
  readonly kind: string
  readonly outcome: string | null
  readonly late: boolean
}

export const attemptsOf = (system: TestSystem, key: string): Promise<AttemptView[]> =>
  system.context.db.query<AttemptView>(
    `SELECT a.number, a.kind, a.outcome, a.late FROM attempt a JOIN transfer t ON t.id = a.transfer_id
     WHERE t.idempotency_key = $1 ORDER BY a.number`,
    [key],
  )

export interface AuditView {
  readonly actor: string
  readonly role: string
  readonly act: string
  readonly reason: string
  readonly before: unknown
  readonly after: unknown
}

export const auditOf = (system: TestSystem, transferId: string): Promise<AuditView[]> =>
  system.context.db.query<AuditView>(
    'SELECT actor, role, act, reason, before, after FROM audit_entry WHERE transfer_id = $1::uuid ORDER BY at, id',
    [transferId],
  )

/** As the gateway puts it to work: with the processing times of the configuration. */
export const confirmIn = (system: TestSystem, act: Parameters<typeof confirmOutcome>[1]): Promise<ActResult> =>
  confirmOutcome(system.context.db, act, maxProcessingMsOf(system.context.options.configuration))

/** A person looks into the other system for everything whose outcome is uncertain, and says what is there. Returns how many were taken at their word. */
export const confirmWhatIsThere = async (system: TestSystem): Promise<number> => {
  const uncertain = await system.context.db.query<TransferView>(`${VIEW} WHERE state = 'HELD' AND held_reason = 'UNCERTAIN'`)
  const systems = [...new Set(uncertain.map(({ systemId }) => systemId))]
  const there = new Set((await Promise.all(systems.map((id) => system.accepted(id)))).flat().map(({ key }) => key))
  let confirmed = 0
  for (const transfer of uncertain) {
    const happened = there.has(transfer.key)
    const act = { transferId: transfer.id, reason: 'Đã tra cứu ở hệ thống nhận', actor: OPERATOR, happened }
    if ((await confirmIn(system, act)).kind === 'DONE') confirmed += 1
  }
  return confirmed
}
