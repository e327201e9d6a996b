import { TryAgainLater } from './gateway.js'

export interface Patience {
  /** How often it is tried in all. */
  readonly tries: number
  /** However long the gateway asks to wait. */
  readonly longestWaitMs: number
}

const USUAL: Patience = { tries: 6, longestWaitMs: 30_000 }

/**
 * Does it again, after the time that the gateway asks for, as long as it answers "not now". Only for what may be sent twice: a query, or a mutation
 * whose `clientKey` is made once, outside of `act`.
 */
export const tryAgain = async <Result>(act: () => Promise<Result>, { tries, longestWaitMs }: Patience = USUAL): Promise<Result> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof TryAgainLater) || tried >= tries) throw error
      const waitMs = Math.min(error.afterMs, longestWaitMs)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}
