import { hasAnswered } from '../model/cause-classes.js'
import type { SystemId } from '../model/system.js'
import type { Health } from '../model/system-health.js'
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

type Reported = Pick<AttemptReport, 'systemId' | 'outcome' | 'code' | 'cause'>

const healthOf = ({ outcome, code }: Reported): Health => {
  if (ANSWERS.has(outcome)) return 'UP'
  return code !== undefined && hasAnswered(code) ? 'REFUSING' : 'DOWN'
}

export interface SystemHealth {
  report(attempt: Reported): void
  /** Resolves when all that was reported is written. */
  flush(): Promise<void>
}

export const createSystemHealth = (sql: Sql, onError: (error: unknown) => void): SystemHealth => {
  const last = new Map<SystemId, { health: Health; writtenAt: number }>()
  const writing = new Set<Promise<void>>()
  return {
    report(attempt) {
      const { systemId, outcome, cause } = attempt
      if (SILENT.has(outcome)) return
      const health = healthOf(attempt)
      const known = last.get(systemId)
      const now = Date.now()
      if (known?.health === health && now - known.writtenAt < QUIET_MS) return
      last.set(systemId, { health, writtenAt: now })
      const write = writeHealth(sql, systemId, health, cause === undefined ? null : withoutTheirWords(cause))
        .catch(onError)
        .finally(() => writing.delete(write))
      writing.add(write)
    },
    flush: async () => {
      await Promise.all(writing)
    },
  }
}

/** What does not serve goes on not serving, whether it answers or not: it has been so since it was well. */
const writeHealth = async (sql: Sql, systemId: SystemId, health: Health, cause: string | null): Promise<void> => {
  await sql.query(
    `UPDATE foreign_system SET
       health = $2,
       health_since = CASE WHEN health = $2 OR (health IN ('DOWN', 'REFUSING') AND $2 <> 'UP') THEN health_since ELSE app_now() END,
       last_success_at = CASE WHEN $2 = 'UP' THEN app_now() ELSE last_success_at END,
       last_failure_at = CASE WHEN $2 <> 'UP' THEN app_now() ELSE last_failure_at END,
       last_failure = CASE WHEN $2 <> 'UP' THEN $3 ELSE last_failure END
     WHERE id = $1 RETURNING id`,
    [systemId, health, cause],
  )
}
