import { afterEach, expect, test } from '@jest/globals'
import { readGauges } from '../../src/operator/gauge-repository.js'
import { readPoll } from '../../src/operator/poll-alarm-repository.js'
import { pollOnce, startWorker } from '../../src/worker-process.js'
import { openTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { until } from '../support/until.js'

/** Rows of a feed carry their files: a page may be more than the other side can give in time, or than we may take. */
let system: TestSystem
afterEach(() => system.close())

const MEGABYTE = 1024 * 1024

const open = async (options: Record<string, unknown>): Promise<void> => {
  const systems: TestSystemOptions['systems'] = { ONE_STOP: options }
  system = await openTestSystem({ systems, polls: false })
}

const take = async (count: number, bytes?: number): Promise<void> => {
  const documents = [{ name: 'Bản vẽ', base64: Buffer.alloc(bytes ?? 100, 'a').toString('base64') }]
  for (let index = 0; index < count; index += 1) await system.twins.ONE_STOP.act('takeDossier', { documents })
}

const poll = () => pollOnce(system.context, 'ONE_STOP')

const stored = async (): Promise<number> =>
  (await system.context.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM inbox_message WHERE source = 'ONE_STOP'`))[0]
    ?.count ?? 0

/** How many rows we asked the desk for, call by call, by its own ledger. */
const asked = async (): Promise<number[]> => {
  const { requests } = await system.twins.ONE_STOP.ledger()
  return requests.filter(({ operation }) => operation === 'LayThayDoi').map(({ raw }) => Number(/SoLuong>(\d+)</.exec(raw)?.[1]))
}

test('a file of 15 MB is read, with what stands before and behind it, in pages that the desk ends by their bytes', async () => {
  await open({ readDeadlineMs: 60_000 })
  await take(3)
  await take(1, 15 * MEGABYTE)
  await take(3)
  expect(await poll()).toMatchObject({ kind: 'READ', fresh: 7, pages: 3, atEnd: true })
  // The large row is read again with the overlap, and again alone; then not with each poll.
  expect(await poll()).toMatchObject({ kind: 'READ', fresh: 0, pages: 3, atEnd: true })
  for (let polls = 0; polls < 15; polls += 1) expect(await poll()).toMatchObject({ kind: 'READ', fresh: 0, pages: 1, atEnd: true })
  await take(1)
  expect(await poll()).toMatchObject({ kind: 'READ', fresh: 1, pages: 3, atEnd: true })
  const [row] = await system.context.db.query<{ bytes: number }>(`SELECT max(size_bytes)::int AS bytes FROM document`)
  expect(row?.bytes).toBe(15 * MEGABYTE)
})

test('a desk that gives only small pages in time is read to the end, and in large ones again when it can', async () => {
  await open({ readDeadlineMs: 3_000, poll: { pageSize: 8, overlap: 8 } })
  await take(9)
  await system.twins.ONE_STOP.set({ slowAbove: 2 })
  expect(await poll()).toMatchObject({ kind: 'FAILED', tooManyRows: 8 })
  expect(await poll()).toMatchObject({ kind: 'FAILED', tooManyRows: 4 })
  expect(await asked()).toEqual([8, 1, 2, 4])
  // Half of what failed is what is asked for; the whole is tried now and then.
  expect(await poll()).toMatchObject({ kind: 'FAILED', tooManyRows: 4 })
  expect(await poll()).toMatchObject({ kind: 'READ', atEnd: true })
  expect(await stored()).toBe(9)

  await system.twins.ONE_STOP.set({ slowAbove: 500 })
  const before = (await asked()).length
  for (let polls = 0; polls < 3; polls += 1) expect(await poll()).toMatchObject({ kind: 'READ', fresh: 0, atEnd: true })
  expect((await asked()).at(before + 1)).toBe(8)
})

test('one row that does not come alone is an alarm of its own, which is over when it was read', async () => {
  await open({ maxReplyBytes: MEGABYTE, poll: { pageSize: 4, overlap: 4 } })
  await take(2)
  await take(1, 2 * MEGABYTE)
  await take(2)
  for (let polls = 0; polls < 2; polls += 1) expect(await poll()).not.toHaveProperty('stalled')
  expect(await poll()).toMatchObject({ kind: 'FAILED', tooManyRows: 1, stalled: expect.stringContaining('ngay sau vị trí 2') })
  const again = await poll()
  expect(again).toMatchObject({ kind: 'FAILED', tooManyRows: 1 })
  expect(again).not.toHaveProperty('stalled')
  expect(await stored()).toBe(2)
  expect(await readPoll(system.context.db, 'ONE_STOP')).toMatchObject({
    alarm: null,
    stalled: expect.stringContaining('lớn hơn mức cho phép'),
    stalledSince: expect.any(Date),
  })
  // The row is there again with each poll; the desk takes the file out.
  await system.twins.ONE_STOP.reset({ state: true })
  await take(5)
  for (let polls = 0; polls < 4; polls += 1) await poll()
  expect(await readPoll(system.context.db, 'ONE_STOP')).toMatchObject({ stalled: null, stalledSince: null })
})

/** Of a worker whose turns are an hour apart: what it reads, it reads in its first one. */
const workWith = async (options: Record<string, unknown>, prepare: () => Promise<unknown>, count: number): Promise<void> => {
  await open({ readDeadlineMs: 3_000, poll: { everyMs: 3_600_000, ...options } })
  await prepare()
  const worker = await startWorker(system.context)
  try {
    await until('all of the feed is stored', async () => (await stored()) === count)
  } finally {
    await worker.stop()
  }
}

test('a page that did not come in time is read at once, row by row and soon in large pages again', async () => {
  const prepare = async () => {
    await take(41)
    await system.twins.ONE_STOP.misbehave({ kind: 'HANG', operation: 'LayThayDoi' })
  }
  await workWith({ pageSize: 200 }, prepare, 41)
  expect((await asked()).slice(0, 7)).toEqual([200, 1, 2, 4, 8, 16, 32])
})

test('more pages than one poll reads are read at once all the same', async () => {
  await workWith({ pageSize: 1, overlap: 1 }, () => take(60), 60)
})

test('a feed that is no longer read to its end grows old in the metrics', async () => {
  await open({ readDeadlineMs: 3_000 })
  const ages = async () =>
    new Map((await readGauges(system.context.db, ['ONE_STOP', 'VILIS'])).feeds.map((feed) => [feed.systemId, feed.unreadSeconds]))
  expect(await ages()).toEqual(
    new Map([
      ['ONE_STOP', null],
      ['VILIS', null],
    ]),
  )
  await take(1)
  await poll()
  await system.twins.ONE_STOP.misbehave({ kind: 'HTTP_503', operation: 'LayThayDoi' })
  await system.pass(600_000)
  expect(await poll()).toMatchObject({ kind: 'FAILED' })
  expect((await ages()).get('ONE_STOP')).toBeGreaterThanOrEqual(600)
  await poll()
  expect((await ages()).get('ONE_STOP')).toBeLessThan(600)
})
