import type { Ledger, LedgerDeed } from './ledger.js'
import type { EndedRules, MisbehaviourRule } from './misbehaviour.js'
import type { TwinClock } from './twin-clock.js'
import type { WireObject } from './wire-values.js'

/** What a twin's handlers, due work and control actions have at hand. */
export interface TwinWork<State> {
  readonly state: State
  readonly clock: TwinClock
  /** Told by the start options and by `POST /control/set`, for example `{ deduplicate: true }`. */
  readonly settings: Record<string, unknown>
  now(): Date
  /** Records a deed in the ledger; within a request it is linked to that request. */
  did(what: string, detail?: Readonly<Record<string, unknown>>): LedgerDeed
}

/** One request, inside its handler. */
export interface TwinCall<State> extends TwinWork<State> {
  /** The request's number in the ledger. */
  readonly seq: number
  readonly operation: string
  /** The envelope exactly as received, for what a parsed value cannot show. */
  readonly raw: string
  readonly rawBytes: Buffer
  /** The parsed SOAP header, without its namespaces. */
  readonly headers: WireObject | undefined
  readonly misbehaviour: MisbehaviourRule | undefined
  /** True when the twin was told to show changes out of order in this answer. */
  readonly outOfOrder: boolean
  /** The list as it is, or with one lost, doubled or swapped when the twin was told so. Always pass attachments through it. */
  attachments<T extends object>(list: readonly T[], contentKey: keyof T): T[]
}

/** Returns the answer's content as the WSDL names it, in the WSDL's order of elements; throws a TwinFault for a SOAP fault. */
export type TwinHandler<State> = (args: WireObject, call: TwinCall<State>) => unknown

export interface TwinEndpoint<State> {
  /** A local file; its schema imports are read beside it. */
  readonly wsdlPath: string
  /** The path of the URL, for example `/vilis`. */
  readonly path: string
  readonly operations: Record<string, TwinHandler<State>>
  /** Copy the request's SOAP headers into the answer, as the exchange platform demands of a provider. */
  readonly copyHeaders?: boolean
}

export interface TwinDefinition<State> extends TwinEndpoint<State> {
  readonly name: string
  createState(): State
  readonly moreEndpoints?: readonly TwinEndpoint<State>[]
  /** Builds the state again from the deeds of an earlier process. Without it a restarted twin keeps its ledger alone. */
  restore?(state: State, deeds: readonly LedgerDeed[]): void
  /** Everything that time brings about: called on each tick and after each advance of the clock, never twice at once. */
  dueWork?(work: TwinWork<State>): void | Promise<void>
  /** What a test or a person can make happen: `POST /control/act/<name>`. The result is the JSON answer. */
  readonly controls?: Record<string, (body: Record<string, unknown>, work: TwinWork<State>) => unknown>
  /** What `GET /control/state` shows of the state; without it, the state itself. */
  describe?(state: State): unknown
}

export interface TwinStart {
  readonly port?: number
  readonly host?: string
  readonly controlPort?: number
  readonly ledgerFile?: string
  readonly username?: string
  readonly password?: string
  /** Twin seconds in a real second; 1 by default, 0 stands still until advanced. */
  readonly speed?: number
  /** Real milliseconds between looks at what is due; 200 by default, 0 for only when the clock is advanced. */
  readonly tickMs?: number
  readonly settings?: Readonly<Record<string, unknown>>
}

export interface RunningTwin {
  readonly url: string
  readonly controlUrl: string
  stop(): Promise<void>
}

/**
 * Something that lives and ends with a twin, such as its calls out. `begin` is called when the twin works by itself, which one without ticks never does;
 * `flush` runs after each advance of the clock.
 */
export interface TwinPart {
  begin?(): void
  flush?(): Promise<void>
  /** Lets go what waits: the twin starts over. */
  forget?(): void
  stop?(): void | Promise<void>
}

export interface Twin<State> {
  readonly ledger: Ledger
  readonly clock: TwinClock
  readonly settings: Record<string, unknown>
  readonly state: State
  readonly online: boolean
  start(options?: TwinStart): Promise<RunningTwin>
  attach(part: TwinPart): void
  /** Names of all its SOAP operations, once it was started. */
  readonly operations: readonly string[]
  misbehave(rule: MisbehaviourRule): Promise<void>
  /** Ends the misbehaviours that fit, and says how many. */
  behave(which?: EndedRules): Promise<number>
  misbehaviours(): (MisbehaviourRule & { left: number | null })[]
  reset(what?: { state?: boolean }): Promise<void>
  /** Is as one just started with these settings, at the same address: without its dossiers, its ledger, its time and what was to be called out. */
  startOver(settings: Readonly<Record<string, unknown>>): Promise<void>
  advance(to: { ms: number } | { to: Date }): Promise<void>
  offline(): Promise<void>
  goOnline(): Promise<void>
  work(requestSeq?: number): TwinWork<State>
}
