/** What is wrong with the configuration: one sentence or several, a line each; `english`: the same, as many lines. */
export class ConfigurationError extends Error {
  constructor(
    vietnamese: string,
    readonly english: string,
  ) {
    super(vietnamese)
  }
}

/** One value that makes no sense. */
export interface Fault {
  /** Dotted path in the file; empty: the whole of it. */
  readonly place: string
  /** Without the full stop. */
  readonly vietnamese: string
  readonly english: string
}

const linesOf = (faults: readonly Fault[], wrong: string, at: string, wordsOf: (fault: Fault) => string): string =>
  faults.map((fault) => `${wrong}${fault.place && ` ${at} "${fault.place}"`}: ${wordsOf(fault)}.`).join('\n')

export const refuse = (faults: readonly Fault[]): never => {
  throw new ConfigurationError(
    linesOf(faults, 'Cấu hình sai', 'ở', ({ vietnamese }) => vietnamese),
    linesOf(faults, 'The configuration is wrong', 'at', ({ english }) => english),
  )
}
