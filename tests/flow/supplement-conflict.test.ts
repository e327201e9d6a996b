import { afterAll, expect, test } from '@jest/globals'
import { andThen, expectOnceAndInOrder, HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** A supplement that is told again under its number with another content is never taken silently for the one that is known. */
const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const take = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  return code
}

const conflicts = async (): Promise<unknown> => {
  const { inboxMessages } = await system.gateway.query<{ inboxMessages: { edges: { node: unknown }[] } }>(
    'operator',
    '{ inboxMessages(filter: { states: [CONFLICT] }, first: 10) { edges { node { source operation reasonCode reason field dossierCode } } } }',
  )
  return inboxMessages.edges.map(({ node }) => node)
}

const timeline = async (code: string): Promise<{ kind: string; applied: boolean; note: string }[]> =>
  (
    await system.gateway.query<{ dossier: { timeline: { kind: string; applied: boolean; note: string }[] } }>(
      'operator',
      `query ($code: String!) { dossier(code: $code) { timeline { kind applied note } } }`,
      { code },
    )
  ).dossier.timeline.filter(({ kind }) => kind === 'SUPPLEMENT_HANDED_IN')

const supplementsSent = async (): Promise<string[]> =>
  (await system.accepted('VILIS')).filter(({ operation }) => operation === 'BoSungHoSo').map(({ key }) => key)

test.each(['poll', 'push'])(
  'the desk tells other content under a known number (%s): a conflict that operators see, and nothing is sent',
  async (road) => {
    system = await shared.open({ gateway: true, push: road === 'push' })
    const code = await take()
    await andThen(system, 'ONE_STOP', 'handInSupplement', { code, note: 'Bổ sung trích lục' })
    const sent = await supplementsSent()
    expect(sent).toHaveLength(1)
    await andThen(system, 'ONE_STOP', 'correctSupplement', { code })

    expect(await conflicts()).toEqual([
      {
        source: 'ONE_STOP',
        operation: road === 'push' ? 'DayBoSung' : 'BoSung',
        reasonCode: 'SAME_SUPPLEMENT_OTHER_CONTENT',
        reason: 'Đã nhận bổ sung lần 1, với nội dung khác.',
        field: 'supplementNo',
        dossierCode: code,
      },
    ])
    expect(await timeline(code)).toEqual([
      { kind: 'SUPPLEMENT_HANDED_IN', applied: true, note: 'Bổ sung trích lục' },
      { kind: 'SUPPLEMENT_HANDED_IN', applied: false, note: 'Đã nhận bổ sung lần 1, với nội dung khác.' },
    ])
    expect(await supplementsSent()).toEqual(sent)
    await expectAllDelivered(system)
  },
)

const RESULT = `__typename ... on DossierAccepted { repeated } ... on InputRefused { reason field message }`
const handIn = async (input: object): Promise<unknown> =>
  (
    await system.gateway.query<{ supplementDossier: unknown }>(
      'admin',
      `mutation ($input: SupplementDossierInput!) { supplementDossier(input: $input) { ${RESULT} } }`,
      { input },
    )
  ).supplementDossier

test('an application that hands other content in under a known number hears so; the same content again is taken as known', async () => {
  system = await shared.open({ gateway: true })
  const code = await take()
  await system.pass(HOUR_MS)
  const input = { clientKey: 'bo-sung-0001', dossierCode: code, supplementNo: 1, note: 'Bổ sung trích lục' }
  expect(await handIn(input)).toEqual({ __typename: 'DossierAccepted', repeated: false })
  await system.drain()
  expect(await handIn({ ...input, clientKey: 'bo-sung-0002' })).toEqual({ __typename: 'DossierAccepted', repeated: false })
  const other = { ...input, clientKey: 'bo-sung-0003', note: 'Nội dung khác' }
  const refused = {
    __typename: 'InputRefused',
    reason: 'SAME_SUPPLEMENT_OTHER_CONTENT',
    field: 'supplementNo',
    message: 'Đã nhận bổ sung lần 1, với nội dung khác.',
  }
  expect(await handIn(other)).toEqual(refused)
  expect(await handIn(other)).toEqual(refused)
  await system.drain()
  expect(await conflicts()).toMatchObject([{ source: 'GATEWAY', reasonCode: 'SAME_SUPPLEMENT_OTHER_CONTENT' }])
  expect(await supplementsSent()).toHaveLength(1)
  await expectOnceAndInOrder(system, 'VILIS', code)
})
