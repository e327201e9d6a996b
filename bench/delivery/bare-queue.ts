import { randomUUID } from 'node:crypto'
import { openQueueStore } from '../../src/queue/queue-store.js'
import { type RoundTask, WARM_UP } from './round-task.js'

/** BullMQ alone: the same jobs with the same options on the same store, and a processor that does nothing. */
export const runBareQueue = async ({ databaseUrl, redisUrl, count, concurrency }: RoundTask): Promise<number> => {
  const store = await openQueueStore({
    databaseUrl,
    redisUrl,
    poolSize: concurrency,
    onError: (error) => {
      throw error
    },
  })
  const name = `bare-${randomUUID()}`
  const queue = store.queue<{ transferId: string }>(name)
  let left = 0
  let allDone: () => void = () => undefined
  store.consume(name, concurrency, async () => {
    left -= 1
    if (left === 0) allDone()
  })
  const run = async (jobs: number): Promise<void> => {
    left = jobs
    const done = new Promise<void>((resolve) => {
      allDone = resolve
    })
    const batch = Array.from({ length: jobs }, () => randomUUID())
    for (let start = 0; start < jobs; start += 500)
      await queue.addAll(
        batch.slice(start, start + 500).map((id) => ({ name: 'wake', id: `${id}-0`, data: { transferId: id }, delayMs: 0 })),
      )
    await done
  }
  await run(WARM_UP)
  const startedAt = performance.now()
  await run(count)
  const seconds = (performance.now() - startedAt) / 1000
  await store.close()
  return seconds
}
