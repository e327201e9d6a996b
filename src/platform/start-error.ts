/**
 * Why the program cannot start or go on, in one sentence for the person at the terminal. Entry points print the message
 * alone and exit with code 1; it never carries a password or personal data.
 */
export class StartError extends Error {
  override readonly name = 'StartError'

  /** `english`: the same for who reads no Vietnamese; programs print both. */
  constructor(
    vietnamese: string,
    readonly english: string,
  ) {
    super(vietnamese)
  }
}

/** The `code` of a system or database error (`ENOENT`, `EACCES`, `57P03` …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
