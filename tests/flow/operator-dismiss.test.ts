import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { andThen } from '../support/dossier-journey.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/** The desk has told a supplement again under its number with another content, and an operator decides that the first one stands. */
let system: TestSystem
let code: string
beforeAll(async () => {
  system = await openTestSystem({ gateway: true })
  code = (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code
  await system.drain()
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code, note: 'Bổ sung trích lục' })
  await andThen(system, 'ONE_STOP', 'correctSupplement', { code })
})
afterAll(() => system.close())

interface Message {
  readonly id: string
  readonly state: string
}
const listed = async (state: string): Promise<Message[]> => {
  const query = `{ inboxMessages(filter: { states: [${state}] }) { totalCount totalCountIsExact edges { node { id state reasonCode dismissedBy dismissedBecause } } } }`
  const { inboxMessages } = await system.gateway.query<{
    inboxMessages: { totalCount: number; totalCountIsExact: boolean; edges: { node: Message }[] }
  }>('operator', query)
  expect(inboxMessages).toMatchObject({ totalCount: inboxMessages.edges.length, totalCountIsExact: true })
  return inboxMessages.edges.map(({ node }) => node)
}
const DISMISS = `mutation ($input: DismissInboxMessageInput!) { dismissInboxMessage(input: $input) { __typename
  ... on InboxMessageDismissed { repeated inboxMessage { id state dismissedBy } } ... on InputRefused { reason field } ... on ActRefused { reason message } } }`
const dismiss = (input: object, role: 'operator' | 'officer' = 'operator') => system.gateway.ask(role, DISMISS, { input })
const INPUT = { clientKey: 'bo-qua-0001', reason: 'Bộ phận một cửa báo nhầm' }
const supplements = async () => (await system.accepted('VILIS')).filter(({ operation }) => operation === 'BoSungHoSo')

test('it is dismissed once, by name and with a reason, and seen as that from then on; nothing is sent', async () => {
  const [conflict] = await listed('CONFLICT')
  const input = { ...INPUT, messageId: conflict?.id }
  const sent = await supplements()
  const done = {
    __typename: 'InboxMessageDismissed',
    inboxMessage: { id: conflict?.id, state: 'DISMISSED', dismissedBy: 'Người thử operator (operator)' },
  }
  expect((await dismiss(input)).data).toEqual({ dismissInboxMessage: { ...done, repeated: false } })
  expect((await dismiss(input)).data).toEqual({ dismissInboxMessage: { ...done, repeated: true } })
  expect((await dismiss({ ...input, clientKey: 'bo-qua-0002' })).data).toMatchObject({
    dismissInboxMessage: { reason: 'ALREADY_DISMISSED' },
  })
  expect(await listed('CONFLICT')).toEqual([])
  expect(await listed('DISMISSED')).toMatchObject([
    { id: conflict?.id, reasonCode: 'SAME_SUPPLEMENT_OTHER_CONTENT', dismissedBecause: INPUT.reason },
  ])
  expect(await system.context.db.query(`SELECT actor, role, reason, before, after FROM audit_entry WHERE act = 'DISMISS_MESSAGE'`)).toEqual(
    [
      {
        actor: 'operator',
        role: 'OPERATOR',
        reason: INPUT.reason,
        before: { messageId: conflict?.id, state: 'CONFLICT', why: expect.stringContaining('SAME_SUPPLEMENT_OTHER_CONTENT') },
        after: { state: 'DISMISSED', request: INPUT.clientKey },
      },
    ],
  )
  await system.drain()
  expect(await supplements()).toEqual(sent)
})

test('the same told again stays dismissed, and a superseding does not carry it on', async () => {
  await system.context.db.query(`UPDATE poll_cursor SET position = 0 WHERE system_id = 'ONE_STOP' RETURNING 1 AS done`)
  await system.drain()
  expect([(await listed('CONFLICT')).length, (await listed('DISMISSED')).length]).toEqual([0, 1])
  const [transfer] = await system.context.db.query<{ id: string }>(
    `UPDATE transfer SET state = 'REJECTED' WHERE operation = 'SUPPLEMENT' AND state = 'DELIVERED' RETURNING id::text`,
  )
  const { act } = await system.gateway.query<{ act: unknown }>(
    'operator',
    'mutation ($input: TransferActInput!) { act: supersedeTransfer(input: $input) { ... on ActRefused { reason } } }',
    { input: { clientKey: 'thay-luot-0001', transferId: transfer?.id, reason: 'Thử thay lượt' } },
  )
  expect(act).toEqual({ reason: 'FACT_UNCHANGED' })
})

test('what is not in conflict, or not there, or asked by somebody else, is refused', async () => {
  const [applied] = await listed('APPLIED')
  expect((await dismiss({ ...INPUT, clientKey: 'bo-qua-0003', messageId: applied?.id })).data).toMatchObject({
    dismissInboxMessage: { reason: 'NOT_IN_CONFLICT' },
  })
  const absent = '00000000-0000-7000-8000-000000000000'
  const another = { ...INPUT, clientKey: 'bo-qua-0004' }
  expect((await dismiss({ ...another, messageId: absent })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  expect((await dismiss({ ...another, messageId: 'không phải khóa' })).data).toEqual({
    dismissInboxMessage: { __typename: 'InputRefused', reason: 'MESSAGE_ID_INVALID', field: 'messageId' },
  })
  expect((await dismiss({ ...INPUT, messageId: applied?.id }, 'officer')).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})
