import { expect } from '@jest/globals'
import type { DiscrepancyClass, DiscrepancyField, DiscrepancyState } from '../../src/model/discrepancy.js'
import type { ReconciliationScope } from '../../src/model/reconciliation-run.js'
import type { SystemId } from '../../src/model/system.js'
import { type DiscrepancyActResult, repairHere, repairThere } from '../../src/operator/act-on-discrepancy.js'
import { findRun, type RunRow } from '../../src/reconciliation/run-repository.js'
import { startRun } from '../../src/reconciliation/start-run.js'
import { workOnRuns } from '../../src/reconciliation/work-on-runs.js'
import { comparedSystems, reconciliationOf, repairsOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { OPERATOR } from './operator-acts.js'
import { raise } from './raise.js'
import type { TestSystem } from './test-system.js'

/** A dossier that the desk has taken in; nobody else knows of it yet. */
export const takeOne = async (system: TestSystem): Promise<string> =>
  (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code

/** So many that every system has. */
export const takeSome = async (system: TestSystem, count: number): Promise<string[]> => {
  const codes: string[] = []
  for (let index = 0; index < count; index += 1) codes.push(await takeOne(system))
  await system.drain()
  return codes
}

/** What a system holds of a dossier comes to be something else, and it tells nobody. */
export const drift = (system: TestSystem, at: 'VILIS' | 'ONE_STOP' | 'PORTAL', kind: string, code: string | undefined, value?: string) =>
  system.twins[at].act('drift', { kind, code, ...(value !== undefined && { value }) })

/** One run from its begin to its end, as a worker does it. */
export const reconcile = async (
  system: TestSystem,
  {
    scope = 'ALL',
    systems = comparedSystems(system.context),
    range,
  }: { readonly scope?: ReconciliationScope; readonly systems?: readonly SystemId[]; readonly range?: { from: string; to: string } } = {},
): Promise<RunRow> => {
  const { context } = system
  const id = await startRun(context.db, {
    scope,
    systems,
    recentDays: 7,
    reason: 'thử',
    by: { subject: 'thu', name: 'thu' },
    ...(range && { range }),
  })
  if (id === undefined) throw new Error(`a run of ${scope} is active`)
  return goOn(system, id)
}

/** What a worker does with the runs that are begun and wait for nothing. */
export const goOn = async (system: TestSystem, runId: string): Promise<RunRow> => {
  const { context } = system
  await workOnRuns({ ...reconciliationOf(context, (systemId) => pollOnce(context, systemId)), onError: raise }, () => false)
  return (await findRun(context.db, runId)) as RunRow
}

export interface Discrepancy {
  readonly id: string
  readonly class: DiscrepancyClass
  readonly system: SystemId
  readonly code: string
  readonly state: DiscrepancyState
  readonly version: number
  readonly fields: readonly DiscrepancyField[]
  readonly cause: string
  readonly proposed: string
  readonly seenCount: number
  readonly repairError: string | null
}

export const discrepancies = (system: TestSystem, ...states: DiscrepancyState[]): Promise<Discrepancy[]> =>
  system.context.db.query<Discrepancy>(
    `SELECT id::text, class, system_id AS system, dossier_code AS code, state, version, fields, probable_cause AS cause, proposed_repair AS proposed,
       seen_count AS "seenCount", repair_error AS "repairError"
     FROM discrepancy WHERE cardinality($1::text[]) = 0 OR state = ANY($1::text[]) ORDER BY dossier_code, system_id, class`,
    [states],
  )

export const onlyOne = async (system: TestSystem, state: DiscrepancyState): Promise<Discrepancy> => {
  const found = await discrepancies(system, state)
  expect(found).toHaveLength(1)
  return found[0] as Discrepancy
}

/** As `SYSTEM class code [fields] proposal`, sorted: what is compared with what was injected. */
export const told = (found: readonly Discrepancy[]): string[] =>
  found
    .map(
      ({ system, class: of, code, fields, proposed }) =>
        `${code} ${system} ${of} ${fields.map(({ field }) => field).join('+')} ${proposed}`,
    )
    .sort()

export const repair = (system: TestSystem, { id, version }: Discrepancy, direction: 'HERE' | 'THERE'): Promise<DiscrepancyActResult> =>
  (direction === 'HERE' ? repairHere : repairThere)(repairsOf(system.context), {
    discrepancyId: id,
    version,
    reason: 'Sửa theo đối soát',
    actor: OPERATOR,
  })

/** Both sides agree on everything: a run finds nothing, suspects nothing and has nothing to wait for. */
export const expectAgreement = async (system: TestSystem): Promise<RunRow> => {
  const run = await reconcile(system)
  expect({ state: run.state, live: told(await discrepancies(system, 'SUSPECTED', 'OPEN', 'REPAIRING')) }).toEqual({
    state: 'DONE',
    live: [],
  })
  return run
}

/** A step told as if it had happened before one that is known: kept and not applied here, while it stands so over there. */
export const tellTooLate = async (system: TestSystem, code: string | undefined, at: Date): Promise<void> => {
  await system.twins.VILIS.act('tell', {
    kind: 'YeuCauBoSungHoSo',
    code,
    at: at.toISOString(),
    fields: { NgayChoBoSung: at.toISOString().slice(0, 19), MaCanBoXuLy: 'vp.thuly1', LaTamDung: 'false', GhiChu: 'Đến muộn' },
  })
  await drift(system, 'VILIS', 'STATUS', code, '5')
}
