/** Of a lease of a minute. */
const HOLD_MS = 20_000

/**
 * Giữ quyền làm: renews a lease for as long as the work goes on, however long one call or one page of a feed takes; it runs out only when the process dies or stands still. Whoever
 * has lost it meanwhile is told by his own next step, not here.
 */
export const holdLease = async <Result>(renew: () => Promise<unknown>, work: () => Promise<Result>, everyMs = HOLD_MS): Promise<Result> => {
  let renewing: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    renewing = renewing.then(renew).catch(() => undefined)
  }, everyMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    // What is released next is not taken again by a renewal that is still under way.
    await renewing
  }
}
