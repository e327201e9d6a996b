const OFFSET_MS = 7 * 3_600_000

/** As people at the terminal read an instant: `2026-11-22T01:00:00+07:00`. */
export const localInstant = (instant: Date | string): string =>
  `${new Date(new Date(instant).getTime() + OFFSET_MS).toISOString().slice(0, 19)}+07:00`
