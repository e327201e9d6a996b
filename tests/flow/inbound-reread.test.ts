import { afterAll, expect, test } from '@jest/globals'
import { andThen, atDesk, expectOnceAndInOrder, HOUR_MS } from '../support/dossier-journey.js'
import { sharedTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'

/** A feed that was set back over there is read again from its start: nothing known counts twice, nothing lost is undone, people are told. */
const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const open = async (options: TestSystemOptions = {}): Promise<void> => {
  system = await shared.open({ gateway: true, ...options })
}

const taken = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  return code
}

interface Poll {
  readonly alarm: string | null
  readonly alarmSince: string | null
  readonly rereadEndedAt: string | null
  readonly lostChanges: number | null
}

const poll = async (role: 'operator' | 'officer' = 'operator'): Promise<Poll | null> => {
  const { systems } = await system.gateway.query<{ systems: { id: string; poll: Poll | null }[] }>(
    role,
    '{ systems { id poll { alarm alarmSince rereadEndedAt lostChanges } } }',
  )
  return systems.find(({ id }) => id === 'VILIS')?.poll ?? null
}

const QUIET = { alarm: null, alarmSince: null }

const messages = async (filter: string): Promise<Record<string, unknown>[]> => {
  const { inboxMessages } = await system.gateway.query<{ inboxMessages: { edges: { node: Record<string, unknown> }[] } }>(
    'operator',
    `{ inboxMessages(filter: ${filter}) { edges { node { source operation state reason reasonCode dossierCode } } } }`,
  )
  return inboxMessages.edges.map(({ node }) => node)
}

const CLEAR = `mutation ($key: String!, $reason: String!) { clearPollAlarm(input: { clientKey: $key, systemId: VILIS, reason: $reason }) {
  __typename ... on PollAlarmCleared { systemId repeated } ... on ActRefused { reason } } }`
const clear = async (key: string, reason = 'Đã đối chiếu với ViLIS'): Promise<unknown> =>
  (await system.gateway.query<{ clearPollAlarm: unknown }>('operator', CLEAR, { key, reason })).clearPollAlarm

const accepted = async (): Promise<unknown> => [
  await system.accepted('ONE_STOP'),
  await system.accepted('PORTAL'),
  await system.accepted('VILIS'),
]

test('a registry restored to an hour ago: what it lost stays applied, is counted and listed, and a named person clears the alarm', async () => {
  await open({ systems: { VILIS: { poll: { pageSize: 1 } } } })
  const code = await taken()
  for (const step of ['APPRAISAL', 'PENDING_PRINT_CERT', 'PENDING_CHECK']) await andThen(system, 'VILIS', 'forward', { code, step })
  expect(await poll()).toMatchObject({ ...QUIET, lostChanges: null })
  expect(await clear('xoa-canh-bao-1')).toEqual({ __typename: 'ActRefused', reason: 'NO_ALARM' })
  const before = await accepted()

  await system.pass(HOUR_MS / 2)
  await system.twins.VILIS.act('restoreBackup', { minutesAgo: 60 })
  await system.drain()
  await system.drain()
  expect(await poll()).toMatchObject({
    alarm: expect.stringContaining('lùi từ vị trí 3 về 2'),
    alarmSince: expect.any(String),
    rereadEndedAt: expect.any(String),
    lostChanges: 1,
  })
  expect(await poll('officer')).toBeNull()
  expect(await accepted()).toEqual(before)
  expect((await atDesk(system, code)).dossier.status).toBe(4)
  expect(await messages('{ lostAtSource: true }')).toMatchObject([
    { source: 'VILIS', operation: 'ChuyenHoSo', state: 'APPLIED', dossierCode: code },
  ])

  expect(await clear('xoa-canh-bao-2')).toEqual({ __typename: 'PollAlarmCleared', systemId: 'VILIS', repeated: false })
  expect(await clear('xoa-canh-bao-2')).toEqual({ __typename: 'PollAlarmCleared', systemId: 'VILIS', repeated: true })
  expect(await clear('xoa-canh-bao-2', 'một lý do khác')).toEqual({ __typename: 'ClientKeyReused' })
  expect(await poll()).toMatchObject(QUIET)
  const audited = await system.context.db.query(`SELECT actor, role, reason FROM audit_entry WHERE act = 'CLEAR_POLL_ALARM'`)
  expect(audited).toEqual([{ actor: 'operator', role: 'OPERATOR', reason: 'Đã đối chiếu với ViLIS' }])

  // Life goes on over there, under event ids that it gives out a second time.
  await andThen(system, 'VILIS', 'forward', { code, step: 'PENDING_TAX_PAYMENT' })
  expect((await atDesk(system, code)).dossier.status).toBe(6)
  await expectOnceAndInOrder(system, 'ONE_STOP', code)
  await expectOnceAndInOrder(system, 'PORTAL', code)
})

