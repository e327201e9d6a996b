import { afterAll, expect, test } from '@jest/globals'
import { workOnBatches } from '../../src/operator/run-discrepancy-batch.js'
import { findingsOfRun } from '../../src/reconciliation/run-search-repository.js'
import { repairsOf } from '../../src/reconciling.js'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { lienthong } from '../support/command-line.js'
import { raise } from '../support/raise.js'
import { goOn, reconcile } from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const open = async (options: TestSystemOptions = {}): Promise<void> => {
  system = await shared.open({ gateway: true, ...options })
}

const takeSome = async (count: number): Promise<string[]> => {
  const codes: string[] = []
  for (let index = 0; index < count; index += 1)
    codes.push((await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code)
  await system.drain()
  return codes
}

interface Shown {
  readonly id: string
  readonly class: string
  readonly systemId: string
  readonly dossierCode: string
  readonly state: string
  readonly version: number
  readonly proposedRepair: string
  readonly fields: { readonly field: string; readonly ours: string[] | null; readonly theirs: string[] | null }[]
  readonly acts: { readonly act: string; readonly allowed: boolean; readonly reasonCode: string | null; readonly operations: string[] }[]
  readonly audit: { readonly act: string; readonly actor: string; readonly reason: string }[] | null
  readonly dossier: { readonly code: string } | null
}

const SHOWN = `id class systemId dossierCode state version proposedRepair causeLabel repairLabel ourChangedAt fields { field ours theirs }
  acts { act allowed reasonCode reason operations } audit { act actor reason } dossier { code }`

type Who = 'operator' | 'officer' | 'admin'

const find = async (who: Who, filter: object = {}): Promise<Shown[]> => {
  const { found } = await system.gateway.query<{ found: { totalCount: number; edges: { node: Shown }[] } }>(
    who,
    `query ($filter: DiscrepancyFilterInput) { found: discrepancies(filter: $filter) { totalCount edges { node { ${SHOWN} } } } }`,
    { filter },
  )
  expect(found.totalCount).toBe(found.edges.length)
  return found.edges.map(({ node }) => node)
}

let clicks = 0
interface Acted {
  readonly __typename: string
  readonly reason?: string
  readonly message?: string
  readonly repeated?: boolean
  readonly discrepancy?: Shown
  readonly run?: { readonly id: string; readonly state: string; readonly version: number }
  readonly batch?: { readonly id: string; readonly state: string; readonly version: number; readonly needsApproval: boolean }
}

const DONE = {
  discrepancy: '... on DiscrepancyActDone { repeated discrepancy { id state version } }',
  run: '... on ReconciliationActDone { repeated run { id state version } }',
  batch:
    '... on DiscrepancyBatchDone { repeated batch { id state version needsApproval results { result count } refusals { because count } } }',
}

const act = async (who: Who, mutation: string, of: keyof typeof DONE, type: string, input: object): Promise<Acted> => {
  clicks += 1
  const { done } = await system.gateway.query<{ done: Acted }>(
    who,
    `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { __typename ${DONE[of]} ... on ActRefused { reason message } ... on InputRefused { reason field } ... on ClientKeyReused { message } } }`,
    { input: { clientKey: `doi-soat-${clicks}`, reason: 'Xử lý theo đối soát', ...input } },
  )
  return done
}

const onOne = (who: Who, mutation: string, { id, version }: Shown, more: object = {}): Promise<Acted> =>
  act(who, mutation, 'discrepancy', 'DiscrepancyActInput', { discrepancyId: id, expectedVersion: version, ...more })

test('drift is found, shown to whom it concerns, repaired by a person and verified by the next run', async () => {
  await open()
  const [gone, due, name, well] = (await takeSome(4)) as [string, string, string, string]
  await system.twins.VILIS.act('drift', { kind: 'DELETED', code: gone })
  await system.twins.VILIS.act('drift', { kind: 'DUE_DATE', code: due })
  await system.twins.ONE_STOP.act('drift', { kind: 'APPLICANT', code: name })
  await reconcile(system)

  const all = await find('operator')
  expect(all.map((one) => `${one.dossierCode} ${one.systemId} ${one.class} ${one.state}`).sort()).toEqual(
    [`${gone} VILIS MISSING_THERE OPEN`, `${due} VILIS DIFFERS OPEN`, `${name} ONE_STOP DIFFERS OPEN`].sort(),
  )
  const of = (code: string, shown = all): Shown => shown.find(({ dossierCode }) => dossierCode === code) as Shown
  expect(await find('operator', { classes: ['MISSING_THERE'] })).toEqual([of(gone)])
  expect(
    await find('operator', { fields: ['DUE_DATE'], systems: ['VILIS'], dossierCode: due.slice(0, 12), procedureCode: '1.012783' }),
  ).toEqual([of(due)])
  expect(await find('operator', { states: ['VERIFIED'] })).toEqual([])
  expect(await find('operator', { proposedRepairs: ['REREAD'] })).toEqual([of(name)])

  // Both sides next to each other, and only what can be done is offered.
  expect(of(due).fields).toEqual([{ field: 'DUE_DATE', ours: [expect.any(String)], theirs: [expect.any(String)] }])
  expect(of(due).fields[0]?.ours).not.toEqual(of(due).fields[0]?.theirs)
  expect(of(due).acts.map((one) => [one.act, one.allowed, one.reasonCode])).toEqual([
    ['REPAIR_HERE', true, null],
    ['REPAIR_THERE', false, 'THEIRS_TO_DECIDE'],
    ['IGNORE', true, null],
  ])
  expect(of(gone).acts.find((one) => one.act === 'REPAIR_THERE')).toMatchObject({ allowed: true, operations: ['RECEIVE'] })
  expect(of(gone).dossier).toEqual({ code: gone })

  // Persons: an operator sees that the names differ and no name; an administrator sees them.
  const [masked] = of(name).fields
  const [clear] = of(name, await find('admin')).fields
  expect(masked?.theirs?.[0]).toContain('***')
  expect(clear?.theirs?.[0]).not.toContain('***')
  expect(JSON.stringify(all)).not.toContain(clear?.theirs?.[0] ?? 'nobody')

  // An officer sees those of his communes, may not act, and reads no audit.
  const { communes } = await communesOf([gone, due, name])
  const officers = await find('officer')
  expect(officers.map(({ dossierCode }) => dossierCode).sort()).toEqual(
    [gone, due, name].filter((code) => communes.get(code) === '28594').sort(),
  )
  for (const one of officers) expect(one).toMatchObject({ audit: null })
  const refused = await system.gateway.ask(
    'officer',
    `mutation { repairHere(input: { clientKey: "khong-duoc-1", discrepancyId: "${of(due).id}", expectedVersion: 1, reason: "không được" }) { __typename } }`,
  )
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'repairHere' })

  // Refused with the reason, and nothing is changed by it.
  expect(await onOne('operator', 'repairThere', of(due))).toMatchObject({ __typename: 'ActRefused', reason: 'THEIRS_TO_DECIDE' })
  expect(await onOne('operator', 'repairHere', of(due), { expectedVersion: 99 })).toMatchObject({ reason: 'STALE_WRITE' })

  const click = { clientKey: 'sua-mot-lan-01' }
  const first = await onOne('operator', 'repairHere', of(due), click)
  expect(first).toMatchObject({ __typename: 'DiscrepancyActDone', repeated: false, discrepancy: { state: 'REPAIRING' } })
  expect(await onOne('operator', 'repairHere', of(due), click)).toMatchObject({ repeated: true, discrepancy: { state: 'REPAIRING' } })
  expect(await onOne('operator', 'repairThere', of(due), click)).toMatchObject({ __typename: 'ClientKeyReused' })
  expect(await onOne('operator', 'repairThere', of(gone))).toMatchObject({ discrepancy: { state: 'REPAIRING' } })
  expect(await onOne('operator', 'ignoreDiscrepancy', of(name))).toMatchObject({ discrepancy: { state: 'IGNORED' } })
  await system.drain()

  const after = await find('operator')
  expect(of(due, after).audit?.map((one) => one.act)).toEqual(['REPAIR_HERE_DISCREPANCY'])
  expect(of(due, after).acts.every((one) => !one.allowed)).toBe(true)
  const { dossier } = await system.gateway.query<{ dossier: { discrepancies: { id: string }[] } }>(
    'operator',
    `{ dossier(code: "${due}") { discrepancies { id } } }`,
  )
  expect(dossier.discrepancies).toEqual([{ id: of(due).id }])

  await reconcile(system)
  const verified = await find('operator', { states: ['VERIFIED'] })
  expect(verified.map(({ dossierCode }) => dossierCode).sort()).toEqual([gone, due].sort())
  expect(await find('operator', { states: ['OPEN', 'REPAIRING'] })).toEqual([])
  expect(well).not.toBe(gone)
})

