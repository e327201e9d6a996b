/** Of a lease of a minute. */
const HOLD_MS = 20_000
/** What has not come to an end by then stands still: another worker is to try. */
const LONGEST_MS = 15 * 60_000

/**
 * Giữ quyền làm: renews a lease for as long as one piece of the work goes on, however long a call or a page of a feed takes; it runs out when the process dies, stands still, or has not
 * done with that piece for a quarter of an hour. Whoever has lost it meanwhile is told by his own next step, not here.
 */
export const holdLease = async <Result>(renew: () => Promise<unknown>, work: () => Promise<Result>, everyMs = HOLD_MS): Promise<Result> => {
  const endsAt = performance.now() + LONGEST_MS
  let renewing: Promise<unknown> | undefined
  const timer = setInterval(() => {
    if (renewing || performance.now() > endsAt) return
    renewing = renew()
      .catch(() => undefined)
      .finally(() => {
        renewing = undefined
      })
  }, everyMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    // What is released next is not taken again by a renewal that is still under way.
    await renewing
  }
}
