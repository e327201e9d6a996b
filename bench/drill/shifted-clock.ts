/** Preloaded into a program whose clock is to be wrong: its `Date` runs so many ms ahead of the machine, or behind it. Timers do not. */
const shiftMs = Number(process.env.DRILL_CLOCK_SHIFT_MS ?? 0)
const RealDate = Date

class ShiftedDate extends RealDate {
  constructor(...given: [] | [value: number | string | Date]) {
    if (given.length === 0) super(RealDate.now() + shiftMs)
    else super(...(given as [number]))
  }
  static override now(): number {
    return RealDate.now() + shiftMs
  }
}

globalThis.Date = ShiftedDate as DateConstructor

export {}
