import { type Caller, namePerson } from '../access/caller.js'
import { maskAddress, maskName, maskPerson, maskText, seesLandUsers, seesPersonalData } from '../access/masking.js'
import { may } from '../access/permissions.js'
import type { DocumentRow, DossierEventRow, DossierRow, PartyRow, TaxNoticeRow } from '../dossier/dossier-row.js'
import type { FreshRead } from '../dossier/read-ask.js'
import { type ErrorCode, GatewayError } from '../errors.js'
import { describeAct } from '../model/audit-act.js'
import { describeAuditValue, nameAuditValue } from '../model/audit-value.js'
import { describeCause } from '../model/cause-words.js'
import { breakerStateOf } from '../model/circuit-breaker.js'
import { describeStatus } from '../model/dossier-status.js'
import { describeTransferState, interlinkStateOf } from '../model/interlink-state.js'
import { restrictionKindsOf } from '../model/land-restriction.js'
import type { Language } from '../model/language.js'
import { recordedInEnglish } from '../model/recorded-english.js'
import { describeForecast, describePlanState, describeResult, isWithin } from '../model/replay-plan.js'
import { describeOperation } from '../model/system.js'
import { versionOf } from '../model/transfer-acts.js'
import type { AuditRow } from '../operator/audit-search-repository.js'
import type { InboxMessageRow } from '../operator/inbox-search-repository.js'
import type { PlanRow } from '../operator/replay-plan-repository.js'
import type { PlanRowRow } from '../operator/replay-row-repository.js'
import { COUNT_LIMIT } from '../platform/keyset.js'
import type { ParcelKey, RegistryCertificate, RegistryParcel } from '../ports/land-registry.js'
import type { ShownDiscrepancy } from '../reconciliation/discrepancy-search-repository.js'
import type { CauseRow } from '../transfer/cause-reads-repository.js'
import type { GateRow } from '../transfer/gate-reads-repository.js'
import type { SystemRow } from '../transfer/system-reads-repository.js'
import type { AttemptRow, TransferRow } from '../transfer/transfer-reads-repository.js'
import type { AuditChange, AuditEntry } from './audit.type.js'
import type { FailureCause } from './cause.type.js'
import type { Discrepancy } from './discrepancy.type.js'
import type { Dossier } from './dossier.type.js'
import type { Document, DossierEvent, Party, TaxNotice } from './dossier-part.type.js'
import type { InboxMessage } from './inbox-message.type.js'
import { showDiscrepancyTo } from './present-discrepancy.js'
import type { Certificate, Freshness, Parcel } from './registry.type.js'
import { describeFilter } from './replay-filter-text.js'
import type { ReplayPlan, ReplayPlanRow } from './replay-plan.type.js'
import type { ForeignSystem } from './system.type.js'
import type { Attempt, Transfer, WaitingFor } from './transfer.type.js'

/**
 * From rows to what one caller is shown. Every row of a dossier passes here before it becomes part of an answer, and here alone
 * personal data is masked; the types of the API ask for fields that only this gives, so that an unmasked row does not compile.
 */
