/**
 * Every way in which a twin can be told to misbehave: whether it processes the call (which is what its ledger is later asked: a dossier that was
 * processed and not answered is exactly what a client must not send again blindly), and what the caller sees. `GET /control/help` shows these words.
 */
export const MISBEHAVIOURS = {
  REFUSE_BEFORE: 'not processed: a SOAP fault (code, message, httpStatus 500)',
  HTTP_503: 'not processed: HTTP 503, with retryAfter when given',
  HTTP_429: 'not processed: HTTP 429, with retryAfter when given',
  HTTP_503_AFTER: 'processed: HTTP 503',
  HANG: 'not processed: nothing, for ever',
  HANG_AFTER: 'processed: nothing, for ever',
  DROP_BEFORE: 'not processed: the connection is destroyed',
  DROP_AFTER: 'processed: the connection is destroyed',
  COMMIT_LATE: 'processed delayMs (60000) of twin time later: nothing (then HANG), or a destroyed connection (then DROP)',
  ANSWER_TWICE: 'processed twice: the first answer; with onWire the same answer a second time on the same connection',
  FAULT_IN_200: 'processed when processed says so: a SOAP fault on HTTP 200',
  FAULT_UNKNOWN: 'processed when processed says so: a SOAP fault whose code no table lists',
  GARBAGE: 'processed: the answer, cut in the middle, with broken XML behind it',
  OVERSIZED: 'processed: the answer, padded to more than bytes (33554432)',
  RESET_MID_BODY: 'processed: half of the answer, then the connection is reset',
  DTD_REPLY: 'processed: the answer behind a document type with nested entities; with externalEntity one that names that file or address',
  OTHER_ANSWER: 'processed: the answer to another dossier (of DOSSIER) or of another operation (of OPERATION)',
  SLOW_DRIP: 'processed: the answer, one byte every everyMs (1000)',
  ANSWER_LATE: 'processed: the answer, delayMs (60000) of twin time later, if the caller still listens',
  LOSE_ATTACHMENT: 'processed: one file of the request, or of the answer, is lost',
  DOUBLE_ATTACHMENT: 'processed: one file of the request, or of the answer, is there twice',
  SWAP_ATTACHMENT: 'processed: the contents of two files of the request, or of the answer, are swapped',
  CHANGES_OUT_OF_ORDER: 'processed: changes are shown out of order',
  OFFLINE: 'connections are refused until it is told online; takes no count, share or operation',
} as const

export type MisbehaviourKind = keyof typeof MISBEHAVIOURS

export interface MisbehaviourRule {
  readonly kind: MisbehaviourKind
  /** For the next so many calls. Without `count` and `share`: 1. */
  readonly count?: number
  /** For a share of calls, above 0 up to 1, drawn from a seeded generator. With `count` as well: at most so many of them. */
  readonly share?: number
  readonly operation?: string
  readonly code?: string
  readonly message?: string
  readonly httpStatus?: number
  /** The Retry-After header, verbatim: seconds or an HTTP date. */
  readonly retryAfter?: string
  readonly delayMs?: number
  readonly then?: 'HANG' | 'DROP'
  readonly processed?: boolean
  readonly bytes?: number
  readonly of?: 'DOSSIER' | 'OPERATION'
  readonly everyMs?: number
  readonly onWire?: boolean
  readonly externalEntity?: string
  /** Only for calls on a connection that has carried one before, as a peer that closes idle connections meets them. */
  readonly reusedOnly?: boolean
}

/** Throws a sentence when the rule could never act, so that a misspelt test does not pass because nothing went wrong. */
export function checkRule(rule: MisbehaviourRule, operations: readonly string[]): MisbehaviourRule {
  checkKind(rule.kind)
  if (rule.count !== undefined && !(Number.isInteger(rule.count) && rule.count > 0)) throw new Error('count must be a whole number above 0')
  if (rule.share !== undefined && !(rule.share > 0 && rule.share <= 1)) throw new Error('share must be above 0 and at most 1')
  if (rule.operation !== undefined && !operations.includes(rule.operation))
    throw new Error(`no operation ${rule.operation} at this twin; it has ${operations.join(', ')}`)
  return rule
}

export function checkKind(kind: MisbehaviourKind): void {
  if (!Object.hasOwn(MISBEHAVIOURS, kind))
    throw new Error(`unknown misbehaviour ${String(kind)}; kinds: ${Object.keys(MISBEHAVIOURS).join(', ')}`)
}

/** Which rules are to end: all of that kind, of that operation, or of both; without either, every one. */
export type EndedRules = Pick<Partial<MisbehaviourRule>, 'kind' | 'operation'>

/** The rules in force. Of several that fit a call, the one given first acts; a rule that has spent its count is gone. */
export class MisbehaviourPlan {
  private rules: { rule: MisbehaviourRule; left: number }[] = []
  private random: () => number

  constructor(private readonly seed = 1) {
    this.random = seededRandom(seed)
  }

  add(rule: MisbehaviourRule): void {
    this.rules.push({ rule, left: rule.count ?? (rule.share === undefined ? 1 : Number.POSITIVE_INFINITY) })
  }

  /** Takes the rule for one call of that operation, and counts it as used. */
  next(operation: string, reused = false): MisbehaviourRule | undefined {
    for (const entry of this.rules) {
      const { rule } = entry
      if (rule.reusedOnly && !reused) continue
      if (rule.operation !== undefined && rule.operation !== operation) continue
      if (rule.share !== undefined && this.random() >= rule.share) continue
      entry.left -= 1
      this.rules = this.rules.filter(({ left }) => left > 0)
      return rule
    }
    return undefined
  }

  /** What is still to come, for the control endpoint; `left` is null for a share without a count. */
  pending(): (MisbehaviourRule & { left: number | null })[] {
    return this.rules.map(({ rule, left }) => ({ ...rule, left: Number.isFinite(left) ? left : null }))
  }

  /** Ends the rules that fit, however often they were still to act. Returns how many. */
  end({ kind, operation }: EndedRules): number {
    const before = this.rules.length
    this.rules = this.rules.filter(
      ({ rule }) => (kind !== undefined && rule.kind !== kind) || (operation !== undefined && rule.operation !== operation),
    )
    return before - this.rules.length
  }

  clear(): void {
    this.rules = []
    this.random = seededRandom(this.seed)
  }
}

/** A small generator (mulberry32) with the same numbers in [0, 1) for the same seed, so that a share can be repeated. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
