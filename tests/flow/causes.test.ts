import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectLedgersAgree } from '../support/ledger-agreement.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/** ViLIS refuses some dossiers, has no account for whoever took others, and then is not there at all: three hundred failures, three causes. */
const OUTAGE = 260
const REFUSED = 30
const UNMAPPED = 10

interface Cause {
  readonly id: string
  readonly fingerprint: string
  readonly title: string
  readonly openCount: number
  readonly totalCount: number
  readonly note: string | null
  readonly notedBy: string | null
  readonly version: number
}

let system: TestSystem
beforeAll(async () => {
  system = await openTestSystem({ gateway: true, retry: { waitsMs: [3_600_000], breaker: { failuresToOpen: 100_000 } } })
  const { VILIS } = system.twins
  await VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: REFUSED })
  await take(REFUSED)
  await take(UNMAPPED, { receivedBy: 'mc.khong.co' })
  await VILIS.offline()
  await take(OUTAGE)
})
afterAll(() => system.close())

const take = async (count: number, overrides: Record<string, unknown> = {}): Promise<void> => {
  for (let taken = 0; taken < count; taken += 1) await system.twins.ONE_STOP.act('takeDossier', { overrides })
  await system.drain()
}

const CAUSE = `id fingerprint systemId operation kind code field title side sideLabel nextStep openCount openCountIsExact totalCount totalCountIsExact
  firstSeenAt lastSeenAt note remedy notedBy notedAt version`

const causesOf = async (filter: object = {}): Promise<Cause[]> => {
  const answer = await system.gateway.query<{ causes: { edges: { node: Cause }[] } }>(
    'operator',
    `query ($filter: CauseFilterInput) { causes(filter: $filter, first: 50) { totalCount edges { node { ${CAUSE} } } } }`,
    { filter },
  )
  return answer.causes.edges.map(({ node }) => node)
}

const NOTE = `mutation ($input: NoteCauseInput!) { noteCause(input: $input) { __typename
  ... on CauseNoted { repeated cause { note remedy notedBy version } } ... on ActRefused { reason message } ... on ClientKeyReused { message } } }`
const note = async (role: 'operator' | 'admin', input: object): Promise<Record<string, unknown>> =>
  (await system.gateway.query<{ noteCause: Record<string, unknown> }>(role, NOTE, { input })).noteCause

describe('three hundred failures', () => {
  test('read as three causes, most open first, each in words with its side and what to do', async () => {
    const causes = await causesOf()
    expect(causes).toMatchObject([
      {
        fingerprint: 'VILIS/RECEIVE/UNAVAILABLE/ECONNREFUSED',
        side: 'THEIRS',
        sideLabel: 'Phía ViLIS',
        title: 'Tiếp nhận hồ sơ: Máy chủ của ViLIS không nhận kết nối (ECONNREFUSED).',
        openCount: OUTAGE,
        totalCount: OUTAGE,
        openCountIsExact: true,
        version: 0,
      },
      { fingerprint: 'VILIS/RECEIVE/REJECTED/SAI_LUOC_DO', side: 'OURS', openCount: REFUSED, totalCount: REFUSED },
      {
        fingerprint: 'VILIS/RECEIVE/NOT_SENT/MAPPING_MISSING/USER:mc.khong.co',
        side: 'OURS',
        openCount: UNMAPPED,
        totalCount: UNMAPPED,
      },
    ])
    expect(await causesOf({ sides: ['OURS'] })).toHaveLength(2)
    expect(await causesOf({ sides: ['UNKNOWN'] })).toEqual([])
    expect(await causesOf({ systems: ['PORTAL'] })).toEqual([])
  })

  test('are paged without loss', async () => {
    const ids: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { causes }: { causes: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } =
        await system.gateway.query(
          'operator',
          'query ($after: String) { causes(first: 1, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
          { after },
        )
      ids.push(...causes.edges.map(({ node }) => node.id))
      after = causes.pageInfo.endCursor
      more = causes.pageInfo.hasNextPage
    }
    expect(ids).toEqual((await causesOf()).map(({ id }) => id))
  })

  test('lead from the cause to exactly its transfers, and from each of them back', async () => {
    for (const cause of await causesOf()) {
      const { transfers } = await system.gateway.query<{
        transfers: { totalCount: number; edges: { node: { cause: { id: string }; attempts: { causeId: string }[] } }[] }
      }>(
        'operator',
        'query ($filter: TransferFilterInput) { transfers(filter: $filter, first: 5) { totalCount edges { node { cause { id } attempts { causeId } } } } }',
        { filter: { causes: [cause.id] } },
      )
      expect(transfers.totalCount).toBe(cause.openCount)
      for (const { node } of transfers.edges) {
        expect(node.cause.id).toBe(cause.id)
        expect(node.attempts.map(({ causeId }) => causeId)).toEqual([cause.id])
      }
    }
  })

  test('have written the row of their cause once, and never again', async () => {
    const rows = await system.context.db.query<{ versions: string }>(`SELECT xmin::text AS versions FROM failure_cause`)
    expect(rows).toHaveLength(3)
    const [stats] = await system.context.db.query<{ updated: string }>(
      `SELECT n_tup_upd::text AS updated FROM pg_stat_user_tables WHERE relname = 'failure_cause'`,
    )
    expect(stats?.updated).toBe('0')
  })

  test('are not for who does not keep the interlink running', async () => {
    const answer = await system.gateway.ask('officer', `{ causes { totalCount } }`)
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  })
})