export interface Presenter {
  dossier(row: DossierRow): Dossier
  party(row: PartyRow): Party
  event(row: DossierEventRow, applicantName: string): DossierEvent
  document(row: DocumentRow, applicantName: string): Document
  taxNotice(row: TaxNoticeRow): TaxNotice
  /** Địa chỉ thửa đất as a dossier names it. */
  address(of: string | null): string | null
  transfer(row: TransferRow): Transfer
  /** What is waited for, in words. */
  waitingFor(row: TransferRow): WaitingFor
  attempt(row: AttemptRow, of: Pick<Transfer, 'applicantName' | 'systemId'>): Attempt
  cause(row: CauseRow): FailureCause
  system(row: SystemRow, gate: GateRow | undefined): ForeignSystem
  inboxMessage(row: InboxMessageRow): InboxMessage
  replayPlan(row: PlanRow): ReplayPlan
  replayRow(planId: string, row: PlanRowRow): ReplayPlanRow
  /** What somebody wrote about a dossier of this applicant. */
  text(of: string, applicantName: string): string
  /** A sentence of ours that was written down as such, and names nobody. */
  recorded(of: string | null): string | null
  /** What may quote the other side, about a dossier of this applicant. */
  failure(of: string | null, applicantName: string): string | null
  auditEntry(row: AuditRow): AuditEntry
  discrepancy(row: ShownDiscrepancy): Discrepancy
  /** `ofTheirDossiers`: a dossier within the caller's scope refers to this land. */
  parcel(key: ParcelKey, read: FreshRead<RegistryParcel>, ofTheirDossiers: boolean): Parcel
  certificate(serialNumber: string, read: FreshRead<RegistryCertificate>, ofTheirDossiers: boolean): Certificate
}

/** Null for a value that is as new as it was asked for. */
const errorCodeOf = ({ state, known, missing }: FreshRead<unknown>): ErrorCode | null => {
  if (missing) return 'MAPPING_FAILED'
  if (state === 'STALE' || state === 'LATE') return 'UPSTREAM_UNAVAILABLE'
  return state === 'SNAPSHOT' && known === null ? 'NOT_FOUND' : null
}

const freshness = (read: FreshRead<unknown>, recorded: Presenter['recorded']): Freshness => ({
  source: 'VILIS',
  state: read.state,
  asOf: read.asOf,
  staleBecause: recorded(read.staleBecause ?? read.missing?.sentence ?? null),
  errorCode: errorCodeOf(read),
})

/** A finer code of why there is nothing to show; none when the source could not be read. */
const NOTHING_BECAUSE: Partial<Record<FreshRead<unknown>['state'], string>> = { LATE: 'LATE', SNAPSHOT: 'NEVER_READ' }

/**
 * A field of what the registry tells, as the API reads it. Of a part that could not be read and was never read before, all fields are null and
 * the first one that is asked for carries the error, so that each such part stands once in `errors` and everything beside it still comes.
 */
const partOf = <Value>(read: FreshRead<Value>) => {
  let told = read.value !== null || read.known !== null
  return <Part>(pick: (value: Value) => Part | null | undefined) =>
    (): Part | null => {
      if (read.value !== null) return pick(read.value) ?? null
      if (told) return null
      told = true
      throw new GatewayError(
        errorCodeOf(read) ?? 'UPSTREAM_UNAVAILABLE',
        `${read.missing?.sentence ?? read.staleBecause ?? 'Chưa đọc được phần mềm đất đai'}.`,
        {
          system: 'VILIS',
          ...(read.missing ? { field: read.missing.field } : { reason: NOTHING_BECAUSE[read.state] }),
        },
      )
    }
}
type ShownGate = Pick<ForeignSystem, 'breakers' | 'limits' | 'paused' | 'inFlight' | 'ratePerSecond'>

const NO_GATE: ShownGate = { breakers: null, limits: null, paused: null, inFlight: null, ratePerSecond: null }

const gateOf = ({ breakers, limits, paused, inFlight, ratePerSecond, now }: GateRow, recorded: Presenter['recorded']): ShownGate => ({
  limits: { ...limits, fromConfiguration: limits.setBy === null },
  paused,
  inFlight,
  ratePerSecond,
  breakers: breakers.map(({ operationClass, openedAt, openUntil, failures, cause }) => ({
    operationClass,
    state: breakerStateOf({ openUntil }, now),
    since: openedAt,
    until: openUntil,
    failures,
    cause: recorded(cause),
  })),
})

/** The client's own key says nothing to people. */
const UNSHOWN = new Set(['request'])
/** What was looked for (`filter`, `text`) may name a person of whom nothing else is known here. */
const HIDDEN = '***'

