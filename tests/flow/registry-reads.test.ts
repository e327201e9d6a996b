import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { openContext } from '../../src/context.js'
import { lookUpsOf } from '../support/held-reads.js'
import { seedDossier } from '../support/seed-dossiers.js'
import { startTestGateway, type TestGateway } from '../support/test-gateway.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/**
 * Live look-ups through the real gateway at the real twin, whose ledger says how many calls came. Parcels count as new for the usual time, certificates
 * not for a moment, so that each is past its lifetime when it is asked for again.
 */
const PARCELS = 'TraCuuThuaDat'
const CERTIFICATES = 'TraCuuGiayChungNhan'
let system: TestSystem
let lookUps: ReturnType<typeof lookUpsOf>
beforeAll(async () => {
  system = await openTestSystem({
    gateway: true,
    polls: false,
    runAhead: true,
    reads: { certificates: { freshMs: 0 }, maxWaitMs: 5_000 },
    // Longer than any look-up is held back here.
    systems: { VILIS: { readDeadlineMs: 20_000 } },
  })
  lookUps = lookUpsOf(system)
})
afterAll(() => system.close())
beforeEach(() => lookUps.mark())

interface Shown {
  readonly areaM2: string | null
  readonly knownToRegistry: boolean | null
  readonly freshness: {
    readonly state: string
    readonly asOf: string | null
    readonly staleBecause: string | null
    readonly errorCode: string | null
  }
}
const FRESHNESS = 'freshness { state asOf staleBecause errorCode }'
const parcelQuery = (parcelNumber: string, args = ''): string =>
  `{ parcel(key: { communeCode: "28594", mapSheetNumber: "3", parcelNumber: "${parcelNumber}" }${args}) { knownToRegistry areaM2 ${FRESHNESS} } }`
const parcel = async (parcelNumber: string, args = '', gateway: TestGateway = system.gateway): Promise<Shown> =>
  (await gateway.query<{ parcel: Shown }>('admin', parcelQuery(parcelNumber, args))).parcel
const certificate = async (args = ''): Promise<Shown> =>
  (
    await system.gateway.query<{ certificate: Shown }>(
      'admin',
      `{ certificate(serialNumber: "CA 00300044"${args}) { knownToRegistry ${FRESHNESS} } }`,
    )
  ).certificate

describe('few calls', () => {
  test('ten identical queries at once are one call, and the one that hung up fails none of the others', async () => {
    await lookUps.hold(PARCELS)
    const hangsUp = new AbortController()
    const asked = Array.from({ length: 9 }, () => parcel('1'))
    const gone = system.gateway.send('admin', parcelQuery('1'), { signal: hangsUp.signal }).then(
      () => 'answered',
      () => 'gone',
    )
    await lookUps.heldBack(PARCELS, 1)
    hangsUp.abort()
    expect(await gone).toBe('gone')
    await lookUps.release()
    expect(new Set((await Promise.all(asked)).map(({ areaM2 }) => areaM2)).size).toBe(1)
    expect(await lookUps.count(PARCELS)).toBe(1)
  })

  test('whoever wants it live while it is being read shares that call', async () => {
    await lookUps.hold(PARCELS)
    const first = parcel('11', ', read: LIVE')
    await lookUps.heldBack(PARCELS, 1)
    // Each has asked, and did not wait.
    for (let at = 0; at < 9; at += 1) {
      const { data } = await system.gateway.ask('admin', parcelQuery('11', ', read: LIVE, maxWaitMs: 1'))
      expect((data as { parcel: Shown }).parcel.freshness.state).toBe('LATE')
    }
    await lookUps.release()
    expect((await first).freshness.state).toBe('LIVE')
    expect(await lookUps.count(PARCELS)).toBe(1)
  })

  test('a list of 50 dossiers with their parcels and certificates is one call of each kind', async () => {
    for (let at = 0; at < 50; at += 1)
      await seedDossier(system.context.db, {
        code: `H58.22-260401-${String(at).padStart(4, '0')}`,
        commune: { code: '28594', on: '2026-04-01' },
        parcel: { mapSheetNumber: '5', parcelNumber: String(at + 1) },
        certificate: `CA005${String(at + 1).padStart(5, '0')}`,
      })
    const { dossiers } = await system.gateway.query<{
      dossiers: { edges: { node: { parcels: { live: Shown }[]; certificates: { live: { knownToRegistry: boolean } }[] } }[] }
    }>(
      'officer',
      `{ dossiers(first: 50, filter: { text: "260401" }) { edges { node { parcels { live { areaM2 } } certificates { live { knownToRegistry } } } } } }`,
    )
    expect(dossiers.edges.flatMap(({ node }) => node.parcels.filter(({ live }) => live.areaM2 !== null))).toHaveLength(50)
    expect(dossiers.edges.flatMap(({ node }) => node.certificates.filter(({ live }) => live.knownToRegistry)).length).toBeGreaterThan(30)
    expect([await lookUps.count(PARCELS), await lookUps.count(CERTIFICATES)]).toEqual([1, 1])
  })
})

