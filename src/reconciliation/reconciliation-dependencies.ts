import type { ReferenceData } from '../dossier/reference-data.js'
import type { ComparedField } from '../model/compared-record.js'
import type { DiscrepancyClass } from '../model/discrepancy.js'
import type { InboundMessage } from '../model/inbound.js'
import type { DailyWindow } from '../model/replay-plan.js'
import type { SystemId } from '../model/system.js'
import type { Tx } from '../platform/database.js'
import type { ComparisonSource } from '../ports/comparison-source.js'
import type { ReceiveInbound } from '../ports/inbound.js'
import type { ReadGate } from '../transfer/read-gate.js'
import type { ExamineDependencies } from './examine.js'
import type { TheirSide } from './their-side.js'

/** What repairing needs, by whomever. */
export interface RepairDependencies extends Pick<ExamineDependencies, 'db' | 'graceMs' | 'feedOf'> {
  readonly reference: () => Promise<ReferenceData>
  /** The one way in: what a system said, by whichever road. */
  readonly receive: ReceiveInbound
  /** Keeps a message there, in the transaction that decides on it; received afterwards it is applied at once. Returns its id. */
  readonly store: (tx: Tx, message: InboundMessage) => Promise<string>
  /** Has a system's feed read again from its start. */
  readonly reread: (tx: Tx, systemId: SystemId, why: string) => Promise<void>
  /** The other side, to be read again before anything is repaired by it; undefined: it is not compared here. */
  readonly theirSide: (systemId: SystemId) => TheirSide | undefined
  /** A transfer was planned: the relay has work. */
  readonly onQueued: () => void
}

/** Quy tắc tự sửa: what a run may repair by itself, and how much of it. What is in no row waits for a person. */
export interface RepairRule {
  /** Left out: any. */
  readonly systems?: readonly SystemId[]
  readonly class: DiscrepancyClass
  /** Left out: any; else nothing but these may differ. */
  readonly fields?: readonly ComparedField[]
  readonly direction: 'HERE' | 'THERE'
  /** At a system, of its class and direction. */
  readonly maxPerRun: number
  /** The same in a local day, by all runs together. */
  readonly maxPerDay: number
}

export interface RepairPolicy {
  readonly rules: readonly RepairRule[]
  /** A run that finds more than so many open discrepancies at a system repairs none of them there: something greater is wrong. */
  readonly stopAbove: number
}

export interface ReconciliationDependencies extends ExamineDependencies, RepairDependencies {
  readonly sources: ReadonlyMap<SystemId, ComparisonSource>
  readonly gateOf: (systemId: SystemId) => ReadGate
  /** Calls in a second, by all runs of all processes together. */
  readonly perSecondOf: (systemId: SystemId) => number
  /** Reads a system's feed to its end, and says whether it could. `beat` is called before each poll; a stop ends the poll with the page that it is at. */
  readonly readFeed: (systemId: SystemId, beat: () => Promise<void>, isStopping: () => boolean) => Promise<boolean>
  readonly policy: RepairPolicy
  /** Days that are compared in one step. */
  readonly windowDays: number
  /** Of a commune and day that differs and holds more dossiers, the buckets are asked for first. */
  readonly bucketsAbove: number
  /** A run that is not done after so long is given up. */
  readonly maxHours: number
  /** Local hours in which no run of the schedule for what is open or for all goes on. */
  readonly quietHours?: DailyWindow
  /** So long a system that cannot be read is left alone. */
  readonly retryMs: number
  readonly onError: (error: unknown) => void
}
