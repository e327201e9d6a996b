import type { CauseSide } from './cause-side.js'
import { describeCause, describeHeld, describeSide } from './cause-words.js'
import { EXPLAIN_WORDS, type ExplainWords } from './explain-words.js'
import type { CauseKey, KnownCause } from './failure-cause.js'
import { lowerFirst, upperFirst } from './first-letter.js'
import { describeTransferState, interlinkStateOf } from './interlink-state.js'
import type { Language } from './language.js'
import { systemInSentence, systemOf } from './system.js'
import type { HeldReason, TransferState } from './transfer-state.js'
import { describeInstant } from './working-calendar.js'

/**
 * Giải thích một lượt liên thông in plain words, whatever its state: what happened, whose side the cause is on, and what to do now. The words of what failed are
 * those of its cause (`cause-words.ts`); of what merely waits they say what it waits for.
 */
export interface TransferStanding {
  readonly operation: CauseKey['operation']
  readonly state: TransferState
  readonly heldReason: HeldReason | null
  readonly nextAttemptAt: Date | null
  readonly settledAt: Date | null
  /** Of its last failure. */
  readonly cause: KnownCause | null
  /** State of the first transfer in the order that is not settled and stands before it. */
  readonly ahead: TransferState | null
  /** Its system is not called now: by a person's pause, its breaker, or its planned maintenance. */
  readonly shut: 'PAUSE' | 'BREAKER' | 'MAINTENANCE' | null
  /** Of a maintenance: its planned end. */
  readonly shutUntil?: Date | null
}

export interface Explanation {
  readonly what: string
  /** Null: nothing is wrong. */
  readonly side: CauseSide | null
  readonly sideLabel: string | null
  readonly nextStep: string
}

const well = (what: string, nextStep: string): Explanation => ({ what, side: null, sideLabel: null, nextStep })

/** In whose words, and what they call the system. */
interface Speaking {
  readonly language: Language
  readonly words: ExplainWords
  readonly name: string
}

const ofWaiting = (standing: TransferStanding, { language, words, name }: Speaking): Explanation | undefined => {
  const { ahead, shut, shutUntil, cause } = standing
  if (ahead) {
    const needsPerson = interlinkStateOf(ahead) === 'NEEDS_ATTENTION'
    return well(
      upperFirst(words.ahead(name, lowerFirst(describeTransferState(ahead, language)))),
      needsPerson ? words.aheadForPerson : words.aheadForMachine,
    )
  }
  if (shut === 'MAINTENANCE')
    return well(upperFirst(words.maintenance(name, shutUntil ? describeInstant(shutUntil, language) : undefined)), words.maintenanceNext)
  if (shut === 'PAUSE')
    return {
      what: upperFirst(words.pause(name)),
      side: 'OURS',
      sideLabel: describeSide('OURS', name, language),
      nextStep: words.pauseNext,
    }
  if (shut === 'BREAKER') {
    const why = cause && describeCause(cause, language)
    const side = why?.side ?? 'THEIRS'
    return {
      what: `${upperFirst(words.breaker(name))}${why ? ` ${why.title}` : ''}`,
      side,
      sideLabel: describeSide(side, name, language),
      nextStep: why?.nextStep ?? words.breakerNext(name),
    }
  }
  return undefined
}

/** What a state says, with the words of what failed where there is a failure. */
const ofFailure = (
  cause: KnownCause | null,
  { language, name }: Speaking,
  what: string,
  next: (nextStep: string | undefined) => string,
): Explanation => {
  const why = cause && describeCause(cause, language)
  const side = why?.side ?? 'UNKNOWN'
  return {
    what: why ? `${what} ${why.title}` : what,
    side,
    sideLabel: describeSide(side, name, language),
    nextStep: next(why?.nextStep),
  }
}

const ofHeld = ({ heldReason, cause }: TransferStanding, { language, words, name }: Speaking): Explanation => {
  const held = describeHeld(heldReason ?? 'UNCERTAIN', name, language)
  const why = cause && describeCause(cause, language)
  // Of what nobody knows the outcome, the cause says why not, and the reason to hold what to do; of all others the cause is the more precise.
  const isOpenQuestion = heldReason === null || heldReason === 'UNCERTAIN'
  const side = why?.side ?? held.side
  return {
    what: isOpenQuestion || !why ? `${words.held} ${held.what}${why ? ` ${why.title}` : ''}` : `${words.held} ${why.title}`,
    side,
    sideLabel: describeSide(side, name, language),
    nextStep: isOpenQuestion || !why ? held.nextStep : why.nextStep,
  }
}

export const explainTransfer = (standing: TransferStanding, language: Language = 'vi'): Explanation => {
  const { operation, state, nextAttemptAt, settledAt, cause } = standing
  const words = EXPLAIN_WORDS[language]
  const name = systemInSentence(systemOf(operation), language)
  const speaking = { language, words, name }
  const next = nextAttemptAt ? describeInstant(nextAttemptAt, language) : undefined
  const settled = settledAt ? describeInstant(settledAt, language) : undefined
  switch (state) {
    case 'PLANNED':
    case 'QUEUED':
      return (
        ofWaiting(standing, speaking) ??
        (cause
          ? ofFailure(cause, speaking, words.queuedAgain, () => words.queuedNext)
          : well(upperFirst(words.queued(name)), words.queuedNext))
      )
    case 'SENDING':
      return well(upperFirst(words.sending(name)), words.sendingNext)
    case 'WAITING_RETRY':
      return ofWaiting(standing, speaking) ?? ofFailure(cause, speaking, words.retry(next), (known) => known ?? words.retryNext)
    case 'INDETERMINATE':
      return (
        ofWaiting(standing, speaking) ?? ofFailure(cause, speaking, words.uncertain(name, next), (known) => known ?? words.uncertainNext)
      )
    case 'HELD':
      return ofHeld(standing, speaking)
    case 'REJECTED':
      return ofFailure(cause, speaking, words.rejected, (known) => known ?? words.rejectedNext)
    case 'EXHAUSTED':
      return ofFailure(cause, speaking, words.exhausted, (known) => `${known ? `${known} ` : ''}${words.exhaustedNext(name)}`)
    case 'DELIVERED':
      return well(upperFirst(words.delivered(name, settled)), words.deliveredNext)
    case 'ABANDONED':
      return well(words.abandoned(settled), words.abandonedNext)
    case 'SUPERSEDED':
      return well(words.superseded, words.supersededNext)
  }
}
