import { expect } from '@jest/globals'
import { type PlanWorkDependencies, workOnPlans } from '../../src/operator/work-on-plans.js'
import type { DevelopmentClaims } from '../../src/sandbox/development-tokens.js'
import { deliveryOf, planWorkOf } from '../../src/worker-process.js'
import type { TestSystem } from './test-system.js'

/** Replay plans as an operator has them, by GraphQL, and as a worker works on them, when the test says so. */
export interface PlanSeen {
  readonly id: string
  readonly state: string
  readonly version: number
  readonly rowCount: number
  readonly needsApproval: boolean
  readonly stoppedBecause: string | null
  readonly remainingSeconds: number | null
  readonly forecasts: readonly { readonly forecast: string; readonly count: number }[]
  readonly results: readonly { readonly result: string; readonly count: number }[]
  readonly rows: {
    readonly edges: readonly { readonly node: PlanRowSeen }[]
  }
}

export interface PlanRowSeen {
  readonly position: number
  readonly forecast: string | null
  readonly forecastReason: string | null
  readonly result: string
  readonly resultReason: string | null
  readonly transfer: { readonly id: string; readonly idempotencyKey: string; readonly state: string }
}

const PLAN = `id state version rowCount needsApproval stoppedBecause remainingSeconds forecasts { forecast count } results { result count }
  rows(first: 100) { edges { node { position forecast forecastReason result resultReason transfer { id idempotencyKey state } } } }`

export interface ActSeen {
  readonly __typename: string
  readonly reason?: string
  readonly message?: string
  readonly repeated?: boolean
  readonly plan?: PlanSeen
}

const ANSWER = `__typename ... on ReplayPlanActDone { repeated plan { ${PLAN} } } ... on ActRefused { reason message } ... on ClientKeyReused { message }`

type Role = DevelopmentClaims['role']
export type PlanMutation = 'dryRun' | 'approve' | 'start' | 'pause' | 'resume' | 'cancel'

let keys = 0
export const newKey = (): string => {
  keys += 1
  return `ke-hoach-${keys}-${Date.now()}`
}

export const createPlan = async (
  system: TestSystem,
  filter: Record<string, unknown>,
  more: Record<string, unknown> = {},
  role: Role = 'operator',
): Promise<ActSeen> => {
  const input = { clientKey: newKey(), name: 'Gửi lại sau sự cố', reason: 'ViLIS đã hoạt động lại', filter, ...more }
  const { made } = await system.gateway.query<{ made: ActSeen }>(
    role,
    `mutation ($input: CreateReplayPlanInput!) { made: createReplayPlan(input: $input) { ${ANSWER} } }`,
    { input },
  )
  return made
}

/** A plan that there is. */
export const planned = async (...given: Parameters<typeof createPlan>): Promise<PlanSeen> => {
  const made = await createPlan(...given)
  if (!made.plan) throw new Error(JSON.stringify(made))
  return made.plan
}

export const actOn = async (
  system: TestSystem,
  { id, version }: Pick<PlanSeen, 'id' | 'version'>,
  name: PlanMutation,
  { role = 'operator', clientKey = newKey() }: { readonly role?: Role; readonly clientKey?: string } = {},
): Promise<ActSeen> => {
  const input = { clientKey, planId: id, reason: 'Đã kiểm tra với ViLIS', version }
  const { acted } = await system.gateway.query<{ acted: ActSeen }>(
    role,
    `mutation ($input: ReplayPlanActInput!) { acted: ${name}ReplayPlan(input: $input) { ${ANSWER} } }`,
    { input },
  )
  return acted
}

export const seePlan = async (system: TestSystem, { id }: Pick<PlanSeen, 'id'>): Promise<PlanSeen> =>
  (await system.gateway.query<{ plan: PlanSeen }>('operator', `query ($id: ID!) { plan: replayPlan(id: $id) { ${PLAN} } }`, { id })).plan

export const workOf = (system: TestSystem): PlanWorkDependencies => ({
  ...planWorkOf(
    system.context,
    deliveryOf(system.context, () => undefined),
  ),
  patienceMs: 0,
  onError: (error) => {
    throw error
  },
})

/** Works and delivers until the plan is no longer in work, or nothing moves in it any more. */
export const workThrough = async (system: TestSystem, plan: Pick<PlanSeen, 'id'>): Promise<PlanSeen> => {
  let before = ''
  for (;;) {
    await workOnPlans(workOf(system), () => false)
    await system.drain()
    await workOnPlans(workOf(system), () => false)
    const seen = await seePlan(system, plan)
    const now = JSON.stringify([seen.version, seen.results, seen.forecasts])
    if ((seen.state !== 'RUNNING' && seen.state !== 'DRY_RUNNING') || now === before) return seen
    before = now
  }
}

/** Dry run, approved where that is needed, and started. */
export const started = async (system: TestSystem, plan: PlanSeen): Promise<PlanSeen> => {
  expect(await actOn(system, plan, 'dryRun')).toMatchObject({ __typename: 'ReplayPlanActDone' })
  const ready = await workThrough(system, plan)
  const approved = ready.state === 'AWAITING_APPROVAL' ? (await actOn(system, ready, 'approve', { role: 'admin' })).plan : ready
  const begun = await actOn(system, approved as PlanSeen, 'start')
  if (!begun.plan) throw new Error(JSON.stringify(begun))
  return begun.plan
}

export const countOf = (plan: PlanSeen): Record<string, number> =>
  Object.fromEntries([
    ...plan.forecasts.map(({ forecast, count }) => [forecast, count]),
    ...plan.results.map(({ result, count }) => [result, count]),
  ])

export const rowsOf = (plan: PlanSeen): PlanRowSeen[] => plan.rows.edges.map(({ node }) => node)

/** What the twins took for their dossiers, refused by ViLIS for a reason that is then mended. */
export const refuseAll = async (system: TestSystem, count: number): Promise<string[]> => {
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count })
  const codes: string[] = []
  const overrides = { procedureCode: '1.012783' }
  for (let left = count; left > 0; left -= 1)
    codes.push((await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })).code)
  await system.drain()
  return codes
}
