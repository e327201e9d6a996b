import { type Caller, personOf } from '../access/caller.js'
import type { Database, Sql } from '../platform/database.js'
import { encodeCursor } from '../platform/keyset.js'
import { AUDIT_ORDER, type AuditFilter, type AuditRow, searchAuditEntries } from './audit-search-repository.js'

/** Xuất nhật ký thao tác: taking the whole trail out is itself an act, and is in the trail before the first row leaves. */
export interface AuditExport {
  readonly actor: Caller
  readonly filter: AuditFilter
}

export const recordAuditExport = async (db: Database, { actor, filter }: AuditExport): Promise<void> => {
  const { from, to, acts, ...plain } = filter
  const asked = {
    ...plain,
    ...(acts && { acts: [...acts] }),
    ...(from && { from: from.toISOString() }),
    ...(to && { to: to.toISOString() }),
  }
  await db.transaction((tx) =>
    tx.orm.auditEntry.create({
      data: { ...personOf(actor), act: 'EXPORT_AUDIT', reason: 'Xuất ra tệp CSV', before: {}, after: asked },
    }),
  )
}

const PAGE = 500

/** All entries, newest first, a page at a time: the next one is read when the one before it was taken. */
export async function* allAuditEntries(sql: Sql, filter: AuditFilter): AsyncGenerator<AuditRow> {
  for (let after: string | undefined; ; ) {
    const { rows, hasNextPage }: Awaited<ReturnType<typeof searchAuditEntries>> = await searchAuditEntries(sql, filter, {
      first: PAGE,
      after,
    })
    yield* rows
    const last = rows.at(-1)
    if (!last || !hasNextPage) return
    after = encodeCursor(AUDIT_ORDER, last.at, last.id)
  }
}
