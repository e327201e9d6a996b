import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SYSTEM_IDS } from '../../src/model/system.js'
import { readGauges } from '../../src/operator/gauge-repository.js'
import { createMetrics } from '../../src/platform/metrics.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'

/** An alert must be able to tell "none waits" from "nobody has told". */
const OPEN_STATES = ['PLANNED', 'QUEUED', 'SENDING', 'WAITING_RETRY', 'INDETERMINATE', 'HELD', 'REJECTED', 'EXHAUSTED']

let bare: BareDeliveries
beforeAll(async () => {
  bare = await openBareDeliveries()
})
afterAll(() => bare.close())

/** By `name{system="…",state="…"}`. */
const scrape = async (): Promise<Map<string, number>> => {
  const metrics = createMetrics({ processMetrics: false })
  metrics.readGaugesBy(() => readGauges(bare.db, []))
  const { text } = await metrics.scrape()
  return new Map(
    [...text.matchAll(/^(lienthong_(?:queue_depth|oldest_waiting_seconds)\{.*\}) (.*)$/gm)].map(([, key, value]) => [
      String(key),
      Number(value),
    ]),
  )
}

test('where nothing waits each system has a sample of 0 for each state in which something can wait', async () => {
  const samples = await scrape()
  const expected = SYSTEM_IDS.flatMap((system) =>
    OPEN_STATES.flatMap((state) =>
      ['lienthong_queue_depth', 'lienthong_oldest_waiting_seconds'].map(
        (name) => [`${name}{system="${system}",state="${state}"}`, 0] as const,
      ),
    ),
  )
  expect(Object.fromEntries(samples)).toEqual(Object.fromEntries(expected))
})

test('what waits is counted, with the age of the oldest, beside the zeros', async () => {
  await bare.plan(await bare.dossier(), 1, ['RECEIVE', 'WITHDRAW'])
  await bare.pass(90_000)
  const samples = await scrape()
  const planned = `{system="VILIS",state="${(await bare.transfers())[0]?.state}"}`
  expect(samples.get(`lienthong_queue_depth${planned}`)).toBe(2)
  expect(samples.get(`lienthong_oldest_waiting_seconds${planned}`)).toBeGreaterThanOrEqual(90)
  expect(samples.get('lienthong_queue_depth{system="VILIS",state="HELD"}')).toBe(0)
  expect(samples.get('lienthong_queue_depth{system="PORTAL",state="PLANNED"}')).toBe(0)
})
