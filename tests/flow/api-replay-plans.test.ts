import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { clearOldPlans } from '../../src/operator/plan-retention-repository.js'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

let api: TestApi
let clicks = 0

const PLAN =
  'id state version filterText name rowCount rows(first: 2) { pageInfo { hasNextPage endCursor } edges { node { position bodyDigest resultReason transfer { id } } } }'
const CREATE = `mutation ($input: CreateReplayPlanInput!) {
  made: createReplayPlan(input: $input) { __typename ... on ReplayPlanActDone { repeated plan { ${PLAN} } } ... on InputRefused { field message } ... on ActRefused { reason message } ... on ClientKeyReused { message } } }`

const create = async (role: 'operator' | 'admin' | 'officer', filter: object, more: object = {}) => {
  clicks += 1
  const input = { clientKey: `lap-ke-hoach-${clicks}`, name: 'Gửi lại sau sự cố', reason: 'ViLIS đã hoạt động lại', filter, ...more }
  return api.query(await api.token(role, role === 'officer' ? ['28633'] : undefined), CREATE, { input })
}
const see = async (role: 'operator' | 'admin', id: string, query = PLAN) =>
  (await api.query(await api.token(role), `query ($id: ID!) { plan: replayPlan(id: $id) { ${query} } }`, { id })).data.plan

beforeAll(async () => {
  api = await startTestApi()
  for (let n = 1; n <= 3; n += 1) {
    const commune = { code: '28633', on: '2026-03-02' }
    const dossier = await seedDossier(api.db, {
      code: `H58.22-260319-000${n}`,
      commune,
      applicant: 'Lê Thị Bí Mật',
      dueAt: `2026-04-0${4 - n}T10:00:00Z`,
    })
    await seedTransfer(api.db, { dossier, state: 'REJECTED' })
  }
  await api.db.query('UPDATE transfer t SET due_at = d.due_at FROM dossier d WHERE d.id = t.dossier_id RETURNING 1 AS done')
})
afterAll(() => api.close())

