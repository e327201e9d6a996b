import type { Stalled } from './tiny-peer.js'

/**
 * Một tiến trình đứng hình trong lúc gọi: until another worker's call about the same transfer is under way; that call then takes until the first one has brought its late
 * answer to the tables. So the transfer is SENDING when it comes, under a token that is not its own.
 */
export interface Stall {
  readonly stalled: Stalled
  /** By a call under this key: whether it is the one. */
  takeOver(key: string): boolean
  isTakenOver(): boolean
  readonly takenOver: Promise<void>
  /** Told of each sending that a worker has settled. */
  settle(key: string | undefined): void
  readonly settled: Promise<void>
}

export const openStall = (stalled: Stalled): Stall => {
  let isTakenOver = false
  let isSettled = false
  let tellTakenOver = (): void => undefined
  let tellSettled = (): void => undefined
  const takenOver = new Promise<void>((resolve) => {
    tellTakenOver = resolve
  })
  const settled = new Promise<void>((resolve) => {
    tellSettled = resolve
  })
  return {
    stalled,
    takenOver,
    settled,
    isTakenOver: () => isTakenOver,
    takeOver: (key) => {
      if (key !== stalled.key || isTakenOver || isSettled) return false
      isTakenOver = true
      tellTakenOver()
      return true
    },
    settle: (key) => {
      if (key !== stalled.key) return
      isSettled = true
      tellSettled()
    },
  }
}
