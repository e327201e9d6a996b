/** Mã kết thúc of `lienthong`, for scripts. */
export const EXIT = {
  DONE: 0,
  /** Bị từ chối: the sentence says why; nothing was changed. */
  REFUSED: 1,
  /** Sai cách dùng: nothing was tried. */
  USAGE: 2,
  /** The gateway gave no answer that could be used: what was to be changed may have been. */
  UNREACHABLE: 3,
  /** No token, a wrong one, one that has run out, or a role without the right. */
  NOT_ALLOWED: 4,
  /** It was done, and something should be looked at: what `doctor` warns of, rows that `backfill` has not loaded, a run that was given up. */
  WARNED: 5,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Why a command cannot go on, in a sentence for the person at the terminal. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'

  constructor(
    readonly exitCode: ExitCode,
    sentence: string,
  ) {
    super(sentence)
  }
}