const communesOf = async (codes: readonly string[]): Promise<{ communes: Map<string, string> }> => {
  const rows = await system.context.db.query<{ code: string; commune: string }>(
    `SELECT x.dossier_code AS code, u.code AS commune FROM discrepancy x JOIN administrative_unit u ON u.id = x.receiving_unit_id
     WHERE x.dossier_code = ANY($1::text[])`,
    [[...codes]],
  )
  return { communes: new Map(rows.map(({ code, commune }) => [code, commune])) }
}

test('a run is started once, paused, gone on with and cancelled by its version, and tells what it has done', async () => {
  await open()
  const [gone] = await takeSome(1)
  await system.twins.VILIS.act('drift', { kind: 'DELETED', code: gone })
  const start = (input: object) => act('operator', 'startReconciliation', 'run', 'StartReconciliationInput', input)
  expect(await start({ scope: 'RANGE' })).toMatchObject({ reason: 'RANGE_MISSING' })
  expect(await start({ scope: 'RANGE', from: '2026-11-02', to: '2026-11-01' })).toEqual({
    __typename: 'InputRefused',
    reason: 'RANGE_REVERSED',
    field: 'to',
  })
  const key = { clientKey: 'mo-luot-doi-soat', scope: 'ALL', systems: ['VILIS'] }
  const first = await start(key)
  expect(first).toMatchObject({ __typename: 'ReconciliationActDone', repeated: false, run: { state: 'QUEUED', version: 1 } })
  expect(await start(key)).toMatchObject({ repeated: true, run: { id: first.run?.id } })
  expect(await start({ scope: 'ALL' })).toMatchObject({ reason: 'ALREADY_RUNNING' })
  const on = (verb: string, expectedVersion: number) =>
    act('operator', verb, 'run', 'ReconciliationActInput', { runId: first.run?.id, expectedVersion })
  expect(await on('pauseReconciliation', 1)).toMatchObject({ run: { state: 'PAUSED', version: 2 } })
  expect(await on('cancelReconciliation', 1)).toMatchObject({ reason: 'STALE_WRITE' })
  expect(await on('resumeReconciliation', 2)).toMatchObject({ run: { state: 'RUNNING' } })
  await goOn(system, first.run?.id as string)
  const told = async (): Promise<Record<string, unknown>> => {
    const { run } = await system.gateway.query<{ run: Record<string, unknown> }>(
      'operator',
      `{ run: reconciliationRun(id: "${first.run?.id}") { state share remainingSeconds startedBy systems
         progress { systemId phase compared calls bytes } findings { systemId class found seen } } }`,
    )
    return run
  }
  const done = await told()
  expect(done).toMatchObject({
    state: 'DONE',
    share: 1,
    remainingSeconds: null,
    startedBy: expect.stringContaining('operator'),
    progress: [{ systemId: 'VILIS', phase: 'DONE', compared: 1, calls: expect.any(Number) }],
    findings: [{ systemId: 'VILIS', class: 'MISSING_THERE', found: 1, seen: 1 }],
  })
  const { runs } = await system.gateway.query<{ runs: { edges: { node: { id: string } }[] } }>(
    'operator',
    '{ runs: reconciliationRuns(states: [DONE]) { edges { node { id } } } }',
  )
  expect(runs.edges).toEqual([{ node: { id: first.run?.id } }])
  expect(await find('operator', { runId: first.run?.id })).toHaveLength(1)
  // What later runs look at again stays in the report of the one that had seen it, and of one that has confirmed nothing.
  const second = (await start({ scope: 'ALL', systems: ['VILIS'] })).run?.id as string
  await goOn(system, second)
  await goOn(system, (await start({ scope: 'ALL', systems: ['VILIS'] })).run?.id as string)
  expect(await told()).toEqual(done)
  expect(await findingsOfRun(system.context.db, second)).toMatchObject([{ class: 'MISSING_THERE', found: 0, seen: 1 }])
  const hidden = await system.gateway.ask('officer', '{ reconciliationRuns { edges { node { id } } } }')
  expect(hidden.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
})

test('all that match are acted upon after a preview, many of them once another person has approved, and what has changed since is left', async () => {
  await open({ replayPlans: { approvalAbove: 2 } })
  const [one, two, three] = (await takeSome(3)) as [string, string, string]
  for (const code of [one, two]) await system.twins.VILIS.act('drift', { kind: 'DELETED', code })
  await system.twins.VILIS.act('drift', { kind: 'DUE_DATE', code: three })
  await reconcile(system)

  const { preview } = await system.gateway.query<{ preview: { count: number; acts: { act: string; fit: number }[] } }>(
    'operator',
    `{ preview: discrepancyPreview(filter: {}) { count countIsExact judged needsApproval groups { class systemId count }
       acts { act fit operations { operation count } refusals { reason count } } } }`,
  )
  expect(preview).toMatchObject({
    count: 3,
    countIsExact: true,
    judged: 3,
    needsApproval: true,
    groups: [
      { class: 'MISSING_THERE', systemId: 'VILIS', count: 2 },
      { class: 'DIFFERS', systemId: 'VILIS', count: 1 },
    ],
  })
  expect(preview.acts.find(({ act: of }) => of === 'REPAIR_THERE')).toEqual({
    act: 'REPAIR_THERE',
    fit: 2,
    operations: [{ operation: 'RECEIVE', count: 2 }],
    refusals: [{ reason: 'THEIRS_TO_DECIDE', count: 1 }],
  })

  const create = (expectedCount: number, more: object = {}) =>
    act('operator', 'createDiscrepancyBatch', 'batch', 'CreateDiscrepancyBatchInput', {
      act: 'REPAIR_THERE',
      filter: {},
      expectedCount,
      ...more,
    })
  expect(await create(2)).toMatchObject({ reason: 'STALE_WRITE' })
  const made = await create(3, { clientKey: 'dot-xu-ly-01' })
  expect(made.batch).toMatchObject({ state: 'AWAITING_APPROVAL', version: 1, needsApproval: true })
  expect(await create(3, { clientKey: 'dot-xu-ly-01' })).toMatchObject({ repeated: true, batch: { id: made.batch?.id } })
  const on = (who: Who, verb: string, expectedVersion: number) =>
    act(who, 'actOnDiscrepancyBatch', 'batch', 'DiscrepancyBatchActInput', { batchId: made.batch?.id, act: verb, expectedVersion })
  const work = () => workOnBatches({ ...repairsOf(system.context), onError: raise }, () => false)
  await work()
  expect(await find('operator', { states: ['REPAIRING'] })).toEqual([])
  expect(await on('operator', 'APPROVE', 1)).toMatchObject({ reason: 'OWN_APPROVAL' })

  // Somebody has decided about one of them meanwhile.
  const second = (await find('operator')).find(({ dossierCode }) => dossierCode === two) as Shown
  await onOne('admin', 'ignoreDiscrepancy', second)
  expect(await on('admin', 'APPROVE', 1)).toMatchObject({ batch: { state: 'RUNNING', version: 2 } })
  await work()
  const { batches } = await system.gateway.query<{ batches: Record<string, unknown>[] }>(
    'operator',
    '{ batches: discrepancyBatches { state rowCount isOwn waitsFor results { result count } refusals { because count } } }',
  )
  expect(batches).toMatchObject([
    {
      state: 'DONE',
      rowCount: 3,
      isOwn: true,
      waitsFor: [],
      results: [
        { result: 'DONE', count: 1 },
        { result: 'REFUSED', count: 2 },
      ],
    },
  ])
  expect(await find('operator', { batchId: made.batch?.id, states: ['OPEN', 'REPAIRING', 'IGNORED'] })).toHaveLength(3)
  const repaired = await find('operator', { states: ['REPAIRING'] })
  expect(repaired.map(({ dossierCode, audit }) => [dossierCode, audit?.[0]?.act, audit?.[0]?.actor])).toEqual([
    [one, 'REPAIR_THERE_DISCREPANCY', 'operator'],
  ])

  // A small one begins at once, and one that is cancelled leaves out what is to come.
  const small = await create(2, { act: 'IGNORE', filter: { states: ['OPEN', 'REPAIRING'] } })
  expect(small.batch).toMatchObject({ state: 'RUNNING', needsApproval: false })
  await act('operator', 'actOnDiscrepancyBatch', 'batch', 'DiscrepancyBatchActInput', {
    batchId: small.batch?.id,
    act: 'CANCEL',
    expectedVersion: 1,
  })
  await work()
  expect(await find('operator', { states: ['IGNORED'] })).toHaveLength(1)
  await system.drain()
  await reconcile(system)
  expect((await find('operator', { states: ['VERIFIED'] })).map(({ dossierCode }) => dossierCode)).toEqual([one])
})

test('the same at the command line: a run, what it has found, and a repair with its exit codes', async () => {
  await open()
  const [gone] = (await takeSome(1)) as [string]
  await system.twins.VILIS.act('drift', { kind: 'DELETED', code: gone })
  const key = await openDevelopmentKey(system.context.options.stateDir)
  const environment = {
    LIENTHONG_URL: system.gateway.url,
    LIENTHONG_TOKEN: await key.token({ sub: 'operator', name: 'Người thử operator', role: 'operator' }),
  }
  const run = (...words: string[]) => lienthong(words, environment)
  const started = await run('reconcile', 'start', '--scope', 'ALL', '--reason', 'Đối soát theo yêu cầu', '--json')
  expect(started).toMatchObject({ exitCode: 0 })
  const { id } = JSON.parse(started.out) as { id: string }
  expect(await run('reconcile', 'start', '--scope', 'ALL', '--reason', 'Đối soát lần nữa')).toMatchObject({ exitCode: 1 })
  await goOn(system, id)
  const status = await run('reconcile', 'status', id, '--follow')
  expect(status).toMatchObject({ exitCode: 0 })
  expect(status.out).toMatch(/VILIS\s+MISSING_THERE\s+1\s+1/)
  expect((await run('reconcile', 'pause', id, '--reason', 'Đã xong rồi')).exitCode).toBe(1)
  expect((await run('reconcile', 'list', '--state', 'DONE')).out).toContain(id)
  const listed = await run('discrepancies', 'list', '--class', 'MISSING_THERE', '--json')
  const [found] = JSON.parse(listed.out) as { id: string; dossierCode: string }[]
  expect(found?.dossierCode).toBe(gone)
  const shown = await run('discrepancies', 'show', found?.id ?? '')
  expect(shown.out).toContain(`lienthong discrepancies repair-there ${found?.id} --version`)
  expect((await run('discrepancies', 'ignore', found?.id ?? '', '--version', '99', '--reason', 'Đã xem lại')).exitCode).toBe(1)
  expect(await run('discrepancies', 'repair-there', found?.id ?? '', '--reason', 'Gửi lại hồ sơ đã mất')).toMatchObject({ exitCode: 0 })
  expect(await find('operator', { states: ['REPAIRING'] })).toMatchObject([{ dossierCode: gone }])
})

test('and many of them at once: foreseen, ordered, approved by another person, done', async () => {
  await open({ replayPlans: { approvalAbove: 1 } })
  const [gone, other] = (await takeSome(2)) as [string, string]
  for (const code of [gone, other]) await system.twins.VILIS.act('drift', { kind: 'DELETED', code })
  await reconcile(system)
  const key = await openDevelopmentKey(system.context.options.stateDir)
  const as = async (who: 'operator' | 'admin', ...words: string[]) =>
    lienthong(['discrepancies', 'batch', ...words], {
      LIENTHONG_URL: system.gateway.url,
      LIENTHONG_TOKEN: await key.token({ sub: who, name: `Người thử ${who}`, role: who }),
    })
  const filter = ['--system', 'VILIS', '--class', 'MISSING_THERE']
  const why = ['--reason', 'ViLIS đã mất hồ sơ']
  expect(await as('operator', 'preview')).toMatchObject({ exitCode: 2, out: '', err: expect.stringMatching(/^Cần ít nhất một điều kiện/) })
  expect((await as('operator', 'preview', ...filter)).out).toMatch(
    /^2 sai lệch khớp: VILIS MISSING_THERE 2\.\nCần người thứ hai duyệt\.\n[\s\S]*repair-there: làm được 2, RECEIVE 2/,
  )
  expect(await as('operator', 'start', 'repair-there', ...filter, '--expect', '1', ...why)).toMatchObject({ exitCode: 1, out: '' })
  const made = await as('operator', 'start', 'repair-there', ...filter, '--expect', '2', ...why, '--json')
  const { id } = JSON.parse(made.out) as { id: string }
  expect((await as('operator', 'status', id)).out).toContain(`lienthong discrepancies batch approve ${id}`)
  expect(await as('operator', 'approve', id, ...why)).toMatchObject({ exitCode: 1, out: '' })
  expect(await as('admin', 'approve', id, '--version', '1', ...why)).toMatchObject({ exitCode: 0 })
  await workOnBatches({ ...repairsOf(system.context), onError: raise }, () => false)
  expect((await as('operator', 'status', id, '--follow')).out).toMatch(/DONE[\s\S]*DONE 2/)
  expect((await as('operator', 'status')).out).toMatch(/repair-there +DONE +2\/2/)
  expect(await as('operator', 'cancel', id, ...why)).toMatchObject({ exitCode: 1, out: '' })
  expect(await find('operator', { states: ['REPAIRING'] })).toHaveLength(2)
})