describe('how new a part is', () => {
  test('is as the caller asks: from the cache, from the registry now, or from the database alone, and the answer says so', async () => {
    const first = await parcel('2')
    const cached = await parcel('2')
    expect([first.freshness.state, cached.freshness.state]).toEqual(['LIVE', 'CACHED'])
    expect(cached.freshness).toMatchObject({ asOf: first.freshness.asOf, staleBecause: null, errorCode: null })
    await system.twins.VILIS.advance({ ms: 60_000 })
    const live = await parcel('2', ', read: LIVE')
    expect(live.freshness).toMatchObject({ state: 'LIVE', staleBecause: null })
    expect(Date.parse(live.freshness.asOf ?? '')).toBeGreaterThan(Date.parse(first.freshness.asOf ?? ''))
    expect(await parcel('2', ', read: SNAPSHOT')).toMatchObject({
      areaM2: first.areaM2,
      freshness: { state: 'SNAPSHOT', asOf: live.freshness.asOf, errorCode: null },
    })
    expect(await lookUps.count(PARCELS)).toBe(2)
  })

  test('and of what was never read there is no record, said with a typed error and without a call', async () => {
    const { data, errors } = await system.gateway.ask('admin', parcelQuery('3', ', read: SNAPSHOT'))
    expect(errors).toMatchObject([
      { path: ['parcel', 'knownToRegistry'], extensions: { code: 'NOT_FOUND', reason: 'NEVER_READ', system: 'VILIS' } },
    ])
    expect(data).toMatchObject({ parcel: { areaM2: null, freshness: { state: 'SNAPSHOT', asOf: null, errorCode: 'NOT_FOUND' } } })
    expect(await lookUps.count(PARCELS)).toBe(0)
  })

  test('what is not there is known as such, for a while without a call', async () => {
    expect(await parcel('95000')).toMatchObject({ knownToRegistry: false, areaM2: null })
    expect((await parcel('95000')).freshness.state).toBe('CACHED')
    expect(await lookUps.count(PARCELS)).toBe(1)
  })

  test('past its lifetime it is given at once while it is read again, and when that fails it says that the registry is down', async () => {
    const first = await certificate()
    await system.twins.VILIS.advance({ ms: 60_000 })
    await lookUps.hold(CERTIFICATES)
    expect((await certificate()).freshness).toMatchObject({ state: 'REFRESHING', asOf: first.freshness.asOf, errorCode: null })
    await lookUps.heldBack(CERTIFICATES, 1)
    expect((await certificate()).freshness).toMatchObject({ state: 'REFRESHING', asOf: first.freshness.asOf })
    expect(await lookUps.count(CERTIFICATES)).toBe(2)
    await lookUps.release()
    await until('the new one has come', async () => (await certificate()).freshness.asOf !== first.freshness.asOf)
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: CERTIFICATES, count: 1_000 })
    const down = await until('the refusal is known', async () => {
      const { freshness } = await certificate()
      return freshness.state === 'STALE' && freshness
    })
    expect(down).toMatchObject({
      staleBecause: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó báo lỗi',
      errorCode: 'UPSTREAM_UNAVAILABLE',
    })
    expect(down.asOf).not.toBeNull()
    await system.twins.VILIS.reset()
  })
})

