/** Where a command speaks. */
export interface Terminal {
  /** The answer: a line, or several, to standard output. */
  write(text: string): void
  /** What goes on meanwhile, and what went wrong: to standard error. */
  note(text: string): void
  /** How far something has come: a line that takes the place of the one before it on a screen; null: it has ended. To standard error. */
  progress(text: string | null): void
  /** Columns of the screen; absent when no person reads it there. */
  readonly width?: number
  readonly colour: boolean
}