describe('a note', () => {
  test('is seen by the next operator; of two who write the second is told; sent again it is written once; all of it audited', async () => {
    const [cause] = (await causesOf()) as [Cause, ...Cause[]]
    const first = { clientKey: 'ghi-chu-0001', causeId: cause.id, note: 'ViLIS nâng cấp máy chủ đến 18 giờ', remedy: 'Chờ', version: 0 }
    expect(await note('operator', first)).toMatchObject({ __typename: 'CauseNoted', repeated: false, cause: { version: 1 } })
    expect(await note('operator', first)).toMatchObject({ __typename: 'CauseNoted', repeated: true, cause: { version: 1 } })
    expect((await causesOf())[0]).toMatchObject({ note: first.note, notedBy: expect.stringContaining('operator'), version: 1 })

    const late = await note('admin', { ...first, clientKey: 'ghi-chu-0002', note: 'Chưa rõ' })
    expect(late).toMatchObject({ __typename: 'ActRefused', reason: 'STALE_WRITE', message: expect.stringMatching(/operator.*sửa lúc/) })
    expect((await causesOf())[0]).toMatchObject({ note: first.note })

    const audit = await system.context.db.query(`SELECT actor, before, after FROM audit_entry WHERE act = 'NOTE_CAUSE'`)
    expect(audit).toMatchObject([{ actor: 'operator', before: { note: null }, after: { note: first.note, remedy: 'Chờ' } }])
  })
})

test('a replay plan of a cause says which one in words, to whoever reads it, in their language', async () => {
  const [cause] = (await causesOf()) as [Cause, ...Cause[]]
  const input = { clientKey: 'ke-hoach-cua-nguyen-nhan', name: 'Gửi lại', reason: 'ViLIS đã chạy lại', filter: { causes: [cause.id] } }
  const create =
    'mutation ($input: CreateReplayPlanInput!) { made: createReplayPlan(input: $input) { ... on ReplayPlanActDone { plan { filterText rowCount } } } }'
  const { made } = await system.gateway.query<{ made: object }>('operator', create, { input })
  expect(made).toEqual({ plan: { filterText: `nguyên nhân: “${cause.title}”`, rowCount: cause.openCount } })
})

test('when ViLIS is back the outage is over and still known; what a person has to mend stays', async () => {
  await system.twins.VILIS.online()
  await system.pass(3_600_000)
  await system.drain()
  expect(await causesOf({ openOnly: true })).toMatchObject([{ openCount: REFUSED }, { openCount: UNMAPPED }])
  expect(await causesOf()).toContainEqual(
    expect.objectContaining({ fingerprint: 'VILIS/RECEIVE/UNAVAILABLE/ECONNREFUSED', openCount: 0, totalCount: OUTAGE }),
  )
  const delivered = await system.context.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM transfer WHERE state = 'DELIVERED' AND cause_id IS NOT NULL`,
  )
  expect(delivered).toEqual([{ n: 0 }])
  await expectLedgersAgree(system)
})