describe('a caller who does not wait', () => {
  test('is told what is late and why, by a typed error where there is nothing to show, and the reading goes on for the next one', async () => {
    await lookUps.hold(PARCELS)
    const none = await system.gateway.ask('admin', parcelQuery('4', ', maxWaitMs: 0'))
    expect(none.errors).toMatchObject([
      {
        message: 'Phần mềm đất đai (ViLIS) chưa trả lời trong 0 ms.',
        path: ['parcel', 'knownToRegistry'],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', reason: 'LATE', system: 'VILIS' },
      },
    ])
    expect(none.extensions).toEqual({
      parts: [
        { path: ['parcel'], system: 'VILIS', state: 'FAILED', asOf: null, because: 'Phần mềm đất đai (ViLIS) chưa trả lời trong 0 ms' },
      ],
    })
    await lookUps.heldBack(PARCELS, 1)
    await lookUps.release()
    const fresh = await until('it is there', async () => {
      const { data } = await system.gateway.ask('admin', parcelQuery('4', ', maxWaitMs: 0'))
      const shown = (data as { parcel: Shown }).parcel
      return shown.freshness.state === 'CACHED' && shown
    })
    expect(await lookUps.count(PARCELS)).toBe(1)

    await lookUps.hold(PARCELS)
    const late = await system.gateway.ask('admin', parcelQuery('4', ', read: LIVE, maxWaitMs: 1'))
    expect(late).toMatchObject({
      data: {
        parcel: { areaM2: fresh.areaM2, freshness: { state: 'LATE', asOf: fresh.freshness.asOf, errorCode: 'UPSTREAM_UNAVAILABLE' } },
      },
      extensions: {
        parts: [
          { path: ['parcel'], state: 'LATE', asOf: fresh.freshness.asOf, because: 'Phần mềm đất đai (ViLIS) chưa trả lời trong 1 ms' },
        ],
      },
    })
    expect(late.errors).toBeUndefined()
    await lookUps.release()
  })

  test('and names no time waits as long as is usual for what is kept, and for what has to be new as long as it takes', async () => {
    const { configuration } = system.context.options
    const context = await openContext({
      ...system.context.options,
      configuration: { ...configuration, reads: { ...configuration.reads, usualWaitMs: 1 } },
    })
    const gateway = await startTestGateway(context)
    try {
      await lookUps.hold(PARCELS)
      expect((await gateway.ask('admin', parcelQuery('9'))).errors).toMatchObject([{ extensions: { reason: 'LATE' } }])
      const live = parcel('10', ', read: LIVE', gateway)
      await lookUps.heldBack(PARCELS, 2)
      await lookUps.release()
      expect((await live).freshness.state).toBe('LIVE')
    } finally {
      await gateway.stop()
      await context.close()
    }
  })

  test('may not ask to be waited for longer than the configuration allows, nor for less than nothing', async () => {
    for (const wait of [5_001, -1]) {
      const { errors } = await system.gateway.ask('admin', parcelQuery('5', `, maxWaitMs: ${wait}`))
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', reason: 'MAX_WAIT_OUT_OF_BOUNDS', field: 'maxWaitMs' } }])
    }
    expect(await lookUps.count(PARCELS)).toBe(0)
  })
})

