import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from 'graphql-ws'
import type { SeededDossier } from '../support/seed-dossiers.js'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'
import { until } from '../support/until.js'

let api: TestApi
let mine: SeededDossier
let other: SeededDossier

beforeAll(async () => {
  api = await startTestApi()
  mine = await seedDossier(api.db, { code: 'H58.22-260319-0001', commune: { code: '28633', on: '2026-03-02' } })
  other = await seedDossier(api.db, { code: 'H58.22-260319-0002', commune: { code: '28615', on: '2026-03-02' } })
})

afterAll(() => api.close())

interface TransferEvent {
  readonly transferChanged: {
    readonly eventId: string
    readonly transfer: { readonly id: string; readonly dossier: { readonly code: string } }
  }
}

const QUERY = 'subscription ($lastEventId: ID) { transferChanged(lastEventId: $lastEventId) { eventId transfer { id dossier { code } } } }'

const follow = (client: Client, lastEventId: string | null = null) =>
  client.iterate<TransferEvent>({ query: QUERY, variables: { lastEventId } })

const take = async (
  events: AsyncIterableIterator<{ data?: TransferEvent | null }>,
  count: number,
): Promise<TransferEvent['transferChanged'][]> => {
  const taken: TransferEvent['transferChanged'][] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done || !value.data) throw new Error(`ended after ${taken.length} events: ${JSON.stringify(value)}`)
    taken.push(value.data.transferChanged)
  }
  return taken
}

/** The cursor before everything that was written. */
const START = '0-0'

describe('transferChanged', () => {
  it('goes on after the last event that a client had, and misses and repeats none', async () => {
    const token = await api.token('admin')
    const ids: string[] = []
    for (let n = 1; n <= 3; n++) ids.push(await seedTransfer(api.db, { dossier: mine, sequence: n }))
    const first = api.subscribe(token)
    const events = follow(first, START)
    const seen = await take(events, 3)
    expect(seen.map((event) => event.transfer.id)).toEqual(ids)
    await first.dispose()

    for (let n = 4; n <= 6; n++) ids.push(await seedTransfer(api.db, { dossier: mine, sequence: n }))
    const second = api.subscribe(token)
    const resumed = follow(second, seen[1]?.eventId)
    const missed = await take(resumed, 4)
    expect(missed.map((event) => event.transfer.id)).toEqual(ids.slice(2))
    for (let n = 7; n <= 9; n++) ids.push(await seedTransfer(api.db, { dossier: mine, sequence: n }))
    const live = await take(resumed, 3)
    expect(live.map((event) => event.transfer.id)).toEqual(ids.slice(6))
    await second.dispose()
  })

  it('shows an officer the changes of their communes alone', async () => {
    const client = api.subscribe(await api.token('officer', ['28615']))
    const events = follow(client, START)
    await seedTransfer(api.db, { dossier: mine, systemId: 'PORTAL' })
    const theirs = await seedTransfer(api.db, { dossier: other, systemId: 'PORTAL' })
    await seedTransfer(api.db, { dossier: mine, systemId: 'ONE_STOP' })
    const last = await seedTransfer(api.db, { dossier: other, systemId: 'ONE_STOP' })
    const seen = await take(events, 2)
    expect(seen.map((event) => [event.transfer.id, event.transfer.dossier.code])).toEqual([
      [theirs, other.code],
      [last, other.code],
    ])
    await client.dispose()
  })

  it("is refused to a citizens' application and for an event id that is none", async () => {
    const app = api.subscribe(await api.token('citizen-app'))
    const forbidden = await follow(app).next()
    expect(forbidden.value.errors[0].extensions.code).toBe('FORBIDDEN')
    await app.dispose()
    const admin = api.subscribe(await api.token('admin'))
    const invalid = await follow(admin, 'hôm qua').next()
    expect(invalid.value.errors[0].extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'lastEventId' })
    await admin.dispose()
  })
})

