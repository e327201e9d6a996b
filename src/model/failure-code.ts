/**
 * Mã lỗi kỹ thuật: the stable code that every failed outcome carries beside its sentence. There are four kinds of them: those of the network and of HTTP
 * (`ECONNREFUSED`, `TIMEOUT`, `HTTP_503`, `FAULT_…`), those of the other side (its own code of a refusal, as it was given), what it says before it has
 * processed anything (`EARLY_REFUSALS`), and our own judgement of what was answered (`JUDGEMENT_CODES`). No code is ever read out of a sentence.
 */
export const JUDGEMENT_CODES = [
  /** They have other content under our key, by their digest. */
  'OTHER_CONTENT',
  /** Fields differ, or files. */
  'OTHER_FIELDS',
  'OTHER_FILES',
  'NEWER_VERSION',
  /** The answer is somebody else's: of another key, of another dossier. */
  'OTHER_KEY',
  'OTHER_DOSSIER',
  /** Neither taken nor refused. */
  'UNCLEAR_RESULT',
  /** "Already exists", and an inquiry does not find it. */
  'EXISTS_UNSEEN',
  /** Taken, by an answer that came late, and now "not there". */
  'CONTRADICTED',
  'NO_INQUIRY',
  'UNTOLD',
  'NOT_COMPARABLE',
  'FOREIGN_OPERATION',
  'MAPPING_MISSING',
  'PREDECESSOR_MISSING',
  'RESTORING',
  'DEADLINE',
  'STALLED',
  'INTERNAL',
] as const
export type JudgementCode = (typeof JUDGEMENT_CODES)[number]

/**
 * Conflicts of which an inquiry that finds the same is proof that the other side was mended. Not of files: the digest that they keep is the one that we sent
 * along, and stays the same whatever files they have lost.
 */
export const PROVED_BY_INQUIRY: ReadonlySet<string | null> = new Set<JudgementCode>(['OTHER_CONTENT', 'OTHER_FIELDS', 'NEWER_VERSION'])

/**
 * Chưa nhận: what another side says before it has processed anything, by whichever of its faults and codes. Its own code stands in the sentence beside it.
 */
export const EARLY_REFUSALS = [
  /** Their security layer does not know us, or our session. */
  'CREDENTIALS',
  /** Our account lacks the right to what was asked. */
  'NO_RIGHT',
  /** Closed for now, for maintenance. */
  'CLOSED',
  'BUSY',
  /** What we call is not to be found there. */
  'NO_SERVICE',
  /** It does not take the form in which we ask. */
  'WRONG_FORM',
] as const
export type EarlyRefusal = (typeof EARLY_REFUSALS)[number]

export const CREDENTIALS = 'CREDENTIALS' satisfies EarlyRefusal
