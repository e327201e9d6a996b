/** A refusal that this portal answers with an error_code of its own; nothing of the request was done. */
export class PortalRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly field?: string,
    /** What it already holds, when it refuses because it holds something. */
    readonly holding: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}
