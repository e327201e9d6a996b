import type { SystemId } from '../model/system.js'
import { withoutTheirWords } from '../model/their-words.js'
import type { Sql } from '../platform/database.js'
import type { AttemptReport } from './deliver-transfer.js'

/**
 * Tình trạng hệ thống: what all processes know of a system, in one row of PostgreSQL. A change of health is written at once;
 * a success that changes nothing at most every five seconds, so that a busy system's row is no bottleneck.
 */
const QUIET_MS = 5_000

/** An attempt that proves the other side answers, whatever it answered. */
const ANSWERS = new Set(['ACCEPTED', 'REJECTED', 'CONFLICT', 'SAME', 'DIFFERENT', 'ABSENT'])
/** An attempt that says nothing about the other side. */
const SILENT = new Set(['NOT_SENT'])

export interface SystemHealth {
  report(attempt: Pick<AttemptReport, 'systemId' | 'outcome' | 'cause'>): void
  /** Resolves when all that was reported is written. */
  flush(): Promise<void>
}

export const createSystemHealth = (sql: Sql, onError: (error: unknown) => void): SystemHealth => {
  const last = new Map<SystemId, { up: boolean; writtenAt: number }>()
  const writing = new Set<Promise<void>>()
  return {
    report({ systemId, outcome, cause }) {
      if (SILENT.has(outcome)) return
      const up = ANSWERS.has(outcome)
      const known = last.get(systemId)
      const now = Date.now()
      if (known?.up === up && now - known.writtenAt < QUIET_MS) return
      last.set(systemId, { up, writtenAt: now })
      const write = writeHealth(sql, systemId, up, cause === undefined ? null : withoutTheirWords(cause))
        .catch(onError)
        .finally(() => writing.delete(write))
      writing.add(write)
    },
    flush: async () => {
      await Promise.all(writing)
    },
  }
}

const writeHealth = async (sql: Sql, systemId: SystemId, up: boolean, cause: string | null): Promise<void> => {
  await sql.query(
    `UPDATE foreign_system SET
       health = $2, health_since = CASE WHEN health = $2 THEN health_since ELSE app_now() END,
       last_success_at = CASE WHEN $2 = 'UP' THEN app_now() ELSE last_success_at END,
       last_failure_at = CASE WHEN $2 = 'DOWN' THEN app_now() ELSE last_failure_at END,
       last_failure = CASE WHEN $2 = 'DOWN' THEN $3 ELSE last_failure END
     WHERE id = $1 RETURNING id`,
    [systemId, up ? 'UP' : 'DOWN', cause],
  )
}
