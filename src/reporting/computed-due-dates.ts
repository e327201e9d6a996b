import { readDeadlineBasis } from '../dossier/deadline-document-repository.js'
import { deadlineOf } from '../dossier/deadline-of-dossier.js'
import { readTimelines } from '../dossier/dossier-reads-repository.js'
import type { Sql } from '../platform/database.js'
import type { DossierFacts } from './ledger-facts-repository.js'

/** Hạn trả tính lại by the rules, of these dossiers; one that cannot be computed is left out. */
export const readComputedDueDates = async (sql: Sql, facts: readonly DossierFacts[]): Promise<ReadonlyMap<string, Date>> => {
  const basis = await readDeadlineBasis(sql)
  const timelines = await readTimelines(
    sql,
    facts.map(({ id }) => id),
  )
  return new Map(
    facts.flatMap((dossier): [string, Date][] => {
      const timeline = timelines.filter(({ dossierId }) => dossierId === dossier.id)
      const { due } = deadlineOf({ dossier, landRegistration: dossier.landRegistration, timeline, told: [] }, basis)
      return due.kind === 'COMPUTED' ? [[dossier.id, due.dueAt]] : []
    }),
  )
}
