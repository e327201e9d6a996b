import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/**
 * One id follows a matter from the GraphQL request over the queue to the SOAP call and back; it stands in every log line
 * written on the way. It travels with the asynchronous call, so nobody hands it on by hand inside one process.
 */
const storage = new AsyncLocalStorage<string>()

export function newCorrelationId(): string {
  return randomUUID()
}

/** Runs `work`, and all that it starts, under this id. */
export function runWithCorrelation<T>(id: string, work: () => T): T {
  return storage.run(id, work)
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