describe('what was read before a change', () => {
  const DAY_MS = 86_400_000
  const submit = async (serial: number): Promise<void> => {
    const answer = await system.gateway.query<{ submitDossier: { __typename: string } }>(
      'officer',
      'mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { __typename } }',
      {
        input: {
          clientKey: `nop-ho-so-${serial}`,
          code: `H58.22-261116-${serial}`,
          procedureCode: '1.012783',
          receivingUnit: { code: '28594', name: 'Xã Chợ Gạo' },
          channel: 'ONLINE',
          applicant: { kind: 'CITIZEN', fullName: 'Ngô Thị Mẫu', idNumber: '082177000111', phone: '0900000111' },
          summary: 'Cấp đổi giấy chứng nhận',
          receivedAt: new Date(Date.now() - 3_600_000).toISOString(),
          dueAt: new Date(Date.now() + 9 * DAY_MS).toISOString(),
          receivedBy: 'mc.28594.1',
          parcels: [{ mapSheetNumber: '3', parcelNumber: String(serial), unit: { code: '28594' }, areaM2: '100.50' }],
          certificates: [],
          documents: [],
        },
      },
    )
    expect(answer.submitDossier.__typename).toBe('DossierAccepted')
  }

  test('is not shown to who made the change, and no longer by any gateway once its event is read', async () => {
    const context = await openContext(system.context.options)
    const second = await startTestGateway(context)
    try {
      const [mine, theirs] = [await parcel('6001'), await parcel('6001', '', second)]
      expect([mine.freshness.state, theirs.freshness.state]).toEqual(['LIVE', 'LIVE'])
      await lookUps.mark()
      await submit(6001)
      expect((await parcel('6001')).freshness.state).toBe('LIVE')
      await until('the other gateway has forgotten it', async () => (await parcel('6001', '', second)).freshness.state === 'LIVE')
    } finally {
      await second.stop()
      await context.close()
    }
  })

  test('and is not kept when it comes in after the change', async () => {
    await lookUps.hold(PARCELS)
    const before = parcel('6002')
    await lookUps.heldBack(PARCELS, 1)
    await submit(6002)
    await lookUps.release()
    expect((await before).freshness.state).toBe('LIVE')
    expect((await parcel('6002')).freshness.state).toBe('LIVE')
    expect(await lookUps.count(PARCELS)).toBe(2)
  })

  test('and is not shared by who wants it live after the change', async () => {
    await lookUps.hold(PARCELS)
    const before = parcel('6003', ', read: LIVE')
    await lookUps.heldBack(PARCELS, 1)
    await submit(6003)
    const after = parcel('6003', ', read: LIVE')
    await lookUps.heldBack(PARCELS, 2)
    await lookUps.release()
    expect([(await before).freshness.state, (await after).freshness.state]).toEqual(['LIVE', 'LIVE'])
    expect(await lookUps.count(PARCELS)).toBe(2)
  })
})

test('what was read is counted: answers by how they came, calls, and what the cache holds', async () => {
  await parcel('7')
  await parcel('7')
  const metrics = await (await fetch(`${system.gateway.url}/metrics`)).text()
  const numberOf = (name: string): number =>
    Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 'NaN')
  expect(numberOf('lienthong_registry_answers_total{kind="PARCEL",how="CACHED"}')).toBeGreaterThan(0)
  expect(numberOf('lienthong_registry_answers_total{kind="PARCEL",how="JOINED"}')).toBeGreaterThan(0)
  expect(numberOf('lienthong_registry_keys_total{kind="PARCEL"}')).toBeGreaterThan(
    numberOf('lienthong_registry_calls_total{kind="PARCEL",outcome="READ"}'),
  )
  // How many are left depends on whether the events of the new dossiers, which make their land forgotten, were read before or after it.
  expect(numberOf('lienthong_registry_cache_entries{kind="PARCEL"}')).toBeGreaterThan(0)
  expect(numberOf('lienthong_registry_cache_bytes{kind="PARCEL"}')).toBeGreaterThan(0)
  expect(numberOf('lienthong_registry_answer_age_seconds_count{kind="PARCEL"}')).toBeGreaterThan(0)
})

test('the last value known survives a restart and says how old it is while ViLIS is down', async () => {
  const before = await parcel('8')
  await system.restart()
  await system.twins.VILIS.offline()
  expect(await parcel('8')).toMatchObject({
    areaM2: before.areaM2,
    knownToRegistry: true,
    freshness: { state: 'STALE', asOf: before.freshness.asOf, errorCode: 'UPSTREAM_UNAVAILABLE' },
  })
  await system.twins.VILIS.online()
})
