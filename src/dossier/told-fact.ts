import { digestOf } from '../model/digest.js'
import type { InboundKind, InboundPayload } from '../model/inbound.js'
import type { CarriedFact } from '../model/system.js'

/**
 * Việc đã xảy ra: what somebody did (handed a supplement in, withdrew, issued a result, handed it out), apart from reports of how things stand. It
 * happens once; told again with another content it is a conflict that a person decides, for neither telling is newer by itself.
 */
export type Fact = Extract<InboundPayload, { kind: CarriedFact }>

export const isFactKind = (kind: InboundKind): kind is Fact['kind'] =>
  kind === 'SUPPLEMENT_HANDED_IN' || kind === 'WITHDRAWN' || kind === 'RESULT_ISSUED' || kind === 'RESULT_RETURNED'

export const isFact = (payload: InboundPayload): payload is Fact => isFactKind(payload.kind)

/** The road that a text has come by may have changed its line ends and the spaces around it. */
const words = (text: string): string => text.replace(/\s+/g, ' ').trim()

/**
 * What was said of the fact. A supplement's number and due date do not count: the number says which one it is, and the due date passes to the
 * registry, so that it is no part of what was handed in (`isOtherDueDate`).
 */
const contentOf = (fact: Fact): unknown => {
  switch (fact.kind) {
    case 'SUPPLEMENT_HANDED_IN':
      return { note: words(fact.note), documents: fact.documents }
    case 'WITHDRAWN':
      return { reason: words(fact.reason) }
    case 'RESULT_RETURNED':
      return { method: fact.method, note: words(fact.note) }
    case 'RESULT_ISSUED':
      return { status: fact.status, note: words(fact.note), documents: fact.documents }
  }
}

export const isSameFact = (one: Fact, other: Fact): boolean =>
  digestOf({ kind: one.kind, ...(contentOf(one) as object) }) === digestOf({ kind: other.kind, ...(contentOf(other) as object) }) &&
  !isOtherDueDate(one, other)

/** Only where both name one: who leaves it out says nothing about it. Not every system writes more than seconds. */
const isOtherDueDate = (one: Fact, other: Fact): boolean => {
  if (one.kind !== 'SUPPLEMENT_HANDED_IN' || other.kind !== 'SUPPLEMENT_HANDED_IN') return false
  const [mine, theirs] = [one.newDueAt, other.newDueAt]
  return mine !== undefined && theirs !== undefined && seconds(mine) !== seconds(theirs)
}

const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000)
