/**
 * Gộp lượt ghi: calls made while a run is under way wait for it and are done together by the next one. Nothing waits for company: a
 * call that finds no run under way begins one at once. So sixteen senders that each need a commit share a few, and one alone loses
 * no time. A run gives one result a call, in their order; a promise among them is that call's
 * own to await. When it throws, each call that took part throws.
 */
export const joinCalls = <Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>,
  mostTogether: number,
): ((item: Item) => Promise<Result>) => {
  const waiting: { item: Item; resolve: (result: Result | Promise<Result>) => void; reject: (error: unknown) => void }[] = []
  let running = false
  const work = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      const together = waiting.splice(0, mostTogether)
      try {
        const results = await run(together.map(({ item }) => item))
        for (const [index, call] of together.entries()) call.resolve(results[index] as Result | Promise<Result>)
      } catch (error) {
        for (const call of together) call.reject(error)
      }
    }
    running = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!running) void work()
    })
}