describe('dossierChanged', () => {
  it('shows the dossier as it is at each event', async () => {
    const client = api.subscribe(await api.token('officer', ['28633']))
    const events = client.iterate<{
      dossierChanged: { eventId: string; topic: string; dossier: { status: string; applicant: { fullName: string } } }
    }>({
      query:
        'subscription ($code: String!, $lastEventId: ID) { dossierChanged(code: $code, lastEventId: $lastEventId) { eventId topic dossier { status applicant { fullName } } } }',
      variables: { code: mine.code, lastEventId: START },
    })
    const first = await events.next()
    expect(first.value.data.dossierChanged).toMatchObject({
      topic: 'DOSSIER',
      dossier: { status: 'ACCEPTED', applicant: { fullName: 'Trần Thị Mẫu' } },
    })
    await api.db.query(`UPDATE dossier SET status = 'IN_PROGRESS' WHERE id = $1`, [mine.id])
    let latest = first.value.data.dossierChanged
    while (latest.dossier.status === 'ACCEPTED') latest = (await events.next()).value.data.dossierChanged
    expect(latest).toMatchObject({ topic: 'DOSSIER', dossier: { status: 'IN_PROGRESS' } })
    await client.dispose()
  })

  it('is not found for a dossier that lies elsewhere', async () => {
    const client = api.subscribe(await api.token('officer', ['28633']))
    const answer = await client
      .iterate({ query: 'subscription ($code: String!) { dossierChanged(code: $code) { eventId } }', variables: { code: other.code } })
      .next()
    expect(answer.value.errors[0].extensions.code).toBe('NOT_FOUND')
    await client.dispose()
  })
})

describe('a socket', () => {
  it('is closed with 4401 when its token expires', async () => {
    const client = api.subscribe(await api.token('admin', undefined, 1))
    const events = follow(client)
    await expect(events.next()).rejects.toMatchObject({ code: 4401 })
    await client.dispose()
  })

  it('is refused to an expired token, and its queries pass the same limits', async () => {
    const expired = api.subscribe(await api.token('admin', undefined, -60))
    await expect(follow(expired).next()).rejects.toMatchObject({ code: 4401 })
    const client = api.subscribe(await api.token('admin'))
    const aliases = Array.from({ length: 100 }, (_, n) => `a${n}: systems { id }`).join(' ')
    await expect(client.iterate({ query: `{ ${aliases} }` }).next()).rejects.toMatchObject([
      { extensions: { code: 'INVALID_INPUT', reason: 'QUERY_TOO_MANY_ALIASES' } },
    ])
    await client.dispose()
  })
})

describe('land of a changed dossier', () => {
  it('is shown with its event as it was not read before it', async () => {
    const code = 'H58.22-260319-0003'
    const parcel = { mapSheetNumber: '4', parcelNumber: '77' }
    const told = (areaM2: string) => ({
      key: { communeCode: '28633', ...parcel },
      areaM2,
      landUses: [],
      certificateSerials: [],
      restrictions: [],
    })
    api.registry.parcels.push(told('100.00'))
    await seedDossier(api.db, { code, commune: { code: '28633', on: '2026-03-02' }, parcel })
    const token = await api.token('admin')
    const client = api.subscribe(token)
    const events = client.iterate<{ dossierChanged: { dossier: { version: number; parcels: { live: { areaM2: string } }[] } } }>({
      query: `subscription { dossierChanged(code: "${code}", lastEventId: "${START}") { dossier { version parcels { live { areaM2 } } } } }`,
    })
    await events.next()
    const read = (): ReturnType<TestApi['query']> =>
      api.query(token, `{ dossier(code: "${code}") { parcels { live { areaM2 freshness { state } } } } }`)
    const [cached] = await until('it is kept', async () => {
      const { parcels } = (await read()).data.dossier
      return parcels[0].live.freshness.state === 'CACHED' && parcels
    })
    expect(cached.live.areaM2).toBe('100.00')

    api.registry.parcels.splice(-1, 1, told('200.00'))
    await api.db.query('UPDATE dossier SET version = 2 WHERE code = $1', [code])
    for (let version = 0; version !== 2; ) {
      const { value, done } = await events.next()
      if (done || !value.data) throw new Error('the subscription has ended')
      const { dossier } = value.data.dossierChanged
      version = dossier.version
      if (version === 2) expect(dossier.parcels).toEqual([{ live: { areaM2: '200.00' } }])
    }
    await client.dispose()
  })
})