const changesOf = (
  { act, transferId, before, after }: Pick<AuditRow, 'act' | 'transferId' | 'before' | 'after'>,
  shown: (text: string) => string,
  clear: boolean,
  language: Language,
): AuditChange[] => {
  const written = (name: string, value: unknown): string | null => {
    if (value === null || value === undefined) return null
    if (name === 'filter') return describeFilter(value as Readonly<Record<string, unknown>>, clear, language)
    if (name === 'text' && !clear) return HIDDEN
    return shown(typeof value === 'string' ? value : JSON.stringify(value))
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !UNSHOWN.has(name))
  const inWords = (name: string, value: string | null): string | null =>
    value === null ? null : describeAuditValue({ act, isOfTransfer: transferId !== null }, name, value, language)
  return names.map((name) => {
    const was = written(name, before[name])
    const is = written(name, after[name])
    const words = { label: nameAuditValue(name, language), beforeLabel: inWords(name, was), afterLabel: inWords(name, is) }
    return { name, before: was, after: is, ...words }
  })
}

export const createPresenter = (caller: Caller, language: Language = 'vi'): Presenter => {
  const clear = seesPersonalData(caller)
  const text = (of: string, name: string): string => (clear ? of : maskText(of, [name]))
  const name = (of: string): string => (clear ? of : maskName(of))
  const place = (of: string | null): string | null => (clear ? of : of && maskAddress(of))
  const recorded = (of: string | null): string | null => (of !== null && language === 'en' ? recordedInEnglish(of) : of)
  const failure = (of: string | null, applicant: string): string | null =>
    may(caller, 'Transfer.lastError') ? of && recorded(text(of, applicant)) : null
  const transferOf = (row: TransferRow): Transfer => ({
    ...row,
    lastError: failure(row.lastError, row.applicantName),
    stateLabel: describeTransferState(row.state, language),
    version: versionOf(row.updatedAt),
  })
  return {
    dossier: (row) => {
      const status = describeStatus(row.status)
      return { ...row, summary: text(row.summary, row.applicantName), statusCode: status.code, statusLabel: status[language] }
    },
    party: (row) => (clear ? row : maskPerson(row)),
    text,
    event: (row, applicant) => ({
      ...row,
      note: recorded(text(row.note, applicant)) ?? '',
      statusLabel: row.statusTo && describeStatus(row.statusTo)[language],
    }),
    document: (row, applicant) => ({ ...row, name: text(row.name, applicant), fileName: text(row.fileName, applicant) }),
    taxNotice: (row) => ({ ...row, payerName: name(row.payerName), documentUrl: clear ? row.documentUrl : null }),
    address: place,
    transfer: transferOf,
    waitingFor: (row) => {
      const transfer = transferOf(row)
      const needsPerson = interlinkStateOf(row.state) === 'NEEDS_ATTENTION'
      return {
        kind: 'TRANSFER',
        transfer,
        systemId: row.systemId,
        stateLabel: transfer.stateLabel,
        reason: transfer.lastError ? `${transfer.stateLabel}: ${transfer.lastError}` : transfer.stateLabel,
        since: needsPerson ? row.updatedAt : row.createdAt,
      }
    },
    attempt: (row, { applicantName, systemId }) => ({ ...row, applicantName, systemId, detail: failure(row.detail, applicantName) }),
    cause: ({ open, total, ...row }) => ({
      ...row,
      ...describeCause(row, language),
      // The same may befall each operation of a system in one outage.
      title: `${describeOperation(row.operation, language)}: ${describeCause(row, language).title}`,
      fingerprint: [row.systemId, row.operation, row.kind, row.code, ...(row.field === null ? [] : [row.field])].join('/'),
      openCount: Math.min(open, COUNT_LIMIT),
      openCountIsExact: open <= COUNT_LIMIT,
      totalCount: Math.min(total, COUNT_LIMIT),
      totalCountIsExact: total <= COUNT_LIMIT,
    }),
    system: (row, gate) => ({
      ...row,
      lastFailure: may(caller, 'systems.lastFailure') ? recorded(row.lastFailure) : null,
      ...(gate && may(caller, 'systems.gate') ? gateOf(gate, recorded) : NO_GATE),
    }),
    inboxMessage: ({ applicantName, ...row }) => {
      // A refusal is kept as `REASON|field|sentence`.
      const [reasonCode, field, ...sentence] = (row.reason ?? '').split('|')
      const told = sentence.length > 0
      const reason = told ? sentence.join('|') : row.reason
      return {
        ...row,
        reasonCode: told ? reasonCode || null : null,
        field: told ? field || null : null,
        reason: reason && text(reason, applicantName ?? ''),
      }
    },
    replayPlan: (row) => {
      const { windowFrom: from, windowTo: to } = row
      return {
        ...row,
        name: text(row.name, ''),
        reason: text(row.reason, ''),
        stateLabel: describePlanState(row.state, language),
        stoppedBecause: recorded(row.stoppedBecause),
        createdBy: row.createdByName,
        lastActBy: recorded(row.lastActBy) ?? '',
        causeIds: (row.filter.causes ?? []) as readonly string[],
        filterIn: (causes) => describeFilter({ ...row.filter, ...(causes.length > 0 && { causes }) }, clear, language),
        approvedBy: row.approvedByName,
        outsideWindow: row.state === 'RUNNING' && from !== null && to !== null && !isWithin({ from, to }, row.now),
      }
    },
    replayRow: (planId, { digest, forecastReason, resultReason, ...row }) => ({
      ...row,
      id: `${planId}-${row.position}`,
      bodyDigest: digest,
      forecastLabel: row.forecast && describeForecast(row.forecast, language),
      resultLabel: describeResult(row.result, language),
      told: { forecast: forecastReason, result: resultReason },
    }),
    recorded,
    failure,
    auditEntry: ({ before, after, applicantName, actorName, ...row }) => ({
      ...row,
      actor: recorded(row.actor) ?? '',
      actorLabel: recorded(namePerson(row.actor, actorName)) ?? '',
      actLabel: describeAct(row.act),
      reason: recorded(text(row.reason, applicantName ?? '')) ?? '',
      changes: changesOf({ ...row, before, after }, (of) => recorded(text(of, applicantName ?? '')) ?? '', clear, language),
    }),
    discrepancy: (row) => showDiscrepancyTo(row, { clear, text, language, recorded }),
    parcel: (key, read, ofTheirDossiers) => {
      const isClear = seesLandUsers(caller, ofTheirDossiers)
      const part = partOf(read)
      return {
        communeCode: key.communeCode,
        mapSheetNumber: key.mapSheetNumber,
        parcelNumber: key.parcelNumber,
        knownToRegistry: () => read.known ?? part<boolean>(() => null)(),
        areaM2: part(({ areaM2 }) => areaM2),
        address: part(({ address }) => (isClear || !address ? address : maskAddress(address))),
        landUses: part(({ landUses }) => landUses),
        certificateSerials: part(({ certificateSerials }) => certificateSerials),
        restrictions: part(({ restrictions }) => (isClear ? restrictions : restrictionKindsOf(restrictions))),
        freshness: freshness(read, recorded),
      }
    },
    certificate: (serialNumber, read, ofTheirDossiers) => {
      const isClear = seesLandUsers(caller, ofTheirDossiers)
      const part = partOf(read)
      return {
        serialNumber,
        knownToRegistry: () => read.known ?? part<boolean>(() => null)(),
        registerNumber: part(({ registerNumber }) => registerNumber),
        issuedOn: part(({ issuedOn }) => issuedOn),
        landUserName: part(({ landUserName }) => (isClear || !landUserName ? landUserName : maskName(landUserName))),
        parcels: part(({ parcels }) => parcels),
        freshness: freshness(read, recorded),
      }
    },
  }
}
