import type { Authenticate } from '../access/authenticate.js'
import type { Caller } from '../access/caller.js'
import type { ConsoleSettings } from '../access/console-settings.js'
import type { RegistryReads } from '../dossier/registry-reads.js'
import type { BatchAct } from '../model/discrepancy-batch.js'
import type { ReconciliationAct } from '../model/reconciliation-run.js'
import type { PlanAct } from '../model/replay-plan.js'
import type { SystemId } from '../model/system.js'
import type { SystemLimits } from '../model/system-limits.js'
import type { AcknowledgeAlert } from '../operator/acknowledge-alert-repository.js'
import type { DiscrepancyActRequest, DiscrepancyActResult } from '../operator/act-on-discrepancy.js'
import type { BatchActRequest } from '../operator/act-on-discrepancy-batch.js'
import type { RunActRequest, RunActResult, StartRequest, StartResult } from '../operator/act-on-reconciliation.js'
import type { PlanActRequest, PlanActResult } from '../operator/act-on-replay-plan.js'
import type { SystemAct, SystemActResult } from '../operator/act-on-system.js'
import type { ActRefusal } from '../operator/act-rules.js'
import type { AlertChanges } from '../operator/alert-changes.js'
import type { JudgedAct } from '../operator/allowed-acts.js'
import type { AmendResult, AmendTransfer } from '../operator/amend-transfer.js'
import type { AmendmentReads } from '../operator/amendment-reads.js'
import type { NoteCause } from '../operator/cause-note-repository.js'
import type { BatchForecast, CreateBatch, CreateBatchResult } from '../operator/create-discrepancy-batch.js'
import type { CreatePlan, CreatePlanResult } from '../operator/create-replay-plan.js'
import type { EndMaintenance } from '../operator/end-maintenance.js'
import type { AuditExport } from '../operator/export-audit.js'
import type { PlanMaintenance } from '../operator/plan-maintenance.js'
import type { SystemProbe } from '../operator/probe-systems.js'
import type { RevealAttempt, RevealedEvidence } from '../operator/reveal-attempt-repository.js'
import type { TestAlertChannels, TestChannelsResult } from '../operator/test-alert-channels-repository.js'
import type { Sql } from '../platform/database.js'
import type { Metrics } from '../platform/metrics.js'
import type { RateLimit } from '../platform/rate-limit.js'
import type { KeepDocument } from '../ports/documents.js'
import type { InboundEndpoint, ReceiveInbound } from '../ports/inbound.js'
import type { ShowEvidence } from '../ports/show-evidence.js'
import type { JudgedDiscrepancyAct } from '../reconciliation/judge-discrepancies.js'
import type { Reporting } from '../reporting/open-reporting.js'
import type { PersistedSettings } from './persisted-operations.js'

/** An act of a named person on a transfer. */
export interface TransferAct {
  readonly transferId: string
  /** Lý do, written to the audit trail. */
  readonly reason: string
  readonly actor: Caller
  /** The caller's own key: an act under it is done once. */
  readonly requestKey?: string
  /** As `Transfer.version` told it; refused (STALE_WRITE) when the transfer has moved since. */
  readonly expectedVersion?: number
}

/**
 * DONE: `replacedBy` is the transfer that has taken the place of the one acted upon, if one has.
 * REFUSED: the state does not allow it; `message` is a sentence in Vietnamese, `possibleFrom` an instant in ISO-8601 when waiting helps.
 */
export type ActResult =
  | { readonly kind: 'DONE'; readonly replacedBy?: string }
  | { readonly kind: 'REFUSED'; readonly reason: string; readonly message: string; readonly possibleFrom?: string }

