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
import { keptCurrentCodes } from '../dossier/kept-communes.js'
import { areLandsOfDossiers } from '../dossier/land-reference-repository.js'
import type { ReadAsk } from '../dossier/read-ask.js'
import { readProcedures, readUnits, type UnitName } from '../dossier/reference-reads-repository.js'
import { readToldDueDates } from '../dossier/told-due-dates-repository.js'
import { type LinkedUnit, readUnitPredecessors, readUnitSuccessors } from '../dossier/unit-lineage-repository.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import type { ParcelKey } from '../ports/land-registry.js'
import { openOfDossiers } from '../reconciliation/discrepancy-search-repository.js'
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

import type { ApiDependencies } from './dependencies.js'

type Read<Key, Row> = (keys: readonly Key[]) => Promise<readonly Row[]>

/** One row a key, null when there is none. */
const one = <Key extends string | number, Row>(read: Read<Key, Row>, keyOf: (row: Row) => Key): DataLoader<Key, Row | null> =>
  new DataLoader(async (keys) => {
    const found = new Map((await read(keys)).map((row) => [keyOf(row), row]))
    return keys.map((key) => found.get(key) ?? null)
  })

/** All rows of a key, in the order of the read. */
const many = <Row extends { readonly dossierId: string }>(read: Read<string, Row>): DataLoader<string, readonly Row[]> =>
  grouped(read, (row) => row.dossierId)

const grouped = <Row>(read: Read<string, Row>, keyOf: (row: Row) => string): DataLoader<string, readonly Row[]> =>
  new DataLoader(async (keys) => {
    const groups = new Map<string, Row[]>(keys.map((key) => [key, []]))
    for (const row of await read(keys)) groups.get(keyOf(row))?.push(row)
    return keys.map((key) => groups.get(key) ?? [])
  })

const linkedUnits = (read: Read<number, LinkedUnit>): DataLoader<number, readonly LinkedUnit[]> =>
  new DataLoader(async (ids) => {
    const rows = await read(ids)
    return ids.map((id) => rows.filter(({ ofId }) => ofId === id))
  })

/** Read when it is first asked for, then kept. */
const onceAsked = <Value>(read: () => Promise<Value>): (() => Promise<Value>) => {
  let asked: Promise<Value> | undefined
  return () => {
    asked ??= read()
    return asked
  }
}

/**
 * What one answer reads, each kind in one statement (or one call to the registry) however many dossiers it shows. A set lives as
 * long as one answer: what it has read of the database it does not read again.
 */