test('a feed that only lagged for a while: once it has shown all again that is known, the alarm is over by itself', async () => {
  await open()
  const code = await taken()
  for (const step of ['APPRAISAL', 'PENDING_PRINT_CERT']) await andThen(system, 'VILIS', 'forward', { code, step })
  const before = await accepted()
  await system.twins.VILIS.act('lagBehind', { toPosition: '1' })
  await system.drain()
  expect(await poll()).toMatchObject({ alarm: expect.any(String), rereadEndedAt: null, lostChanges: null })
  expect(await clear('xoa-canh-bao-1')).toEqual({ __typename: 'ActRefused', reason: 'STILL_REREADING' })
  await system.drain()
  expect(await poll()).toMatchObject({ alarm: expect.any(String), rereadEndedAt: expect.any(String), lostChanges: 1 })
  await system.twins.VILIS.act('lagBehind', { toPosition: null })
  await system.drain()
  expect(await poll()).toMatchObject({ ...QUIET, lostChanges: 0 })
  expect(await accepted()).toEqual(before)
})

test('a restored registry that counts anew: the same facts under other event ids are no news', async () => {
  await open()
  const code = await taken()
  for (const step of ['APPRAISAL', 'PENDING_PRINT_CERT', 'PENDING_CHECK']) await andThen(system, 'VILIS', 'forward', { code, step })
  const before = await accepted()
  await system.twins.VILIS.act('renumber', {})
  await system.drain()
  expect(await accepted()).toEqual(before)
  expect((await messages('{ sources: [VILIS] }')).map(({ state }) => state)).toEqual([
    'NO_CHANGE',
    'NO_CHANGE',
    'NO_CHANGE',
    'APPLIED',
    'APPLIED',
    'APPLIED',
  ])
})

test.each([
  [4, 'found', 5],
  [5, 'not found', 4],
] as const)('a change committed late, %i positions behind the newest with an overlap of 5, is %s', async (behind, _found, status) => {
  await open({ systems: { VILIS: { poll: { overlap: 5 } } } })
  const [code, other] = [await taken(), await taken()]
  await andThen(system, 'VILIS', 'forward', { code })
  await system.pass(HOUR_MS)
  const at = (await system.twins.VILIS.state<{ changes: { eventId: string }[] }>()).state.changes.length + 1
  await system.twins.VILIS.act('holdBack', { eventId: `SK-${at}` })
  await system.twins.VILIS.act('requireSupplement', { code, pause: false })
  for (let later = 0; later < behind; later += 1)
    await andThen(system, 'VILIS', 'forward', { code: other, step: later % 2 ? 'APPRAISAL' : 'PENDING_CHECK' })
  await system.twins.VILIS.act('release', { eventId: `SK-${at}` })
  await system.drain()
  expect((await atDesk(system, code)).dossier.status).toBe(status)
  await expectOnceAndInOrder(system, 'ONE_STOP', code)
})

test('a poll that reads again what it knows writes none of it anew', async () => {
  await open()
  const code = await taken()
  await andThen(system, 'VILIS', 'forward', { code })
  const written = () => system.context.db.query('SELECT id::text, xmin::text, state FROM inbox_message ORDER BY id')
  const before = await written()
  expect(before).toHaveLength(3)
  await system.drain()
  expect(await written()).toEqual(before)
})

test('what was quarantined or is in conflict is seen by operators, with its reason and without personal data, and by nobody else', async () => {
  await open()
  const code = await taken()
  await system.twins.VILIS.act('tell', {
    kind: 'ChuyenHoSo',
    code,
    at: '1900-01-01T00:00:00.000Z',
    fields: {},
  })
  await system.twins.ONE_STOP.act('sameVersionOtherContent', { code })
  await system.drain()
  const held = await messages('{ states: [QUARANTINED, CONFLICT] }')
  expect(held).toHaveLength(2)
  expect(held).toContainEqual(expect.objectContaining({ source: 'VILIS', state: 'QUARANTINED', reason: expect.stringMatching(/./) }))
  expect(held).toContainEqual(
    expect.objectContaining({
      source: 'ONE_STOP',
      state: 'CONFLICT',
      reasonCode: 'SAME_VERSION_OTHER_CONTENT',
      reason: 'Phiên bản 1 đã có với nội dung khác.',
      dossierCode: code,
    }),
  )
  expect(await messages(`{ dossierCode: "${code}", states: [APPLIED] }`)).toMatchObject([{ source: 'ONE_STOP', operation: 'HoSo' }])
  for (const role of ['officer', 'citizen-app'] as const) {
    const { errors } = await system.gateway.ask(role, '{ inboxMessages { totalCount } }')
    expect(errors).toHaveLength(1)
  }
  const { recovery } = await system.gateway.query<{ recovery: unknown }>('operator', '{ recovery { open backupAt openedAt remaining } }')
  expect(recovery).toEqual({ open: false, backupAt: null, openedAt: null, remaining: 0 })
})