describe('a replay plan', () => {
  it('is made once under a client’s key, read in pages by due date, and the same key with another filter is refused', async () => {
    const clientKey = 'lap-mot-lan-01'
    const first = await create('operator', { states: ['REJECTED'] }, { clientKey })
    const again = await create('operator', { states: ['REJECTED'] }, { clientKey })
    expect(again.data.made).toEqual({ ...first.data.made, repeated: true })
    expect((await create('operator', { states: ['HELD'] }, { clientKey })).data.made.__typename).toBe('ClientKeyReused')
    const { plan } = first.data.made
    expect(plan).toMatchObject({ state: 'DRAFT', version: 1, rowCount: 3, filterText: 'trạng thái: Bên nhận từ chối' })
    expect(plan.rows.edges.map(({ node }: { node: { position: number } }) => node.position)).toEqual([1, 2])
    const rest = await see(
      'operator',
      plan.id,
      `rows(first: 2, after: "${plan.rows.pageInfo.endCursor}") { pageInfo { hasNextPage } edges { node { position } } }`,
    )
    expect(rest).toEqual({ rows: { pageInfo: { hasNextPage: false }, edges: [{ node: { position: 3 } }] } })
    const due = await api.db.query<{ code: string }>(
      `SELECT d.code FROM replay_plan_row r JOIN transfer t ON t.id = r.transfer_id JOIN dossier d ON d.id = t.dossier_id
       WHERE r.plan_id = $1::uuid ORDER BY r.position`,
      [plan.id],
    )
    expect(due.map(({ code }) => code.slice(-1))).toEqual(['3', '2', '1'])
  })

  it('shows an operator no person, neither in what was asked nor in what the other side said', async () => {
    const made = await create('admin', { states: ['REJECTED'], applicant: 'Lê Thị Bí Mật' })
    const { id } = made.data.made.plan
    expect(made.data.made.plan.filterText).toContain('Lê Thị Bí Mật')
    await api.db.query(
      `UPDATE replay_plan_row SET result = 'FAILED', result_reason = 'ViLIS báo lỗi: “người nộp Lê Thị Bí Mật”' WHERE plan_id = $1::uuid RETURNING 1 AS done`,
      [id],
    )
    const seen = JSON.stringify(await see('operator', id))
    expect(seen).toContain('người nộp: ***')
    expect(seen).toContain('ViLIS báo lỗi')
    expect(seen).not.toContain('Bí Mật')
    expect(JSON.stringify(await see('admin', id))).toContain('Lê Thị Bí Mật')
    const trail = async (role: 'operator' | 'admin') => {
      const query =
        '{ entries: auditEntries(filter: { acts: ["CREATE_REPLAY_PLAN"] }) { edges { node { actLabel changes { name after } } } } }'
      return JSON.stringify((await api.query(await api.token(role), query)).data.entries)
    }
    expect(await trail('operator')).toContain('người nộp: ***')
    expect(await trail('operator')).toContain('Lập kế hoạch gửi lại')
    expect(await trail('operator')).not.toContain('Bí Mật')
    // The trail is for ever; whom a plan was about is kept with the plan, for a time.
    expect(await trail('admin')).not.toContain('Bí Mật')
    const forbidden = await create('operator', { applicant: 'Lê Thị Bí Mật' })
    expect(forbidden.errors[0]).toMatchObject({
      message: expect.stringMatching(/^Vai trò của bạn không tìm theo người nộp/),
      extensions: { code: 'FORBIDDEN', reason: 'dossiers.applicant' },
    })
    const filter = { applicant: 'Lê Thị Bí Mật' }
    const inEnglish = await api.query(
      await api.token('operator'),
      'query ($filter: TransferFilterInput) { transfers(filter: $filter, first: 1) { edges { node { id } } } }',
      { filter },
      { 'x-language': 'en' },
    )
    expect(inEnglish.errors[0]?.message).toMatch(/^Your role does not search by applicant: drop that condition/)
  })

  it.each([
    [{ perSecond: 0 }, 'perSecond'],
    [{ windowFrom: '25:00', windowTo: '06:00' }, 'windowFrom'],
    [{ windowFrom: '18:00' }, 'windowFrom'],
    [{ windowFrom: '18:00', windowTo: '18:00' }, 'windowTo'],
    [{ stopAtFailureShare: 1.5 }, 'stopAtFailureShare'],
    [{ filter: { text: '' } }, 'filter.text'],
    [{ filter: { ids: ['x'] } }, 'filter.ids'],
  ])('that makes no sense is refused with its field: %j', async (more, field) => {
    const { data, errors } = await create('operator', { states: ['REJECTED'] }, more)
    expect([data.made, errors]).toMatchObject([{ __typename: 'InputRefused', field }, []])
  })

  it('over everything is made only when that was said', async () => {
    for (const nothing of [{}, { applicant: null }])
      expect((await create('operator', nothing)).data.made).toMatchObject({ __typename: 'ActRefused', reason: 'NO_CONDITION' })
    const { plan } = (await create('operator', {}, { everything: true })).data.made
    expect(plan).toMatchObject({ rowCount: 3, filterText: 'Mọi lượt liên thông' })
  })

  it('is refused in English for who asks in English, and in Vietnamese for a browser that merely is an English one', async () => {
    const input = { clientKey: 'lap-ke-hoach-en', name: 'Gửi lại sau sự cố', reason: 'ViLIS đã hoạt động lại', filter: {} }
    const token = await api.token('operator')
    const messageOf = async (headers: Record<string, string>) => (await api.query(token, CREATE, { input }, headers)).data.made.message
    expect(await messageOf({ 'x-language': 'en' })).toMatch(/^There is no condition: /)
    expect(await messageOf({ 'accept-language': 'en-GB' })).toMatch(/^Chưa có điều kiện nào/)
    const allDay = { ...input, filter: { states: ['REJECTED'] }, windowFrom: '18:00', windowTo: '18:00' }
    const refused = await api.query(token, CREATE, { input: allDay }, { 'x-language': 'en' })
    expect(refused.data.made.message).toMatch(/^The daily hours must end at another time than they begin/)
    const { errors } = await api.query(token, '{ transfer(id: "x") { explanation { what } } }', {}, { 'x-language': 'en' })
    expect(errors[0]).toMatchObject({
      message: 'Transfer id is not of the right form.',
      extensions: { reason: 'TRANSFER_ID_INVALID' },
    })
    const shown = '{ transfers(first: 1) { edges { node { state stateLabel explanation { nextStep } acts { act allowed reason } } } } }'
    const made = { ...input, filter: { states: ['REJECTED'], createdFrom: '2026-01-01T00:00:00+07:00' } }
    expect(
      (await api.query(token, CREATE, { input: { ...made, clientKey: 'lap-ke-hoach-en-2' } }, { 'x-language': 'en' })).data.made.plan,
    ).toMatchObject({
      filterText: 'states: Refused by the other side; planned from: 00:00:00 on 01/01/2026',
    })
    const { node } = (await api.query(token, shown, {}, { 'x-language': 'en' })).data.transfers.edges[0]
    expect(node).toMatchObject({
      stateLabel: 'Refused by the other side',
      explanation: { nextStep: expect.stringMatching(/^Mend the data/) },
    })
    expect(node.acts).toContainEqual({
      act: 'APPROVE_AMENDMENT',
      allowed: false,
      reason: 'No amended content of this transfer awaits approval.',
    })
  })

  it('and an act on a transfer say in English who came first, also when the refusal is repeated', async () => {
    const dossier = await seedDossier(api.db, { code: 'H58.22-260319-0009', commune: { code: '28633', on: '2026-03-02' } })
    const transferId = await seedTransfer(api.db, { dossier, state: 'REJECTED' })
    const act = async (name: string, more: object) =>
      (
        await api.query(
          await api.token('operator'),
          `mutation ($input: TransferActInput!) { acted: ${name}(input: $input) { __typename ... on ActRefused { reason message } } }`,
          { input: { transferId, reason: 'đã sửa dữ liệu', ...more } },
          { 'x-language': 'en' },
        )
      ).data.acted
    expect(await act('replayTransfer', { clientKey: 'khoa-thu-en-1' })).toEqual({ __typename: 'TransferActDone' })
    const second = { clientKey: 'khoa-thu-en-2', expectedVersion: 1 }
    const said = await act('abandonTransfer', second)
    expect(said).toMatchObject({
      reason: 'STALE_WRITE',
      message: expect.stringMatching(
        /^This has changed since you looked at it: look again, then decide \(.+ \(\S+\) replayed it at \d\d:\d\d:\d\d on [\d/]+\)\.$/,
      ),
    })
    expect(await act('abandonTransfer', second)).toEqual(said)
  })

  it('is made of transfers that a person has picked, and says how many', async () => {
    const rows = await api.db.query<{ id: string }>(`SELECT id::text FROM transfer ORDER BY id LIMIT 2`)
    const ids = rows.map(({ id }) => id)
    const { plan } = (await create('operator', { ids })).data.made
    expect(plan).toMatchObject({ rowCount: 2, filterText: 'đã chọn: 2 lượt' })
    const picked = plan.rows.edges.map(({ node }: { node: { transfer: { id: string } } }) => node.transfer.id)
    expect(picked.sort()).toEqual(ids.sort())
  })

  it('keeps what was asked of a person no longer than is configured, and what it did for ever', async () => {
    const { id } = (await create('admin', { applicant: 'Lê Thị Bí Mật' }, { reason: 'Bà Lê Thị Bí Mật hỏi' })).data.made.plan
    await api.db.query(
      `UPDATE replay_plan SET state = 'DONE', finished_at = app_now() - interval '10 days' WHERE id = $1::uuid RETURNING 1 AS done`,
      [id],
    )
    await api.db.query(
      `UPDATE replay_plan_row SET result = 'FAILED', result_reason = 'người nộp Lê Thị Bí Mật' WHERE plan_id = $1::uuid RETURNING 1 AS done`,
      [id],
    )
    expect(await clearOldPlans(api.db, 11, 10)).toBe(0)
    expect(await clearOldPlans(api.db, 9, 10)).toBe(4)
    expect(await clearOldPlans(api.db, 9, 10)).toBe(0)
    const seen = await see('admin', id, 'reason name filterText rowCount results { result count }')
    expect(seen).toMatchObject({ rowCount: 3, results: [{ result: 'FAILED', count: 3 }], reason: 'Đã xóa khi hết thời hạn lưu.' })
    const kept = await api.db.query('SELECT p.*, r.* FROM replay_plan p JOIN replay_plan_row r ON r.plan_id = p.id WHERE p.id = $1::uuid', [
      id,
    ])
    expect(JSON.stringify(kept)).not.toContain('Bí Mật')
  })

  it('is nothing for an officer', async () => {
    const { errors } = await create('officer', { states: ['REJECTED'] })
    expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'createReplayPlan' })
  })

  it('is followed: as it is at once, then when somebody has acted on it', async () => {
    const { plan } = (await create('operator', { states: ['REJECTED'] })).data.made
    const token = await api.token('operator')
    const client = api.subscribe(token)
    const events = client.iterate<{ replayPlanChanged: { state: string; version: number } }>({
      query: 'subscription ($id: ID!) { replayPlanChanged(id: $id) { state version results { result count } } }',
      variables: { id: plan.id },
    })
    const next = async () => (await events.next()).value?.data?.replayPlanChanged
    expect(await next()).toEqual({ state: 'DRAFT', version: 1, results: [{ result: 'WAITING', count: 3 }] })
    const input = { clientKey: 'huy-ke-hoach-1', planId: plan.id, reason: 'Không cần nữa', version: 1 }
    const cancelled = await api.query(token, `mutation ($input: ReplayPlanActInput!) { cancelReplayPlan(input: $input) { __typename } }`, {
      input,
    })
    expect(cancelled.data.cancelReplayPlan.__typename).toBe('ReplayPlanActDone')
    expect(await next()).toEqual({ state: 'CANCELLED', version: 2, results: [{ result: 'SKIPPED', count: 3 }] })
    await client.dispose()
  })
})

it('the last error of a transfer, recorded in Vietnamese, is told in the language asked for', async () => {
  const dossier = await seedDossier(api.db, { code: 'H58.22-260319-0010', commune: { code: '28633', on: '2026-03-02' } })
  const lastError = 'ViLIS báo lỗi: “Không tìm thấy hồ sơ” (SOAP fault Client.E104, HTTP 500).'
  const id = await seedTransfer(api.db, { dossier, state: 'REJECTED', lastError })
  const told = async (language: string) =>
    (await api.query(await api.token('operator'), `{ transfer(id: "${id}") { lastError } }`, {}, { 'x-language': language })).data.transfer
  expect(await told('vi')).toEqual({ lastError })
  expect(await told('en')).toEqual({
    lastError: 'ViLIS reports a fault: “Không tìm thấy hồ sơ” (SOAP fault Client.E104, HTTP 500).',
  })
})
