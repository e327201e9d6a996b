/**
 * Mã lỗi kỹ thuật: the stable code that every failed outcome carries beside its sentence. There are three kinds of them: those of the network and of HTTP
 * (`ECONNREFUSED`, `TIMEOUT`, `HTTP_503`, `FAULT_…`), those of the other side (its own code of a refusal, as it was given), and the ones below, our
 * own judgement of what was answered. No code is ever read out of a sentence.
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

/** Their security layer does not know us, by whichever of its faults. */
export const CREDENTIALS = 'CREDENTIALS'
