import { randomUUID } from 'node:crypto'
import { databaseNow, lockDossierCode } from '../dossier/dossier-repository.js'
import { notFound } from '../errors.js'
import { textOfField } from '../model/compared-record.js'
import { DISCREPANCY_MOVES, type DiscrepancyAct, describeDiscrepancyState, type ProposedRepair, textOfValue } from '../model/discrepancy.js'
import { rightsAbout } from '../model/field-authority.js'
import type { InboundMessage } from '../model/inbound.js'
import { SYSTEM_IN_SENTENCE } from '../model/system.js'
import { describeInstant, localDateOf } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import { type DiscrepancyRow, findDiscrepancy, lockDiscrepancy } from './discrepancy-repository.js'
import { type OurFacts, readOurSide } from './our-side-repository.js'
import type { RepairDependencies } from './reconciliation-dependencies.js'
import { planRepairHere } from './repair-here.js'
import { beginRepair, noteRepairMessage } from './repair-repository.js'
import { planRepairThere } from './repair-there.js'
import { holdRunning } from './run-repository.js'

/**
 * Sửa một sai lệch, by a named person or by the policy: under the dossier's lock and the discrepancy's, with the version that was seen, audited in the same
 * transaction. It is REPAIRING then, and a later run closes it. What is in flight by now is not repaired: it may be on its way to agree. Nor is what stands here no
 * more as it was seen: what they held then may be older than what has come since, and nobody has compared the two.
 */
export interface RepairOrder {
  readonly id: string
  readonly expectedVersion: number
  readonly direction: 'HERE' | 'THERE'
  readonly reason: string
  readonly by: { readonly subject: string; readonly name: string; readonly role: string }
  /** The caller's idempotency key: a repair under it that was committed, though its answer was lost, is not done again. */
  readonly requestKey?: string
  /** Of the run that repairs by policy: once a person has halted it nothing more is repaired. */
  readonly runId?: string
}

export type Repaired =
  | { readonly kind: 'DONE' }
  /** `message` is a sentence in Vietnamese. */
  | { readonly kind: 'REFUSED'; readonly reason: string; readonly message: string }

const refused = (reason: string, message: string): Extract<Repaired, { kind: 'REFUSED' }> => ({ kind: 'REFUSED', reason, message })

/** Throws NOT_FOUND. A refusal changes nothing and leaves no trace. */
export const performRepair = async (deps: RepairDependencies, order: RepairOrder): Promise<Repaired> => {
  const known = await findDiscrepancy(deps.db, order.id)
  if (!known) throw notFound('sai lệch đối soát này')
  const reference = await deps.reference()
  const correlationId = randomUUID()
  const began = await deps.db.transaction(async (tx): Promise<Repaired | Begun> => {
    await lockDossierCode(tx, known.dossierCode)
    const row = await lockDiscrepancy(tx, order.id)
    if (!row) throw notFound('sai lệch đối soát này')
    const act: DiscrepancyAct = order.direction === 'HERE' ? 'REPAIR_HERE' : 'REPAIR_THERE'
    if (order.requestKey !== undefined && (await wasActed(tx, row.id, act, order.by.subject, order.requestKey))) return { kind: 'DONE' }
    if (order.runId !== undefined && !(await holdRunning(tx, order.runId)))
      return refused('RUN_HALTED', 'Lượt đối soát này đã được dừng: không tự sửa gì thêm.')
    const refusal = refusalOf(row, act, order.expectedVersion) ?? (await refusalAsItStands(deps, tx, row, act))
    if (refusal) return refusal
    const begun = await begin(tx, reference, row, order.direction, correlationId)
    if (begun.kind === 'REFUSED') return begun
    const { repair, transferIds } = begun
    await beginRepair(tx, row.id, {
      repair,
      by: order.by.name,
      act,
      transferIds,
      ...(order.runId !== undefined && { runId: order.runId }),
    })
    await auditDiscrepancy(tx, row, { ...order, act, after: { state: 'REPAIRING', repair, transfers: [...transferIds] } })
    return begun
  })
  if (began.kind !== 'BEGUN') return began
  if (began.repair === 'THERE') deps.onQueued()
  if (began.repair === 'REREAD') await deps.reread(known.systemId, `Đối soát: ${order.reason}`)
  if (began.message) {
    const receipt = await deps.receive(began.message)
    await noteRepairMessage(deps.db, known.id, receipt.messageId)
  }
  return { kind: 'DONE' }
}

interface Begun {
  readonly kind: 'BEGUN'
  readonly repair: ProposedRepair
  readonly transferIds: readonly string[]
  readonly message?: InboundMessage
}

const begin = async (
  tx: Tx,
  reference: Awaited<ReturnType<RepairDependencies['reference']>>,
  row: DiscrepancyRow,
  direction: 'HERE' | 'THERE',
  correlationId: string,
): Promise<Begun | Extract<Repaired, { kind: 'REFUSED' }>> => {
  if (direction === 'THERE') {
    const planned = await planRepairThere(tx, reference, row, correlationId)
    return planned.kind === 'REFUSED' ? planned : { kind: 'BEGUN', repair: 'THERE', transferIds: planned.transferIds }
  }
  if (row.proposedRepair === 'REREAD') return { kind: 'BEGUN', repair: 'REREAD', transferIds: [] }
  const planned = await planRepairHere(tx, row, correlationId)
  return planned.kind === 'REFUSED' ? planned : { kind: 'BEGUN', repair: 'HERE', transferIds: [], message: planned.message }
}

