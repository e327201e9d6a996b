import { setTimeout as pause } from 'node:timers/promises'
import type { SystemId } from '../../src/model/system.js'
import type { DrillSystem } from './drill-system.js'
import type { Intake } from './intake.js'
import type { LostTime } from './judge/facts.js'
import type { Invariant } from './judge/invariants.js'
import type { LedgerFile } from './judge/ledger-file.js'
import type { SeededRandom } from './seeded-random.js'

/**
 * Một lỗi giả lập: hands in its own dossiers, brings its fault about while they are on their way, and returns when the fault has
 * happened. Healing, waiting and judging is the runner's.
 */
export interface Fault {
  /** For `--only`: ASCII, unique. */
  readonly name: string
  /** For the report: what happens, in Vietnamese. */
  readonly title: string
  /** Share of the dossiers beside the other faults; 1 by default. */
  readonly weight?: number
  /** The other side refuses, keeps something else than was sent, or has to be asked by people: only then may anything end before a person. */
  readonly needsPeople?: true
  /** Holds a gateway's wires or ends it while it has requests: only then may clients hear nothing. */
  readonly silencesGateways?: true
  /** Makes us forget what front ends hand in: those who have dossiers from before it act at the desk alone. */
  readonly livesAtDesk?: true
  /** What ViLIS tells meanwhile is set aside: no dossier waits for it. */
  readonly vilisUnheard?: true
  /** Why this machine does not allow it, asked before it is run. */
  readonly impossible?: () => Promise<string | undefined>
  run(stage: Stage): Promise<void>
}

export interface Stage {
  readonly system: DrillSystem
  readonly random: SeededRandom
  readonly intake: Intake
  /** How many dossiers this fault should hand in. */
  readonly size: number
  /** Whether dossiers from before the fault live on under it. */
  readonly hasLives: boolean
  readonly ledgers: Readonly<Record<SystemId, LedgerFile>>
  /** Requests of this fault's own dossiers that a twin has seen. */
  seen(systemId: SystemId): Promise<readonly SeenRequest[]>
  /** Waits until it is so; a fault that cannot be brought about is a failure of the drill, not of the system. */
  until(what: string, look: () => Promise<boolean>): Promise<void>
  /** How many transfers of the dossiers that this fault hands in are in a state (SQL condition over `t`). */
  count(condition: string): Promise<number>
  /** Holds something wrong that only this fault can see. */
  convict(invariant: Invariant, of: string, detail: string): void
  /** The fault is over: recovery counts from here. Not told: from the runner's healing. */
  mended(): void
  /** A backup of `fromMs` was put back at `toMs` (ms since 1970): what the tables knew of the time between is gone. */
  forgotten(lost: LostTime): void
  /** Shown beside the row. */
  note(text: string): void
}

export type SeenRequest = LedgerFile['requests'] extends ReadonlyMap<number, infer Request> ? Request : never

/** However busy the machine is: what a fault waits for is there within seconds, or never. */
const PATIENCE_MS = 120_000
const LOOK_EVERY_MS = 50

export class DrillFailure extends Error {}

export const until = async (what: string, look: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> => {
  const deadline = Date.now() + patienceMs
  while (!(await look())) {
    if (Date.now() > deadline) throw new DrillFailure(`chờ mãi không thấy: ${what}`)
    await pause(LOOK_EVERY_MS)
  }
}

/** Ends what `work` has begun, however that went; an error of `work` is the one that is told. */
export const endingWith = async <Result>(end: () => Promise<unknown>, work: () => Promise<Result>): Promise<Result> => {
  const result = await work().catch(async (error: unknown) => {
    await end().catch(() => undefined)
    throw error
  })
  await end()
  return result
}
