/** The longest wait that we believe; the retry schedule has narrower limits of its own. */
const LONGEST_MS = 24 * 60 * 60 * 1000

/** `Retry-After` in seconds or as an HTTP date, in ms from now. What is neither is as if it were not there. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const value = header?.trim() ?? ''
  if (/^[0-9]+$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_MS)
  if (!/^[A-Z][a-z]+, /.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), LONGEST_MS)
}
