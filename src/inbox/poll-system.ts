import { randomUUID } from 'node:crypto'
import type { SystemId } from '../model/system.js'
import type { Database } from '../platform/database.js'
import type { PolledSystem } from '../ports/inbound.js'
import { type ApplyDependencies, applyPending } from './apply-pending.js'
import { storeMessage, storeUnreadable } from './inbox-repository.js'

/**
 * Đọc thay đổi: asks a system what has changed since our cursor. Each poll reads an overlap again, since a change may be committed
 * there later than its position says; what is known already is stored once. Rows and cursor commit together. A feed whose end
 * lies behind our cursor, or that gives event ids out again, was restored to an earlier state over there: that is an alarm, and it is read again
 * from its start.
 */
export interface PollDependencies extends ApplyDependencies {
  readonly onApplied: () => void
  readonly onApplyError: (error: unknown, dossierCode: string) => void
  readonly pageSize: number
}

export type PollResult =
  | { readonly kind: 'READ'; readonly fresh: number; readonly pages: number; readonly ranBackwards: boolean }
  | { readonly kind: 'FAILED'; readonly cause: string }

/** Pages that one poll reads at most; the next poll goes on. */
const MAX_PAGES = 50

export const pollSystem = async (deps: PollDependencies, system: PolledSystem): Promise<PollResult> => {
  const cursor = await readCursor(deps.db, system.id)
  let position = cursor > system.overlap ? cursor - system.overlap : 0n
  let fresh = 0
  let highest = 0n
  let idsReused = false
  for (let pages = 1; pages <= MAX_PAGES; pages += 1) {
    const page = await system.readChanges(position, deps.pageSize)
    if (page.kind === 'FAILED') return page
    const codes = new Set<string>()
    await deps.db.transaction(async (tx) => {
      for (const message of page.messages) {
        const stored = await storeMessage(tx, message)
        if (stored.fresh) fresh += 1
        if (stored.fresh && stored.idReused) idsReused = true
        if (stored.state === 'STORED') codes.add(message.dossierCode)
      }
      for (const row of page.unreadable)
        await storeUnreadable(tx, { ...row, source: system.id, channel: 'POLL', operation: 'LayThayDoi', correlationId: randomUUID() })
      await advanceCursor(tx, system.id, page.nextPosition)
    })
    for (const code of codes) await applyPending(deps, code).catch((error: unknown) => deps.onApplyError(error, code))
    if (codes.size > 0) deps.onApplied()
    if (page.nextPosition > highest) highest = page.nextPosition
    position = page.nextPosition
    if (!page.more) {
      const ranBackwards = await checkDirection(deps.db, system.id, { cursor, highest, idsReused })
      return { kind: 'READ', fresh, pages, ranBackwards }
    }
  }
  return { kind: 'READ', fresh, pages: MAX_PAGES, ranBackwards: false }
}

const readCursor = async (db: Database, systemId: SystemId): Promise<bigint> => {
  const row = await db.orm.pollCursor.findUnique({ where: { systemId } })
  return row?.position ?? 0n
}

const advanceCursor = async (tx: Pick<Database, 'query'>, systemId: SystemId, position: bigint): Promise<void> => {
  await tx.query(
    `INSERT INTO poll_cursor (system_id, position, polled_at) VALUES ($1, $2::bigint, app_now())
     ON CONFLICT (system_id) DO UPDATE SET position = greatest(poll_cursor.position, excluded.position), polled_at = app_now()
     RETURNING 1 AS done`,
    [systemId, position.toString()],
  )
}

/**
 * The overlap shows the last rows again as long as the feed is the one that we read. When the feed ends before our cursor, or shows other
 * events under ids that we know, it was restored: the cursor goes back to the start, with an alarm, and the whole feed is compared.
 */
const checkDirection = async (
  db: Database,
  systemId: SystemId,
  { cursor, highest, idsReused }: { cursor: bigint; highest: bigint; idsReused: boolean },
): Promise<boolean> => {
  if (highest >= cursor && !idsReused) return false
  const seen = highest < cursor ? `lùi từ vị trí ${cursor} về ${highest}` : 'dùng lại mã sự kiện cho nội dung khác'
  await db.query(`UPDATE poll_cursor SET position = 0, alarm = $2 WHERE system_id = $1 RETURNING 1 AS done`, [
    systemId,
    `Dòng thay đổi ${seen}: hệ thống nguồn đã được phục hồi; đọc lại từ đầu.`,
  ])
  return true
}
