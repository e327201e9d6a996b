import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'

/**
 * Các kết nối Redis của hàng đợi: one for statements, and the copies of it that BullMQ makes, one a consumer to wait on. While Redis is away all of them try again and again, and what
 * was asked waits for its answer without end: nothing that asks Redis could be closed then, and the process would not end. So who closes asks first, and leaves where nobody answers.
 */
export interface QueueRedis {
  readonly connection: Redis
  /** Whether it answers now. */
  isThere(): Promise<boolean>
  /** Ends every connection, which fails what was asked on it. Takes some seconds where connections are silent; none can be used after that. */
  leave(): Promise<void>
}

/** A loaded machine answers within this. */
const ANSWER_MS = 2_000
const LONGEST_RETRY_MS = 2_000

export const openQueueRedis = (url: string): QueueRedis => {
  let leaving = false
  const connection = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (tries) => (leaving ? null : Math.min(tries * 50, LONGEST_RETRY_MS)),
  })
  const open = new Set([connection])
  const duplicate = connection.duplicate.bind(connection)
  connection.duplicate = (options) => {
    const copy = duplicate(options)
    open.add(copy)
    return copy.once('end', () => open.delete(copy))
  }
  return {
    connection,
    isThere: async () => {
      const tooLong = new AbortController()
      const answer = connection.ping().then(
        () => true,
        () => false,
      )
      const silence = pause(ANSWER_MS, false, { signal: tooLong.signal }).catch(() => false)
      return Promise.race([answer, silence]).finally(() => tooLong.abort())
    },
    leave: async () => {
      leaving = true
      const all = [...open]
      await Promise.all(all.map(end))
      for (const one of all) failUnanswered(one)
    },
  }
}

/** One that waits to try again does so once more: told to end meanwhile, it would neither try nor ever say that it has ended. */
const end = async (client: Redis): Promise<void> => {
  if (client.status === 'end') return
  const ended = new Promise((resolve) => client.once('end', resolve))
  if (client.status === 'reconnecting') client.once('connect', () => client.disconnect(true))
  else client.disconnect(true)
  await ended
}

interface Unanswered {
  readonly prevCommandQueue?: { shift(): { readonly command: { reject(error: Error): void } } | undefined } | null
}

/** What was on its way when a connection was lost is kept to be sent again: where there is no other connection, ioredis leaves its asker waiting for ever. */
const failUnanswered = (client: Redis): void => {
  const { prevCommandQueue } = client as unknown as Unanswered
  for (let lost = prevCommandQueue?.shift(); lost; lost = prevCommandQueue?.shift()) lost.command.reject(new Error('Connection is closed.'))
}
