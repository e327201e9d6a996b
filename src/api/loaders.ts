import DataLoader from 'dataloader'
import type { Caller } from '../access/caller.js'
import type { Land } from '../access/land-of-dossiers.js'
import type { Scope } from '../access/scope.js'
import { readDeadlineBasis } from '../dossier/deadline-document-repository.js'
import {
  findDossiersByCode,
  findDossiersById,
  readCertificateReferences,
  readDocuments,
  readIdentifiers,
  readParcelReferences,
  readParties,
  readTaxNotices,
  readTimelines,
} from '../dossier/dossier-reads-repository.js'
import { keptCurrentCode, keptCurrentCodes } from '../dossier/kept-communes.js'
import { areLandsOfDossiers } from '../dossier/land-reference-repository.js'
import type { ReadAsk } from '../dossier/read-ask.js'
import { readProcedures, readUnits, type UnitName } from '../dossier/reference-reads-repository.js'
import { readToldDueDates } from '../dossier/told-due-dates-repository.js'
import { readUnitPredecessors, readUnitSuccessors } from '../dossier/unit-lineage-repository.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { keepingPlans } from '../platform/kept-plans.js'
import type { ParcelKey } from '../ports/land-registry.js'
import { openOfDossiers } from '../reconciliation/discrepancy-search-repository.js'
import { findingsOfRuns } from '../reconciliation/run-search-repository.js'
import { readAmendments, readEarlierAmendments } from '../transfer/amendment-repository.js'
import { findCauseKeys, findCausesById } from '../transfer/cause-reads-repository.js'
import { readGates } from '../transfer/gate-reads-repository.js'
import { readOpenWindows } from '../transfer/maintenance-repository.js'
import { readAlarms } from '../transfer/risk-alarm-repository.js'
import {
  findAttemptsById,
  findTransfersById,
  readAcknowledgements,
  readAttempts,
  readBlockers,
  readEvidence,
  readFollowers,
  readInterlinks,
  readSuccessors,
  readTransfersOf,
} from '../transfer/transfer-reads-repository.js'

import { grouped, linkedUnits, many, onceAsked, one } from './batched-reads.js'
import type { ApiDependencies } from './dependencies.js'
import { type Made, madeWhenAsked } from './made-when-asked.js'

/** Whose answer it is, and from where its loaders read. */
interface Reading {
  readonly db: Sql
  readonly scope: Scope
  readonly subject: string
  readonly deps: Pick<ApiDependencies, 'registryReads' | 'operator' | 'reporting' | 'reconciliation'>
}

