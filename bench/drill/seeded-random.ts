/** Choices of the drill, all drawn from one seed (mulberry32), so that a run can be repeated. */
export interface SeededRandom {
  /** In [0, 1). */
  next(): number
  /** From `least` up to `most`, both included. */
  between(least: number, most: number): number
  one<Item>(items: readonly Item[]): Item
  /** A generator of its own, told apart by the name: what one fault draws does not change what another draws. */
  branch(name: string): SeededRandom
}

export const seededRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    one: (items) => {
      const item = items[between(0, items.length - 1)]
      if (item === undefined) throw new Error('nothing to choose from')
      return item
    },
    branch: (name) =>
      seededRandom([...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0, seed >>> 0)),
  }
}
