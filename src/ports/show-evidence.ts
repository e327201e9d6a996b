import type { SystemId } from '../model/system.js'

export interface ShowHow {
  /** Personal data as it is. Only for a person's audited act. */
  readonly clear: boolean
  /** Names that are known to stand in it, to be masked in free text. */
  readonly names: readonly string[]
}

/** Chứng cứ của một lần thử as a person reads it: what was on the wire, one element a line, personal data masked by what that system's elements hold. */
export type ShowEvidence = (systemId: SystemId, text: string, how: ShowHow) => string