export const refusalOf = (
  row: DiscrepancyRow,
  act: DiscrepancyAct,
  expectedVersion: number,
): Extract<Repaired, { kind: 'REFUSED' }> | undefined => {
  const state = describeDiscrepancyState(row.state)
  if (row.version !== expectedVersion)
    return {
      kind: 'REFUSED',
      reason: 'STALE_WRITE',
      message: `Sai lệch này đã thay đổi lúc ${describeInstant(row.lastActAt)}${row.lastActBy === '' ? '' : ` (${row.lastActBy})`}, nay "${state}": hãy xem lại rồi quyết định.`,
    }
  const { from, words } = DISCREPANCY_MOVES[act]
  return from.includes(row.state)
    ? undefined
    : { kind: 'REFUSED', reason: 'ILLEGAL_TRANSITION', message: `Không thể ${words} sai lệch đang ở trạng thái "${state}".` }
}

export const refusalAsItStands = async (
  deps: Pick<RepairDependencies, 'graceMs'>,
  tx: Tx,
  row: DiscrepancyRow,
  act: DiscrepancyAct,
): Promise<Extract<Repaired, { kind: 'REFUSED' }> | undefined> => {
  const now = await databaseNow(tx)
  const since = new Date(now.getTime() - deps.graceMs)
  const fields = row.fields.map(({ field }) => field)
  const facts = (await readOurSide(tx, row.systemId, fields, [row.dossierCode], since)).get(row.dossierCode)
  if (facts?.inFlight) return refused('IN_FLIGHT', 'Hồ sơ đang có thay đổi trên đường đi: hãy chờ lượt đối soát sau xem lại.')
  if (!facts || hasMovedOn(row, facts))
    return refused('MOVED_ON', 'Hồ sơ ở cổng liên thông đã khác so với lần đối soát gần nhất: hãy chờ lượt đối soát sau xem lại.')
  return refusalByAuthority(row, act, facts, localDateOf(now))
}

/** What the table says plainly no person turns round, one by one or by the hundred: a mirror tells us nothing, and nobody writes over what is theirs to decide. */
const refusalByAuthority = (
  { systemId, fields }: DiscrepancyRow,
  act: DiscrepancyAct,
  { ours }: OurFacts,
  onDate: string,
): Extract<Repaired, { kind: 'REFUSED' }> | undefined => {
  if (!ours) return undefined
  const rights = rightsAbout(systemId, fields, { origin: ours.origin, registryHolds: ours.registryHolds, onDate })
  const there = SYSTEM_IN_SENTENCE[systemId]
  if (act === 'REPAIR_HERE' && rights.includes('OURS'))
    return refused(
      'NOT_THEIRS_TO_DECIDE',
      `Theo bảng thẩm quyền, điều này không do ${there} quyết định: không sửa ở cổng liên thông theo bên đó.`,
    )
  if (act === 'REPAIR_THERE' && rights.includes('THEIRS'))
    return refused('THEIRS_TO_DECIDE', `Theo bảng thẩm quyền, điều này do ${there} quyết định: không gửi đè lên.`)
  return undefined
}

/** What we hold is not what it was when both sides were looked at. */
const hasMovedOn = ({ ourStatus, fields }: DiscrepancyRow, { ours }: OurFacts): boolean =>
  (ours?.record.status ?? null) !== ourStatus ||
  fields.some(({ field, ours: seen }) => textOfValue(field, seen) !== (ours ? textOfField(ours.record, field) : ''))

/** One line of the audit, by whomever. */
export const auditDiscrepancy = async (
  tx: Tx,
  row: DiscrepancyRow,
  {
    act,
    reason,
    by,
    requestKey,
    runId,
    after,
  }: {
    readonly act: DiscrepancyAct
    readonly reason: string
    readonly by: { readonly subject: string; readonly role: string }
    readonly requestKey?: string
    readonly runId?: string
    readonly after: Readonly<Record<string, string | readonly string[]>>
  },
): Promise<void> => {
  await tx.orm.auditEntry.create({
    data: {
      actor: by.subject,
      role: by.role,
      act: `${act}_DISCREPANCY`,
      systemId: row.systemId,
      discrepancyId: row.id,
      reason,
      ...(row.dossierId !== null && { dossierId: row.dossierId }),
      ...(runId !== undefined && { reconciliationRunId: runId }),
      before: { state: row.state, version: row.version, class: row.class },
      after: { ...after, version: row.version + 1, ...(requestKey !== undefined && { request: requestKey }) },
    },
  })
}

export const wasActed = async (tx: Tx, id: string, act: DiscrepancyAct, actor: string, requestKey: string): Promise<boolean> =>
  (
    await tx.query(
      `SELECT 1 AS done FROM audit_entry WHERE discrepancy_id = $1::uuid AND act = $2 AND actor = $3 AND after->>'request' = $4 LIMIT 1`,
      [id, `${act}_DISCREPANCY`, actor, requestKey],
    )
  ).length > 0