/** Throws `GatewayError` NOT_FOUND when there is no such transfer within the actor's scope. */
export interface OperatorActs {
  replay(act: TransferAct): Promise<ActResult>
  /** What a person found out about an uncertain sending: it did or did not happen over there. */
  confirm(act: TransferAct & { readonly happened: boolean; readonly externalRef?: string }): Promise<ActResult>
  abandon(act: TransferAct): Promise<ActResult>
  /** A new one, with the dossier's present content, takes its place. */
  supersede(act: TransferAct): Promise<ActResult>
  /** Refused while there is none, or while the feed is still being read again. */
  dismissMessage(act: Omit<TransferAct, 'transferId'> & { readonly messageId: string }): Promise<ActResult>
  clearPollAlarm(act: Omit<TransferAct, 'transferId'> & { readonly systemId: SystemId }): Promise<ActResult>
  noteCause(act: NoteCause): Promise<ActResult>
  revealAttempt(act: RevealAttempt): Promise<RevealedEvidence | ActRefusal>
  /** A new one, with values that a person has given in place of its source's, takes its place; INVALID names the fields at fault. */
  amend(act: AmendTransfer): Promise<AmendResult>
  approveAmendment(act: TransferAct): Promise<ActResult>
  declineAmendment(act: TransferAct): Promise<ActResult>
  /** Who has looked at an amendment in clear, and why: committed before it is shown. */
  revealAmendment(act: Pick<TransferAct, 'transferId' | 'reason' | 'actor'>): Promise<void>
  /** What may be amended of a transfer, and what comes of changes. Changes nothing. */
  readonly amendments: AmendmentReads
  /** Each act on each of these transfers, as it would be judged now for this person. Changes nothing. */
  judge(transferIds: readonly string[], subject: string): Promise<readonly JudgedAct[]>
  /** Committed before the first row of the export leaves. */
  recordAuditExport(audited: AuditExport): Promise<void>
}

export interface SystemActs {
  /** A limit that is left out stays as it is; null: none. */
  setLimits(act: SystemAct & { readonly limits: Partial<SystemLimits> }): Promise<SystemActResult>
  pause(act: SystemAct): Promise<SystemActResult>
  resume(act: SystemAct): Promise<SystemActResult>
  planMaintenance(act: PlanMaintenance): Promise<SystemActResult>
  endMaintenance(act: EndMaintenance): Promise<SystemActResult>
}

/** Kế hoạch gửi lại: acts of a named person on a whole plan. */
export interface ReplayPlanActs {
  create(request: CreatePlan): Promise<CreatePlanResult>
  act(request: PlanActRequest, act: PlanAct): Promise<PlanActResult>
  /** Most transfers that a plan freezes. */
  readonly maxRows: number
  /** A plan of more is approved by a second person. */
  readonly approvalAbove: number
}

/** Đối soát: acts of a named person on runs, discrepancies and batches of them. All but `judge` and `foresee` change something. */
export interface ReconciliationActs {
  start(
    request: Pick<StartRequest, 'scope' | 'range' | 'reason' | 'actor' | 'requestKey'> & { readonly systems?: readonly SystemId[] },
  ): Promise<StartResult>
  act(request: RunActRequest, act: ReconciliationAct): Promise<RunActResult>
  repairHere(request: DiscrepancyActRequest): Promise<DiscrepancyActResult>
  repairThere(request: DiscrepancyActRequest): Promise<DiscrepancyActResult>
  ignore(request: DiscrepancyActRequest): Promise<DiscrepancyActResult>
  /** Each act on each of these discrepancies, as it would be judged now. */
  judge(ids: readonly string[]): Promise<readonly JudgedDiscrepancyAct[]>
  foresee(request: Pick<CreateBatch, 'filter' | 'scope'>): Promise<BatchForecast>
  createBatch(request: CreateBatch): Promise<CreateBatchResult>
  actOnBatch(request: BatchActRequest, act: BatchAct): Promise<DiscrepancyActResult>
  /** Systems that are compared here. */
  readonly systems: readonly SystemId[]
}

/** Cảnh báo: acts of a named person. */
export interface AlertActs {
  acknowledge(act: AcknowledgeAlert): Promise<ActResult>
  test(act: TestAlertChannels): Promise<TestChannelsResult>
  /** Names of the channels over which people are told. */
  readonly channels: readonly string[]
}

/** JSON that holds identifiers alone: what a client's idempotency key keeps. */
export type Remembered = { readonly [name: string]: string | null }

/**
 * Runs `work` once for a caller's key; a repetition gets the kept answer, a refusal too. The same key with another digest is
 * KEY_REUSED. When `work` throws no answer is kept and a repetition of the same request runs it again.
 */