export const createLoaders = (
  db: Sql,
  scope: Scope,
  { subject }: Pick<Caller, 'subject'>,
  {
    registryReads: registry,
    operator,
    reporting,
    reconciliation,
  }: Pick<ApiDependencies, 'registryReads' | 'operator' | 'reporting' | 'reconciliation'>,
) => ({
  dossiers: one(
    (ids: readonly string[]) => findDossiersById(db, scope, ids),
    (row) => row.id,
  ),
  dossiersByCode: one(
    (codes: readonly string[]) => findDossiersByCode(db, scope, codes),
    (row) => row.code,
  ),
  parties: one(
    (ids: readonly string[]) => readParties(db, ids),
    (row) => row.id,
  ),
  units: one(
    (ids: readonly number[]) => readUnits(db, ids),
    (row) => row.id,
  ),
  /** Whom units passed to, and whom they took over, by the unit's id. */
  unitSuccessors: linkedUnits((ids) => readUnitSuccessors(db, ids)),
  unitPredecessors: linkedUnits((ids) => readUnitPredecessors(db, ids)),
  procedures: one(
    (codes: readonly string[]) => readProcedures(db, codes),
    (row) => row.code,
  ),
  timelines: many((ids) => readTimelines(db, ids)),
  parcelReferences: many((ids) => readParcelReferences(db, ids)),
  certificateReferences: many((ids) => readCertificateReferences(db, ids)),
  documents: many((ids) => readDocuments(db, ids)),
  toldDueDates: many((ids) => readToldDueDates(db, ids)),
  /** What due dates are computed by: the same for all of one answer. */
  deadlineBasis: onceAsked(() => readDeadlineBasis(db)),
  taxNotices: many((ids) => readTaxNotices(db, ids)),
  identifiers: many((ids) => readIdentifiers(db, ids)),
  transfersOfDossier: many((ids) => readTransfersOf(db, ids)),
  acknowledgements: many((ids) => readAcknowledgements(db, ids)),
  interlinks: one(
    (ids: readonly string[]) => readInterlinks(db, ids),
    (row) => row.dossierId,
  ),
  transfers: one(
    (ids: readonly string[]) => findTransfersById(db, scope, ids),
    (row) => row.id,
  ),
  blockers: one(
    (ids: readonly string[]) => readBlockers(db, ids, 'NEAREST'),
    (row) => row.blockedId,
  ),
  firstBlockers: one(
    (ids: readonly string[]) => readBlockers(db, ids, 'FIRST'),
    (row) => row.blockedId,
  ),
  followers: grouped(
    (ids) => readFollowers(db, ids),
    (row) => row.aheadId,
  ),
  successors: one(
    (ids: readonly string[]) => readSuccessors(db, ids),
    (row) => row.supersedesId,
  ),
  attempts: grouped(
    (ids) => readAttempts(db, ids),
    (row) => row.transferId,
  ),
  attemptsById: one(
    (ids: readonly string[]) => findAttemptsById(db, ids),
    (row) => row.id,
  ),
  evidence: one(
    (ids: readonly string[]) => readEvidence(db, ids),
    (row) => row.id,
  ),
  causes: one(
    (ids: readonly string[]) => findCausesById(db, ids),
    (row) => row.id,
  ),
  causeKeys: one(
    (ids: readonly string[]) => findCauseKeys(db, ids),
    (row) => row.id,
  ),
  acts: grouped(
    (ids) => operator.judge(ids, subject),
    (row) => row.transferId,
  ),
  gates: one(
    (_ids: readonly SystemId[]) => readGates(db),
    (row) => row.systemId,
  ),
  amendments: one(
    (ids: readonly string[]) => readAmendments(db, ids),
    (row) => row.transferId,
  ),
  earlierAmendments: grouped(
    (ids) => readEarlierAmendments(db, ids),
    (row) => row.ofId,
  ),
  maintenanceWindows: grouped(
    () => readOpenWindows(db),
    (row) => row.systemId,
  ),
  alarms: grouped(
    (ids) => readAlarms(db, ids),
    (row) => row.transferId,
  ),
  timeLedgers: one(
    (ids: readonly string[]) => reporting.ledgers(ids),
    (row) => row.dossierId,
  ),
  letterProposals: one(
    (ids: readonly string[]) => reporting.proposals(ids),
    (row) => row.dossierId,
  ),
  letters: many((ids) => reporting.letters(ids)),
  discrepancies: grouped(
    (ids) => openOfDossiers(db, ids),
    (row) => row.dossierId ?? '',
  ),
  discrepancyActs: grouped(
    (ids) => reconciliation.judge(ids),
    (row) => row.discrepancyId,
  ),
  /** Code that a commune's ground bears today; null: it is none that the caller may see. */
  communesInScope: new DataLoader((names: readonly UnitName[]) => keptCurrentCodes(db, scope, names), { cacheKeyFn: JSON.stringify }),
  /** Whether a dossier within the caller's scope refers to this land. */
  landOfDossiers: new DataLoader((lands: readonly Land[]) => areLandsOfDossiers(db, scope, lands), { cacheKeyFn: JSON.stringify }),
  /** Joined with what other requests read (`dossier/registry-reads.ts`). */
  registryParcels: { load: (key: ParcelKey, ask?: ReadAsk) => registry.parcel(key, ask) },
  registryCertificates: { load: (serialNumber: string, ask?: ReadAsk) => registry.certificate(serialNumber, ask) },
})

export type Loaders = ReturnType<typeof createLoaders>
