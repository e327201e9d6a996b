import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/**
 * One id follows a matter from the GraphQL request over the queue to the SOAP call and back; it stands in every log line
 * written on the way. It travels with the asynchronous call, so nobody hands it on by hand inside one process.
 *
 * Before version 24, Node does that by a hook on every promise of the process, which costs a small answer a good part of its time. So what changes nothing (a query) names its
 * id by itself in the few lines that it may write, and the hook is off while nothing runs under an id.
 */
const storage = new AsyncLocalStorage<string>()

/** So long after the last work under an id its hook stays, for what it has left behind may still write a line. */
const LINGERS_MS = 10_000

let underWay = 0
let lingering: NodeJS.Timeout | undefined

const begin = (): (() => void) => {
  let isOver = false
  underWay += 1
  clearTimeout(lingering)
  return () => {
    if (isOver) return
    isOver = true
    underWay -= 1
    if (underWay === 0) lingering = setTimeout(restCorrelation, LINGERS_MS).unref()
  }
}

/** Takes the hook off, unless something runs under an id. */
export function restCorrelation(): void {
  if (underWay === 0) storage.disable()
}

export function newCorrelationId(): string {
  return randomUUID()
}

/** Runs `work`, and all that it starts, under this id. */
export function runWithCorrelation<T>(id: string, work: () => T): T {
  const end = begin()
  try {
    const result = storage.run(id, work)
    if (result instanceof Promise) result.then(end, end)
    else end()
    return result
  } catch (error) {
    end()
    throw error
  }
}

/** The same for what goes on after `go` has returned. Whoever calls it says when it is over. */
export function beginWithCorrelation(id: string, go: () => void): () => void {
  const end = begin()
  try {
    storage.run(id, go)
    return end
  } catch (error) {
    end()
    throw error
  }
}

/** The id that the calling code runs under; undefined outside of any request or job. */
export function currentCorrelationId(): string | undefined {
  return storage.getStore()
}

/** The id from a caller's header when it is a UUID, else a new one: what others send must not forge log lines. */
export function acceptCorrelationId(header: string | undefined): string {
  const isUuid = header !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(header)
  return isUuid ? header.toLowerCase() : newCorrelationId()
}
