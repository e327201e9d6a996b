import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { LiveEvent, LiveEvents } from '../../../src/api/dependencies.js'
import { compareEventIds } from '../../../src/api/event-id.js'
import { followEvents } from '../../../src/api/follow-events.js'

/** A log in memory, at the port: what it tells its listeners lags behind what can be read from it by as many events as wanted. */
class Log implements LiveEvents {
  readonly events: LiveEvent[] = []
  private told = 0
  private readonly listeners = new Set<(events: readonly LiveEvent[]) => void>()

  append(count: number): void {
    for (let n = 0; n < count; n++) {
      const id = `${Math.floor(this.events.length / 3) + 1}-${this.events.length + 1}`
      this.events.push({ id, topic: 'DOSSIER', dossierId: 'd' })
    }
  }

  /** Tells listeners up to `count` events that they have not been told. */
  tell(count: number): void {
    const next = this.events.slice(this.told, this.told + count)
    this.told += next.length
    if (next.length > 0) for (const listener of this.listeners) listener(next)
  }

  async since(cursor: string | null, limit: number): Promise<readonly LiveEvent[]> {
    return this.events.filter((event) => cursor === null || compareEventIds(event.id, cursor) > 0).slice(0, limit)
  }

  async latest(): Promise<string> {
    return this.events.at(-1)?.id ?? '0-0'
  }

  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  get listening(): number {
    return this.listeners.size
  }
}

const follow = (log: Log, from: string | null) =>
  followEvents<string>(log, from, { wants: () => true, load: async (events) => events.map((event) => event.id) })

describe('a follower of the log', () => {
  it('gets every event after its last one exactly once, in order, however telling and writing interleave', async () => {
    const step = fc.oneof(
      fc.record({ append: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ tell: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 40 }) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(step, { maxLength: 25 }),
        async (before, seen, steps) => {
          const log = new Log()
          log.append(before)
          const from = log.events[Math.min(seen, before) - 1]?.id ?? '0-0'
          const start = Math.min(seen, before)
          const events = follow(log, from)
          const taken: string[] = []
          for (const one of steps) {
            if ('append' in one) log.append(one.append)
            else if ('tell' in one) log.tell(one.tell)
            else
              for (let n = Math.min(one.take, log.events.length - start - taken.length); n > 0; n--) {
                log.tell(log.events.length)
                taken.push((await events.next()).value)
              }
          }
          log.tell(log.events.length)
          while (taken.length < log.events.length - start) taken.push((await events.next()).value)
          await events.return()
          expect(taken).toEqual(log.events.slice(start).map((event) => event.id))
          expect(log.listening).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('starts with what is new when it has no last event', async () => {
    const log = new Log()
    log.append(5)
    const events = follow(log, null)
    const next = events.next()
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    log.append(1)
    log.tell(100)
    expect((await next).value).toBe(log.events[5]?.id)
    await events.return()
  })

  it('ends at once while it waits, and stops listening', async () => {
    const log = new Log()
    const events = follow(log, null)
    const waiting = events.next()
    await events.return()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(log.listening).toBe(0)
  })
})
