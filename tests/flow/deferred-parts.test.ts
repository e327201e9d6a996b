import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { ACCEPTS_PARTS, type AnswerPart, partsOf } from '../support/answer-parts.js'
import { lookUpsOf } from '../support/held-reads.js'
import { seedDossier } from '../support/seed-dossiers.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/** `@defer` over real HTTP, with a ViLIS that answers when it is let. */
const PARCELS = 'TraCuuThuaDat'
const CERTIFICATES = 'TraCuuGiayChungNhan'
let system: TestSystem
let lookUps: ReturnType<typeof lookUpsOf>
beforeAll(async () => {
  // A look-up that is held back here is given up by nobody.
  system = await openTestSystem({ gateway: true, polls: false, runAhead: true, systems: { VILIS: { readDeadlineMs: 60_000 } } })
  lookUps = lookUpsOf(system)
  for (const serial of [1002, 1003, 1004, 1006])
    await seedDossier(system.context.db, {
      code: codeOf(serial),
      commune: { code: '28594', on: '2026-04-02' },
      parcel: { mapSheetNumber: '6', parcelNumber: String(serial) },
      certificate: `CA0060${serial}`,
    })
  // A gateway that starts now is told of no change of them any more: what it reads it keeps.
  await system.restart()
})
afterAll(() => system.close())
beforeEach(() => lookUps.mark())

const codeOf = (serial: number): string => `H58.22-260402-${serial}`
const inParts = (code: string, args = ''): string => `{ dossier(code: "${code}") { code
  ... @defer(label: "dat") { parcels { live${args} { areaM2 address freshness { state } } } }
  ... @defer(label: "giay") { certificates { live${args} { landUserName } } } } }`
const ask = (query: string, role: 'officer' | 'citizen-app' = 'officer', signal?: AbortSignal): Promise<Response> =>
  system.gateway.send(role, query, { accept: ACCEPTS_PARTS, ...(signal && { signal }) })
const rest = async (parts: AsyncGenerator<AnswerPart>): Promise<AnswerPart[]> => {
  const all: AnswerPart[] = []
  for await (const part of parts) all.push(part)
  return all
}
const labelled = (parts: readonly AnswerPart[], label: string): AnswerPart | undefined =>
  parts.flatMap(({ incremental }) => incremental ?? []).find((part) => part.label === label)

test('what is at hand comes at once, and each part when its own system call has answered, masked like any other', async () => {
  const code = codeOf(1006)
  await lookUps.hold(PARCELS)
  const parts = partsOf(await ask(inParts(code), 'citizen-app'))
  expect((await parts.next()).value).toEqual({ data: { dossier: { code } }, hasNext: true })
  // The certificates have come while the parcels are still held back.
  const early = (await parts.next()).value as AnswerPart
  await lookUps.heldBack(PARCELS, 1)
  expect(early.hasNext).toBe(true)
  expect(labelled([early], 'giay')?.data.certificates[0].live.landUserName).toMatch(/^(\S\*\*\* ?)+$/)
  await lookUps.release()
  const late = await rest(parts)
  expect(late.at(-1)?.hasNext).toBe(false)
  const land = labelled(late, 'dat')
  expect(land).toMatchObject({ path: ['dossier'], data: { parcels: [{ live: { freshness: { state: 'LIVE' } } }] } })
  expect(land?.data.parcels[0].live).toMatchObject({
    areaM2: expect.stringMatching(/^\d+\.\d\d$/),
    address: expect.stringContaining('***'),
  })
})

test('a part that cannot be read says so by a typed error in itself, one that is late too, and the others come whole', async () => {
  const code = codeOf(1002)
  await system.twins.VILIS.misbehave({ kind: 'HTTP_503', operation: PARCELS, count: 1 })
  const broken = await rest(partsOf(await ask(inParts(code))))
  expect(broken[0]).toEqual({ data: { dossier: { code } }, hasNext: true })
  expect(labelled(broken, 'dat')?.errors).toMatchObject([
    { path: ['dossier', 'parcels', 0, 'live', 'areaM2'], extensions: { code: 'UPSTREAM_UNAVAILABLE', system: 'VILIS' } },
  ])
  expect(labelled(broken, 'giay')?.errors).toBeUndefined()
  expect(broken.flatMap(({ extensions }) => extensions?.parts ?? [])).toMatchObject([
    { path: ['dossier', 'parcels', 0, 'live'], state: 'FAILED', system: 'VILIS' },
  ])

  await lookUps.hold(PARCELS)
  const late = await rest(partsOf(await ask(inParts(code, '(read: LIVE, maxWaitMs: 20)'))))
  expect(labelled(late, 'dat')?.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', reason: 'LATE' } }])
  await lookUps.release()
})

test('a caller who hangs up between two parts leaves nothing behind: what was read for them is there for the next', async () => {
  const code = codeOf(1003)
  await lookUps.hold(PARCELS)
  const hangsUp = new AbortController()
  const parts = partsOf(await ask(inParts(code), 'officer', hangsUp.signal))
  await parts.next()
  await lookUps.heldBack(PARCELS, 1)
  hangsUp.abort()
  await expect(rest(parts)).rejects.toThrow()
  await lookUps.release()
  const next = await rest(partsOf(await ask(inParts(code))))
  expect(labelled(next, 'dat')?.data.parcels[0].live.areaM2).toMatch(/^\d/)
  expect(await lookUps.count(PARCELS)).toBe(1)
})

test('who does not accept parts, or defers nothing, gets one answer', async () => {
  const code = codeOf(1004)
  const { data, errors } = await system.gateway.ask('officer', inParts(code))
  expect(errors).toBeUndefined()
  expect(data).toMatchObject({ dossier: { code, parcels: [{ live: { areaM2: expect.any(String) } }] } })
  const plain = await ask(`{ dossier(code: "${code}") { code } }`)
  expect(plain.headers.get('content-type')).toContain('application/json')
  expect(await plain.json()).toEqual({ data: { dossier: { code } } })
  const unneeded = await ask(`{ dossier(code: "${code}") { code ... @defer(if: false) { status } } }`)
  expect(await unneeded.json()).toEqual({ data: { dossier: { code, status: 'ACCEPTED' } } })
})

test('what is refused of a plain query is refused of one in parts: too many parts, an unknown field, a mutation', async () => {
  const many =
    '{ dossiers(first: 100) { edges { node { ... @defer { transfers { ... @defer { attempts { ... @defer { kind } } } } } } } } }'
  const refusals: [query: string, reason: string][] = [
    [many, 'QUERY_TOO_COSTLY'],
    ['{ systems { ... @defer { nothing } } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'mutation { ... @defer { clearPollAlarm(input: { clientKey: "xoa-bao-dong", systemId: VILIS, reason: "thử" }) { __typename } } }',
      'QUERY_DEFERS_MUTATION',
    ],
  ]
  for (const [query, reason] of refusals) {
    const answer = await ask(query)
    expect([answer.status, ((await answer.json()) as AnswerPart).errors?.[0]?.extensions]).toEqual([
      400,
      expect.objectContaining({ code: 'INVALID_INPUT', reason }),
    ])
  }
  expect(await lookUps.count(CERTIFICATES)).toBe(0)
})