export type Once = <Answer extends Remembered>(
  request: { readonly caller: string; readonly key: string; readonly digest: string },
  work: () => Promise<Answer>,
) => Promise<{ readonly kind: 'DONE'; readonly answer: Answer; readonly repeated: boolean } | { readonly kind: 'KEY_REUSED' }>

/** A committed change. `id` is `<transaction>-<number>`, both decimal; `api/event-id.ts` compares. */
export interface LiveEvent {
  readonly id: string
  readonly topic: 'TRANSFER' | 'DOSSIER'
  readonly transferId?: string
  readonly dossierId: string
}

/** The log of committed changes, the same in every process, in an order that no late commit disturbs. */
export interface LiveEvents {
  /** Events after `cursor` (null: from the first one kept), oldest first. Fewer than `limit`: there are no more now. */
  since(cursor: string | null, limit: number): Promise<readonly LiveEvent[]>
  /** Id of the newest event; `0-0` when there is none. */
  latest(): Promise<string>
  /** Told each new event of any process once, in order. Returns how to stop. */
  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void
}

export interface Health {
  live(): boolean
  /** `reason`: a sentence in Vietnamese why it is not. */
  ready(): Promise<{
    readonly ok: boolean
    readonly checks: Readonly<Record<string, boolean | undefined>>
    readonly reason?: string
    /** What does not work though it is ready. */
    readonly degraded?: readonly string[]
  }>
}

export interface ApiLimits {
  /** Bytes of a GraphQL request: attachments in base64 included. */
  readonly maxRequestBytes: number
  /** Bytes of one attachment. */
  readonly maxDocumentBytes: number
  /** Bytes of a message to an inbound SOAP service. */
  readonly maxSoapBytes: number
  readonly query: QueryLimits
  /** Most that a caller may ask to wait for a part, ms. */
  readonly maxWaitMs: number
  /** How long an answer waits for a part whose asker names no time and takes what is kept, ms; null: as long as its source may take. */
  readonly usualWaitMs: number | null
  readonly introspection: boolean
}

export interface QueryLimits {
  readonly maxDepth: number
  /** Fields of an answer at most, lists counted by their `first`, and what each search of the database weighs (`query-cost.ts`). */
  readonly maxCost: number
  readonly maxAliases: number
  readonly maxTokens: number
  readonly maxDirectives: number
  /** Entities of one operation that a router may ask for by key (`_entities`). */
  readonly maxRepresentations: number
}

/** Tra cứu của người dân: how often it may be done. */
export interface LookUpLimits {
  readonly perAddress: RateLimit
  readonly wrongPerCode: RateLimit
}

/** Structured log; messages and fields never hold personal data. */
export interface ApiLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** All that the GraphQL gateway needs, built by `context.ts`. */
export interface ApiDependencies {
  /** For reading: what is changed goes through the functions below. */
  readonly db: Sql
  readonly authenticate: Authenticate
  readonly receive: ReceiveInbound
  readonly keepDocument: KeepDocument
  readonly operator: OperatorActs
  readonly systemActs: SystemActs
  readonly replayPlans: ReplayPlanActs
  readonly alertActs: AlertActs
  readonly reconciliation: ReconciliationActs
  readonly once: Once
  readonly liveEvents: LiveEvents
  readonly alertChanges: AlertChanges
  readonly registryReads: RegistryReads
  readonly reporting: Reporting
  readonly showEvidence: ShowEvidence
  readonly endpoints: readonly InboundEndpoint[]
  readonly health: Health
  /** Looks at the addresses of the systems that are switched on. */
  probeSystems(): Promise<readonly SystemProbe[]>
  readonly metrics: Metrics
  readonly limits: ApiLimits
  /** Absent: one signs in to the console by pasting a token. */
  readonly console?: ConsoleSettings
  /** Absent: there is none, and nothing runs without a token. */
  readonly citizenLookUp?: LookUpLimits
  /** Proxies whose word about an address is taken. */
  readonly trustedProxies: readonly string[]
  /** Absent: any document may run, and none has an id. */
  readonly persistedOperations?: PersistedSettings
  readonly logger: ApiLogger
}
