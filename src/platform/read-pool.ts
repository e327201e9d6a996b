import { GatewayError, unreadable } from '../errors.js'
import type { PlanKept, Sql } from './database.js'
import { databaseFaultOf } from './database-fault.js'
import { IN_UTC, openPool } from './pool.js'
import { endSilence } from './server-silence.js'
import { errorCode } from './start-error.js'

/**
 * Connections for answers alone, apart from those that take in and move: a runaway search is stopped by the server after its time and
 * frees its connection, and while such searches hold this pool the desk's dossiers still come in.
 */
export interface ReadPool extends Sql {
  close(): Promise<void>
}

export interface ReadPoolOptions {
  readonly url: string
  readonly size: number
  /** Longest that one statement may run; 0: as long as it likes. */
  readonly statementTimeoutMs: number
  /** As a `Database` keeps them. Default true. */
  readonly keepPlans?: boolean
  readonly onError: (error: Error) => void
}

/** A server that has not even cancelled by then is gone. */
const SILENCE_MS = 5_000

const QUERY_CANCELED = '57014'

export const openReadPool = ({ url, size, statementTimeoutMs, keepPlans = true, onError }: ReadPoolOptions): ReadPool => {
  const pool = openPool(
    {
      connectionString: url,
      max: size,
      connectionTimeoutMillis: 10_000,
      // A pooler refuses or drops what is asked for at the start of a connection. Whether to compile a statement is guessed from what it could cost, and a list that
      // stops at its page costs far less.
      ...(keepPlans && { statement_timeout: statementTimeoutMs, options: `${IN_UTC} -c jit=off` }),
      ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + SILENCE_MS }),
      application_name: 'lienthong-read',
    },
    onError,
  )
  endSilence(pool, url)
  return {
    query: async <Row>(text: string, parameters: readonly unknown[] = [], plan?: PlanKept) => {
      try {
        return (await pool.query({ text, values: [...parameters], ...(plan && keepPlans && { name: plan.planName }) })).rows as Row[]
      } catch (error) {
        if (errorCode(error) === QUERY_CANCELED)
          throw new GatewayError('UPSTREAM_UNAVAILABLE', TOO_SLOW, { system: 'DATABASE', reason: 'READ_TOO_SLOW' })
        throw databaseFaultOf(error) === undefined ? error : unreadable(error)
      }
    },
    close: () => pool.end(),
  }
}

const TOO_SLOW = 'Tra cứu mất quá nhiều thời gian nên đã dừng: hãy thu hẹp điều kiện tìm kiếm hoặc thử lại sau.'
