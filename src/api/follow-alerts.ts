import { Repeater } from '@graphql-yoga/subscription'
import { invalidInput } from '../errors.js'
import type { AlertChanges } from '../operator/alert-changes.js'
import type { AlertRow } from '../operator/alert-search-repository.js'

const PAGE = 100
const CHANGE_NO = /^\d{1,18}$/

/** The alerts that were opened or closed after `lastEventId` (or from now on), each as it is when it is read. A reader who comes back misses none. */
export const followAlerts = <Payload>(
  changes: AlertChanges,
  lastEventId: string | null,
  present: (rows: readonly AlertRow[]) => Promise<readonly Payload[]>,
): Repeater<Payload> => {
  if (lastEventId !== null && !CHANGE_NO.test(lastEventId))
    throw invalidInput('EVENT_ID_INVALID', 'lastEventId', 'Mã sự kiện cuối không đúng dạng.')
  return new Repeater<Payload>(async (push, stop) => {
    let stopped = false
    let isNews = true
    let wake: () => void = () => undefined
    void stop.then(() => {
      stopped = true
      wake()
    })
    const unsubscribe = changes.subscribe(() => {
      isNews = true
      wake()
    })
    try {
      let cursor = lastEventId ?? (await changes.latest())
      while (!stopped) {
        if (!isNews) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          continue
        }
        isNews = false
        const rows = await changes.since(cursor, PAGE)
        if (rows.length === PAGE) isNews = true
        for (const payload of rows.length > 0 ? await present(rows) : []) if (!stopped) await push(payload)
        cursor = rows.at(-1)?.changeNo ?? cursor
      }
    } finally {
      unsubscribe()
    }
  })
}
