import type { SystemId } from '../model/system.js'
import { SYSTEM_IN_SENTENCE } from '../model/system.js'
import type { DiscrepancyRow } from './discrepancy-repository.js'
import { performRepair } from './perform-repair.js'
import type { RepairDependencies, RepairPolicy, RepairRule } from './reconciliation-dependencies.js'
import { countOpenOfRun, countRepairsOfRun, nextToRepair } from './repair-repository.js'
import { MACHINE } from './run-repository.js'

/**
 * Tự sửa theo quy tắc: what a run has found open is repaired when a rule of the configuration allows its class, its fields and the direction that the table of
 * authority proposes, up to a number a run. When a system shows more open discrepancies than is to be believed, nothing is repaired there: a
 * restored or mistaken system is not to be written over by the hundred. What one repair did not mend is left to a person.
 */
export interface PolicyStep {
  readonly begun: number
  /** Where to go on; undefined: all was looked at. */
  readonly lastId?: string
  /** Why nothing is repaired. */
  readonly halted?: string
}

const AT_ONCE = 50

export const repairByPolicy = async (
  deps: RepairDependencies & { readonly policy: RepairPolicy },
  { systemId, runId, afterId }: { readonly systemId: SystemId; readonly runId: string; readonly afterId: string | undefined },
): Promise<PolicyStep> => {
  const { rules, stopAbove } = deps.policy
  if (rules.length === 0) return { begun: 0 }
  const open = await countOpenOfRun(deps.db, systemId, runId)
  // Those that were repaired a step ago are open no more, and count.
  const done = await countRepairsOfRun(deps.db, systemId, runId)
  const found = open + done.reduce((sum, { begun }) => sum + begun, 0)
  if (found > stopAbove)
    return {
      begun: 0,
      halted: `${found} sai lệch với ${SYSTEM_IN_SENTENCE[systemId]}, nhiều hơn mức ${stopAbove}: không tự sửa, cần người xem.`,
    }
  const rows = await nextToRepair(deps.db, {
    systemId,
    runId,
    limit: AT_ONCE,
    graceMs: deps.feedOf(systemId) === 'NONE' ? 0 : deps.graceMs,
    ...(afterId !== undefined && { afterId }),
  })
  const used = new Map(done.map(({ of, repair, begun }) => [`${of}|${repair}`, begun]))
  let begun = 0
  for (const row of rows) {
    const rule = rules.find((one) => allows(one, row))
    const key = `${row.class}|${row.proposedRepair}`
    if (!rule || (used.get(key) ?? 0) >= rule.maxPerRun) continue
    const result = await performRepair(deps, {
      id: row.id,
      expectedVersion: row.version,
      direction: rule.direction,
      reason: 'Tự sửa theo quy tắc của cấu hình.',
      by: { subject: MACHINE, name: MACHINE, role: 'MACHINE' },
      runId,
    })
    if (result.kind !== 'DONE') continue
    begun += 1
    used.set(key, (used.get(key) ?? 0) + 1)
  }
  const last = rows.at(-1)
  return last && rows.length === AT_ONCE ? { begun, lastId: last.id } : { begun }
}

const allows = ({ systems, class: of, fields, direction }: RepairRule, row: DiscrepancyRow): boolean =>
  of === row.class &&
  direction === row.proposedRepair &&
  row.repairCount === 0 &&
  (systems === undefined || systems.includes(row.systemId)) &&
  (fields === undefined || row.fields.every(({ field }) => fields.includes(field)))
