import { type DossierSnapshot, sourceDigestOf } from '../../../src/dossier/dossier-snapshot.js'
import type { DossierContent } from '../../../src/model/dossier-content.js'

export const content = (changes: Partial<DossierContent> = {}): DossierContent => ({
  code: 'H58.22-260316-0001',
  version: 1,
  procedureCode: '1.012783',
  procedureName: 'Cấp đổi',
  receivingUnit: { code: '28594', validFrom: '2025-07-01', name: 'Xã Chợ Gạo' },
  channel: 'DIRECT',
  applicant: { kind: 'CITIZEN', fullName: 'Trần Thị Mẫu' },
  summary: 'Cấp đổi',
  receivedAt: '2026-03-16T01:00:00.000Z',
  dueAt: '2026-03-25T10:00:00.000Z',
  receivedBy: 'mc.28594.1',
  parcels: [],
  certificates: [],
  documents: [],
  ...changes,
})

/** A dossier in progress that was born at the desk and has not reached the registry. */
export const snapshot = (changes: Partial<DossierSnapshot> = {}): DossierSnapshot => ({
  id: '0190d000-0000-7000-8000-000000000001',
  version: 3,
  sourceVersion: changes.content?.version ?? 1,
  sourceDigest: sourceDigestOf(changes.content ?? content()),
  origin: 'ONE_STOP',
  status: 'IN_PROGRESS',
  content: content(),
  supplementCount: 0,
  supplementNumbers: [],
  results: [],
  landRegistration: true,
  registryHolds: false,
  lastAppliedAt: {},
  ...changes,
})
