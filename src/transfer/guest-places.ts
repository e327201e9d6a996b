/**
 * Chỗ cho khách: of the connections that one process keeps to a system, those that questions beside the deliveries may use at a time. Who finds none waits for
 * one, in turn; the others are left to what is due.
 */
export interface GuestPlaces<Name> {
  /** Runs the work in a place of its own. */
  within<Result>(of: Name, work: () => Promise<Result>): Promise<Result>
}

export const openGuestPlaces = <Name>(placesOf: (of: Name) => number): GuestPlaces<Name> => {
  const taken = new Map<Name, number>()
  const waiting = new Map<Name, (() => void)[]>()
  const enter = async (of: Name): Promise<void> => {
    if ((taken.get(of) ?? 0) < placesOf(of)) {
      taken.set(of, (taken.get(of) ?? 0) + 1)
      return
    }
    // Whoever leaves hands its place on.
    await new Promise<void>((resolve) => waiting.set(of, [...(waiting.get(of) ?? []), resolve]))
  }
  const leave = (of: Name): void => {
    const next = waiting.get(of)?.shift()
    if (next) next()
    else taken.set(of, (taken.get(of) ?? 1) - 1)
  }
  return {
    within: async (of, work) => {
      await enter(of)
      try {
        return await work()
      } finally {
        leave(of)
      }
    },
  }
}
