/** Draws with the same results for the same seed, so that a sandbox run can be repeated and a restarted one goes on differently from where it was. */
export interface Draw {
  one<T>(list: readonly T[]): T
  /** A whole number in [from, to]. */
  number(from: number, to: number): number
  /** True in one of `of` cases. */
  rarely(of: number): boolean
}

export function drawFrom(seed: number): Draw {
  let state = (seed * 2_654_435_761) >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return ((state ^ (state >>> 15)) >>> 0) / 4_294_967_296
  }
  const number = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    number,
    one: (list) => list[number(0, list.length - 1)] as (typeof list)[number],
    rarely: (of) => number(1, of) === 1,
  }
}
