import type { CauseSide } from '../../src/model/cause-side.js'
import { CREDENTIALS, type EarlyRefusal } from '../../src/model/failure-code.js'
import type { SystemId } from '../../src/model/system.js'
import { quoteTheirWords } from '../../src/model/their-words.js'
import type { DeliveryOutcome } from '../../src/ports/target-system.js'
import { failureCode } from './failure-code.js'
import { type CallFailure, failureSentence } from './failure-sentence.js'
import { faultKeys, type SoapFault } from './faults.js'
import { WSSE_FAULTS } from './security.js'

/** What an adapter knows of its system's faults. What it does not know is INDETERMINATE: inquired before anything is sent again. */
export interface FaultTable {
  readonly system: SystemId
  /** What this system says before it has changed anything, by one of the `faultKeys` of a fault, or by the code of a readable reply. */
  readonly beforeProcessing: BeforeProcessing
  /** Faults that mean "understood and refused". */
  readonly rejections: Readonly<Record<string, FaultRejection>> | ((fault: SoapFault) => (FaultRejection & { code: string }) | undefined)
  /** HTTP statuses that this system (or what stands before it) gives before processing: 429, or 503 where that is declared. */
  readonly statusesBeforeProcessing: readonly number[]
}

export type BeforeProcessing = Readonly<Record<string, SaidBefore>>

export interface SaidBefore {
  /** The same by whichever fault or code it is said. */
  readonly means: EarlyRefusal
  /** A Vietnamese sentence without its full stop: what is so, and who has to do what. Shown as the system's last failure. Left out: the fault speaks for itself. */
  readonly cause?: string
  /** Said of one operation and not of the system, which would have taken another: it tells that the system is well. */
  readonly ofOneOperation?: true
}

export interface FaultRejection {
  /** A Vietnamese sentence for an officer; the fault's own words are shown behind it, quoted. */
  readonly reason?: string
  /** Our name of the field that is to be mended. */
  readonly field?: string
  /** Whose fault it is, where the code alone tells. */
  readonly side?: CauseSide
}

/** Of every system: its security layer does not know us. */
export const WSSE_BEFORE: BeforeProcessing = Object.fromEntries(WSSE_FAULTS.map((key) => [key, { means: CREDENTIALS }]))

/** Undefined: it may have been processed. */
export function saidBefore(fault: SoapFault, { beforeProcessing }: FaultTable): (SaidBefore & { readonly key: string }) | undefined {
  const key = faultKeys(fault).find((known) => Object.hasOwn(beforeProcessing, known))
  const said = key === undefined ? undefined : beforeProcessing[key]
  return key === undefined || said === undefined ? undefined : { ...said, key }
}

/** Of a readable reply that refuses with that code, which is `shown` so; undefined: it was processed. */
export function toldBefore({ beforeProcessing }: FaultTable, code: string, shown: string): EarlyOutcome | undefined {
  const said = Object.hasOwn(beforeProcessing, code) ? beforeProcessing[code] : undefined
  if (said?.cause === undefined) return undefined
  return { kind: 'UNAVAILABLE', code: said.means, cause: `${said.cause} (${shown}).`, ...showsOf(said) }
}

type EarlyOutcome = Extract<DeliveryOutcome, { kind: 'UNAVAILABLE' }>

/** What it tells of the system's health. */
export const showsOf = ({ ofOneOperation }: SaidBefore): Pick<EarlyOutcome, 'shows'> => (ofOneOperation ? { shows: 'ANSWERED' } : {})

/** The code and the sentence of a call without an answer that can be used; of a fault that the table knows, what it means. */
export function describeFailure(result: CallFailure, table: FaultTable): { readonly code: string; readonly cause: string } {
  const said = result.kind === 'FAULT' ? saidBefore(result.fault, table) : undefined
  const cause = failureSentence(table.system, result)
  if (!said || result.kind !== 'FAULT') return { code: failureCode(result), cause }
  const words = quoteTheirWords(result.fault.reason)
  return { code: said.means, cause: said.cause === undefined ? cause : `${said.cause}${words && `: ${words}`} (${said.key}).` }
}
