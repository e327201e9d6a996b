import type { Session } from '../session.js'

const EVERY_MS = 1_000
const BAR = 30

/** `share`: 0..1. */
export const barOf = (share: number): string => {
  const filled = Math.round(share * BAR)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`
}

/** Shows how far it is until it stands still: a bar on a screen, else a line when something has changed. Returns it as it is then. */
export const followUntilStill = async <Followed>(
  { terminal }: Session,
  read: () => Promise<Followed>,
  { isMoving, progressOf }: { readonly isMoving: (now: Followed) => boolean; readonly progressOf: (now: Followed) => string },
): Promise<Followed> => {
  let shown = ''
  for (;;) {
    const now = await read()
    const progress = progressOf(now)
    if (progress !== shown) terminal.progress(progress)
    shown = progress
    if (!isMoving(now)) {
      terminal.progress(null)
      return now
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  }
}
