import { setTimeout as wait } from 'node:timers/promises'
import { GatewayError, inDoubt, isUnavailable } from '../errors.js'
import type { Database, Sql } from '../platform/database.js'

/**
 * Khóa chống gửi lặp: a mutation with a client's key is done once. The same key with another body is refused; with the same body it
 * gets the same answer. Of two at the same time, in whatever process, the second waits for the first one's answer, and is told to come again
 * when that takes long.
 */
export type OnceResult<Answer> =
  | { readonly kind: 'DONE'; readonly answer: Answer; readonly repeated: boolean }
  | { readonly kind: 'KEY_REUSED' }

export interface OnceRequest {
  readonly caller: string
  readonly key: string
  /** Digest of the request's body. */
  readonly digest: string
}

interface KeptRequest<Answer> {
  readonly digest: string
  readonly answer: Answer | null
  /** This call has made the row, or taken over one whose process died. */
  readonly mine: boolean
}

/** Then whoever began it is most likely dead, and another may do it. Should both go on, each finds what the other has done. */
const ABANDONED_AFTER_S = 10
/** Shorter than clients wait for an answer. */
const LONGEST_WAIT_MS = 5_000
const LOOK_AGAIN_MS = 50
const UNDER_WAY = 'Yêu cầu này đang được xử lý: xin gửi lại đúng yêu cầu này với cùng khóa sau ít giây; đã nhận rồi thì không nhận hai lần.'

/**
 * When `work` throws nothing is kept, so that a mended request may use its key again. It must be idempotent by itself: when this process
 * dies between it and the keeping of its answer, a repetition runs it again.
 */
export const doOnce = async <Answer>(db: Database, request: OnceRequest, work: () => Promise<Answer>): Promise<OnceResult<Answer>> => {
  for (const startedAt = performance.now(); ; ) {
    const kept = await beginKnown<Answer>(db, request)
    if (kept.digest !== request.digest) return { kind: 'KEY_REUSED' }
    if (kept.answer !== null) return { kind: 'DONE', answer: kept.answer, repeated: true }
    if (kept.mine) return { kind: 'DONE', answer: await finish(db, request, work), repeated: false }
    if (performance.now() - startedAt > LONGEST_WAIT_MS) throw new GatewayError('UNAVAILABLE', UNDER_WAY, { reason: 'PERHAPS_STORED' })
    await wait(LOOK_AGAIN_MS)
  }
}

/** Keys that this process has begun, does not work on any more, and could not take away, as the database was gone: a repetition need not wait for anybody. */
const leftBegun = new WeakMap<Sql, Set<string>>()
const nameOf = ({ caller, key }: OnceRequest): string => JSON.stringify([caller, key])
const leftIn = (sql: Sql): Set<string> => {
  const known = leftBegun.get(sql) ?? new Set<string>()
  leftBegun.set(sql, known)
  return known
}

const beginKnown = async <Answer>(sql: Sql, request: OnceRequest): Promise<KeptRequest<Answer>> => {
  const left = leftIn(sql)
  const takeOver = left.delete(nameOf(request))
  try {
    return await begin<Answer>(sql, request, takeOver)
  } catch (error) {
    left.add(nameOf(request))
    throw error
  }
}

const begin = async <Answer>(sql: Sql, { caller, key, digest }: OnceRequest, takeOver: boolean): Promise<KeptRequest<Answer>> => {
  const made = await sql.query<KeptRequest<Answer>>(
    `INSERT INTO client_request AS kept (caller, key, digest, created_at) VALUES ($1, $2, $3, now())
     ON CONFLICT (caller, key) DO UPDATE SET created_at = now()
       WHERE kept.answer IS NULL AND kept.digest = excluded.digest AND ($5::boolean OR kept.created_at < now() - $4::int * interval '1 second')
     RETURNING digest, answer, true AS mine`,
    [caller, key, digest, ABANDONED_AFTER_S, takeOver],
  )
  if (made[0]) return made[0]
  const known = await sql.query<KeptRequest<Answer>>(
    `SELECT digest, answer, false AS mine FROM client_request WHERE caller = $1 AND key = $2`,
    [caller, key],
  )
  // Between the two statements the first one may have failed and taken its row away: then it is begun anew.
  return known[0] ?? { digest, answer: null, mine: false }
}

const finish = async <Answer>(sql: Sql, request: OnceRequest, work: () => Promise<Answer>): Promise<Answer> => {
  const { caller, key } = request
  let answer: Answer
  try {
    answer = await work()
  } catch (error) {
    try {
      await sql.query(`DELETE FROM client_request WHERE caller = $1 AND key = $2 AND answer IS NULL RETURNING 1 AS done`, [caller, key])
    } catch (ofDeletion) {
      if (!isUnavailable(ofDeletion)) throw ofDeletion
      leftIn(sql).add(nameOf(request))
    }
    throw error
  }
  try {
    await sql.query(`UPDATE client_request SET answer = $3::jsonb WHERE caller = $1 AND key = $2 RETURNING 1 AS done`, [
      caller,
      key,
      JSON.stringify(answer),
    ])
  } catch (error) {
    // It is done and its answer is not kept: a repetition does it again, finds it done, and keeps the answer.
    leftIn(sql).add(nameOf(request))
    throw inDoubt(error)
  }
  return answer
}

/** Forgets answers that are older than this many days, at most so many. A repetition after that is found out by what it has stored or audited. */
export const pruneClientRequests = async (sql: Sql, days: number, limit: number): Promise<number> => {
  const rows = await sql.query(
    `DELETE FROM client_request WHERE (caller, key) IN (
       SELECT caller, key FROM client_request WHERE created_at < now() - $1::int * interval '1 day'
       ORDER BY created_at LIMIT $2::int FOR UPDATE SKIP LOCKED) RETURNING 1 AS done`,
    [days, limit],
  )
  return rows.length
}