const MAKERS = {
  dossiers: ({ db, scope }) =>
    one(
      (ids: readonly string[]) => findDossiersById(db, scope, ids),
      (row) => row.id,
    ),
  dossiersByCode: ({ db, scope }) =>
    one(
      (codes: readonly string[]) => findDossiersByCode(db, scope, codes),
      (row) => row.code,
    ),
  parties: ({ db }) =>
    one(
      (ids: readonly string[]) => readParties(db, ids),
      (row) => row.id,
    ),
  units: ({ db }) =>
    one(
      (ids: readonly number[]) => readUnits(db, ids),
      (row) => row.id,
    ),
  /** Whom units passed to, and whom they took over, by the unit's id. */
  unitSuccessors: ({ db }) => linkedUnits((ids) => readUnitSuccessors(db, ids)),
  unitPredecessors: ({ db }) => linkedUnits((ids) => readUnitPredecessors(db, ids)),
  procedures: ({ db }) =>
    one(
      (codes: readonly string[]) => readProcedures(db, codes),
      (row) => row.code,
    ),
  timelines: ({ db }) => many((ids) => readTimelines(db, ids)),
  parcelReferences: ({ db }) => many((ids) => readParcelReferences(db, ids)),
  certificateReferences: ({ db }) => many((ids) => readCertificateReferences(db, ids)),
  documents: ({ db }) => many((ids) => readDocuments(db, ids)),
  toldDueDates: ({ db }) => many((ids) => readToldDueDates(db, ids)),
  /** What due dates are computed by: the same for all of one answer. */
  deadlineBasis: ({ db }) => onceAsked(() => readDeadlineBasis(db)),
  taxNotices: ({ db }) => many((ids) => readTaxNotices(db, ids)),
  identifiers: ({ db }) => many((ids) => readIdentifiers(db, ids)),
  transfersOfDossier: ({ db }) => many((ids) => readTransfersOf(db, ids)),
  acknowledgements: ({ db }) => many((ids) => readAcknowledgements(db, ids)),
  interlinks: ({ db }) =>
    one(
      (ids: readonly string[]) => readInterlinks(db, ids),
      (row) => row.dossierId,
    ),
  transfers: ({ db, scope }) =>
    one(
      (ids: readonly string[]) => findTransfersById(db, scope, ids),
      (row) => row.id,
    ),
  blockers: ({ db }) =>
    one(
      (ids: readonly string[]) => readBlockers(db, ids, 'NEAREST'),
      (row) => row.blockedId,
    ),
  firstBlockers: ({ db }) =>
    one(
      (ids: readonly string[]) => readBlockers(db, ids, 'FIRST'),
      (row) => row.blockedId,
    ),
  followers: ({ db }) =>
    grouped(
      (ids) => readFollowers(db, ids),
      (row) => row.aheadId,
    ),
  successors: ({ db }) =>
    one(
      (ids: readonly string[]) => readSuccessors(db, ids),
      (row) => row.supersedesId,
    ),
  attempts: ({ db }) =>
    grouped(
      (ids) => readAttempts(db, ids),
      (row) => row.transferId,
    ),
  attemptsById: ({ db }) =>
    one(
      (ids: readonly string[]) => findAttemptsById(db, ids),
      (row) => row.id,
    ),
  evidence: ({ db }) =>
    one(
      (ids: readonly string[]) => readEvidence(db, ids),
      (row) => row.id,
    ),
  causes: ({ db }) =>
    one(
      (ids: readonly string[]) => findCausesById(db, ids),
      (row) => row.id,
    ),
  causeKeys: ({ db }) =>
    one(
      (ids: readonly string[]) => findCauseKeys(db, ids),
      (row) => row.id,
    ),
  acts: ({ subject, deps }) =>
    grouped(
      (ids) => deps.operator.judge(ids, subject),
      (row) => row.transferId,
    ),
  gates: ({ db }) =>
    one(
      (_ids: readonly SystemId[]) => readGates(db),
      (row) => row.systemId,
    ),
  amendments: ({ db }) =>
    one(
      (ids: readonly string[]) => readAmendments(db, ids),
      (row) => row.transferId,
    ),
  earlierAmendments: ({ db }) =>
    grouped(
      (ids) => readEarlierAmendments(db, ids),
      (row) => row.ofId,
    ),
  maintenanceWindows: ({ db }) =>
    grouped(
      () => readOpenWindows(db),
      (row) => row.systemId,
    ),
  alarms: ({ db }) =>
    grouped(
      (ids) => readAlarms(db, ids),
      (row) => row.transferId,
    ),
  timeLedgers: ({ deps }) =>
    one(
      (ids: readonly string[]) => deps.reporting.ledgers(ids),
      (row) => row.dossierId,
    ),
  letterProposals: ({ deps }) =>
    one(
      (ids: readonly string[]) => deps.reporting.proposals(ids),
      (row) => row.dossierId,
    ),
  letters: ({ deps }) => many((ids) => deps.reporting.letters(ids)),
  runFindings: ({ db }) =>
    grouped(
      (ids) => findingsOfRuns(db, ids),
      (row) => row.runId,
    ),
  discrepancies: ({ db }) =>
    grouped(
      (ids) => openOfDossiers(db, ids),
      (row) => row.dossierId ?? '',
    ),
  discrepancyActs: ({ deps }) =>
    grouped(
      (ids) => deps.reconciliation.judge(ids),
      (row) => row.discrepancyId,
    ),
  /** Code that a commune's ground bears today; null: it is none that the caller may see. */
  communesInScope: ({ db, scope }) => {
    const loader = new DataLoader((names: readonly UnitName[]) => keptCurrentCodes(db, scope, names), { cacheKeyFn: JSON.stringify })
    // What is kept needs no turn of its own: nearly every look-up of land begins here.
    return { load: async (name: UnitName): Promise<string | null> => keptCurrentCode(db, scope, name) ?? loader.load(name) }
  },
  /** Whether a dossier within the caller's scope refers to this land. */
  landOfDossiers: ({ db, scope }) =>
    new DataLoader((lands: readonly Land[]) => areLandsOfDossiers(db, scope, lands), { cacheKeyFn: JSON.stringify }),
  /** Joined with what other requests read (`dossier/registry-reads.ts`). */
  registryParcels: ({ deps }) => ({ load: (key: ParcelKey, ask?: ReadAsk) => deps.registryReads.parcel(key, ask) }),
  registryCertificates: ({ deps }) => ({
    load: (serialNumber: string, ask?: ReadAsk) => deps.registryReads.certificate(serialNumber, ask),
  }),
} satisfies Readonly<Record<string, (reading: Reading) => unknown>>

/**
 * What one answer reads, each kind in one statement (or one call to the registry) however many dossiers it shows. A set lives as
 * long as one answer: what it has read of the database it does not read again.
 */
export type Loaders = Made<typeof MAKERS>

const loadersOf = madeWhenAsked<Reading, typeof MAKERS>(MAKERS)

export const createLoaders = (db: Sql, scope: Scope, { subject }: Pick<Caller, 'subject'>, deps: Reading['deps']): Loaders =>
  loadersOf({ db: keepingPlans(db), scope, subject, deps })
