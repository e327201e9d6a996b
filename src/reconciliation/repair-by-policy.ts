import { isUnavailable } from '../errors.js'
import { type DiscrepancyClass, describeDiscrepancyClass, describeProposedRepair } from '../model/discrepancy.js'
import { lowerFirst, upperFirst } from '../model/first-letter.js'
import { SYSTEM_IN_SENTENCE } from '../model/system.js'
import type { DiscrepancyRow } from './discrepancy-repository.js'
import { DAY_FULL, performRepair, type Repaired, type RepairOrder } from './perform-repair.js'
import { askThem } from './read-theirs-now.js'
import type { RepairDependencies, RepairPolicy, RepairRule } from './reconciliation-dependencies.js'
import { refused } from './refuse-repair.js'
import { countOpenOfRun, countRepairsOfRun, nextToRepair } from './repair-repository.js'
import { MACHINE } from './run-repository.js'
import type { TheirSide } from './their-side.js'

/**
 * Tự sửa theo quy tắc: what a run has found open is repaired when a rule of the configuration allows its class, its fields and the direction that the table of
 * authority proposes, up to a number a run and a number a day. When a system shows more open discrepancies than is to be believed, nothing is repaired there: a
 * restored or mistaken system is not to be written over by the hundred. What one repair did not mend is left to a person. What stopped it is told in the run's report.
 */
export interface PolicyStep {
  readonly begun: number
  /** Where to go on; undefined: all was looked at. */
  readonly lastId?: string
  /** Why nothing is repaired, or no more: sentences. */
  readonly halts: readonly string[]
}

const AT_ONCE = 50

interface PolicyDependencies extends RepairDependencies {
  readonly policy: RepairPolicy
  readonly onError: (error: unknown) => void
}

export const repairByPolicy = async (
  deps: PolicyDependencies,
  { their, runId, afterId }: { readonly their: TheirSide; readonly runId: string; readonly afterId: string | undefined },
): Promise<PolicyStep> => {
  const { id: systemId } = their
  const { rules, stopAbove } = deps.policy
  if (rules.length === 0) return { begun: 0, halts: [] }
  const there = SYSTEM_IN_SENTENCE[systemId]
  const open = await countOpenOfRun(deps.db, systemId, runId)
  // Those that were repaired a step ago are open no more, and count.
  const done = await countRepairsOfRun(deps.db, systemId, runId)
  const found = open + done.reduce((sum, { begun }) => sum + begun, 0)
  if (found > stopAbove)
    return { begun: 0, halts: [`${found} sai lệch với ${there}, nhiều hơn mức ${stopAbove}: không tự sửa, cần người xem.`] }
  const rows = await nextToRepair(deps.db, {
    systemId,
    runId,
    limit: AT_ONCE,
    graceMs: deps.feedOf(systemId) === 'NONE' ? 0 : deps.graceMs,
    ...(afterId !== undefined && { afterId }),
  })
  const wanted = rows.flatMap((row) => {
    const rule = rules.find((one) => allows(one, row))
    return rule ? [{ row, rule }] : []
  })
  const used = new Map(done.map(({ of, repair, begun }) => [`${of}|${repair}`, begun]))
  const full = new Map<string, string>()
  const halts = new Set<string>()
  const halt = (key: string, rule: RepairRule, how: string): void => {
    full.set(key, `${upperFirst(there)}, "${nameOf(rule)}": ${how}.`)
  }
  let begun = 0
  const halted = wanted.every(({ row, rule }) => (used.get(keyOf(row)) ?? 0) >= rule.maxPerRun)
  const theirs = halted
    ? undefined
    : await askThem(
        deps.db,
        their,
        wanted.map(({ row }) => row.dossierCode),
      )
  for (const { row, rule } of wanted) {
    const key = keyOf(row)
    if (full.has(key)) continue
    if (!theirs || (used.get(key) ?? 0) >= rule.maxPerRun) {
      halt(key, rule, `đã tự sửa đủ ${rule.maxPerRun} của một lượt (maxPerRun), còn lại để lượt sau`)
      continue
    }
    const result = await repairOne(deps, {
      id: row.id,
      expectedVersion: row.version,
      direction: rule.direction,
      reason: 'Tự sửa theo quy tắc của cấu hình.',
      by: { subject: MACHINE, name: MACHINE, role: 'MACHINE' },
      policy: { runId, maxPerDay: rule.maxPerDay },
      theirs,
    })
    if (result.kind === 'REFUSED') {
      if (result.reason === OF_OURS) halts.add(OF_OURS_SENTENCE)
      if (result.reason === DAY_FULL)
        halt(key, rule, `đã tự sửa đủ ${rule.maxPerDay} của ngày hôm nay (maxPerDay), còn lại cần người xem, hoặc để ngày mai`)
      continue
    }
    begun += 1
    used.set(key, (used.get(key) ?? 0) + 1)
  }
  const last = rows.at(-1)
  return { begun, halts: [...full.values(), ...halts], ...(last && rows.length === AT_ONCE && { lastId: last.id }) }
}

const OF_OURS = 'OF_OURS'
const OF_OURS_SENTENCE = 'Có sai lệch không tự sửa được vì lỗi nội bộ của cổng liên thông; chi tiết ở nhật ký.'

/** One that fails by a fault of ours is left to a person, and keeps none of the others from being repaired, nor the run from its end; when the database is gone, all of them wait. */
const repairOne = async (deps: PolicyDependencies, order: RepairOrder): Promise<Repaired> => {
  try {
    return await performRepair(deps, order)
  } catch (error) {
    if (isUnavailable(error)) throw error
    deps.onError(error)
    return refused(OF_OURS, OF_OURS_SENTENCE)
  }
}

const keyOf = ({ class: of, proposedRepair }: DiscrepancyRow): `${DiscrepancyClass}|${string}` => `${of}|${proposedRepair}`

const nameOf = ({ class: of, direction }: RepairRule): string =>
  `${describeDiscrepancyClass(of).vi}, ${lowerFirst(describeProposedRepair(direction))}`

const allows = ({ systems, class: of, fields, direction }: RepairRule, row: DiscrepancyRow): boolean =>
  of === row.class &&
  direction === row.proposedRepair &&
  row.repairCount === 0 &&
  (systems === undefined || systems.includes(row.systemId)) &&
  (fields === undefined || row.fields.every(({ field }) => fields.includes(field)))
