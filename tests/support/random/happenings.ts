import fc from 'fast-check'
import { INQUIRY_BEHAVIOURS, type InquiryBehaviour, type RandomSystem, SEND_BEHAVIOURS, type SendBehaviour, SYSTEMS } from './tiny-peer.js'

/** What may happen to the transfers of two dossiers to two systems, in any order. */
export type Happening =
  | {
      readonly what: 'WORK'
      readonly at: RandomSystem
      /** Before it, ms. */
      readonly after: number
      readonly workers: 1 | 2
      readonly sends: readonly SendBehaviour[]
      readonly inquiries: readonly InquiryBehaviour[]
    }
  | { readonly what: 'PASS'; readonly ms: number }
  /** OPEN_EPOCH: by a person, also while one is open, after a restore that has lost nothing. */
  | { readonly what: 'GUARD' | 'BACK_UP' | 'RESTORE' | 'OPEN_EPOCH' | 'CLOSE_EPOCH' }
  | { readonly what: 'LOAD_MAPPINGS' | 'PAUSE' | 'RESUME'; readonly at: RandomSystem }
  | { readonly what: 'PERSON'; readonly act: PersonsAct; readonly which: number }
  | { readonly what: 'AMEND' | 'HAND_IN'; readonly which: 0 | 1 }
  | { readonly what: 'LIMIT'; readonly at: RandomSystem; readonly maxPerSecond: number | null; readonly maxInFlight: number | null }

export type PersonsAct = 'REPLAY' | 'CONFIRM' | 'ABANDON' | 'SUPERSEDE'

const MINUTE = 60_000

const at = fc.constantFrom(...SYSTEMS)

/**
 * How a dossier is introduced to a system: sent, or adopted, for the system should have had it before us; it has what we have, something else, or
 * nothing.
 */
export const INTRODUCTIONS = ['SEND', 'ADOPT_SAME', 'ADOPT_OTHER', 'ADOPT_NOTHING'] as const
export type Introduction = (typeof INTRODUCTIONS)[number]

/** What doubles and loses in the field: drawn more often. */
const UNHEARD = ['LOSE_ANSWER', 'COMMIT_LATE', 'COMMIT_LATE', 'LOSE_REQUEST', 'DIE_AFTER', 'STALL', 'STALL_REJECT'] as const

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      what: fc.constant('WORK' as const),
      at,
      after: fc.constantFrom(0, 6_000, 6_000),
      workers: fc.constantFrom(1 as const, 2 as const),
      sends: fc.array(fc.constantFrom(...SEND_BEHAVIOURS, ...UNHEARD), { maxLength: 2 }),
      inquiries: fc.array(fc.constantFrom(...INQUIRY_BEHAVIOURS, 'TRUTH', 'TRUTH'), { maxLength: 2 }),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      what: fc.constant('PASS' as const),
      ms: fc.constantFrom(6_000, 6_000, MINUTE, 2 * MINUTE, 11 * MINUTE, 70 * MINUTE, 4 * 24 * 60 * MINUTE),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('GUARD' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('LOAD_MAPPINGS' as const), at }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('PERSON' as const),
      act: fc.constantFrom<PersonsAct[]>('REPLAY', 'CONFIRM', 'ABANDON', 'SUPERSEDE'),
      which: fc.nat({ max: 15 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constantFrom('AMEND' as const, 'HAND_IN' as const), which: fc.constantFrom(0 as const, 1 as const) }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('PAUSE' as const, 'RESUME' as const, 'RESUME' as const), at }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('LIMIT' as const),
      at,
      maxPerSecond: fc.constantFrom(0.1, 0.2, null),
      maxInFlight: fc.constantFrom(1, 2, null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('BACK_UP' as const, 'BACK_UP' as const, 'RESTORE' as const, 'OPEN_EPOCH' as const, 'CLOSE_EPOCH' as const),
    }),
  },
)
