import type { Database } from '../platform/database.js'

/**
 * Khóa chống gửi lặp: a mutation with a client's key is done once. The same key with another body is refused; with the same body it
 * gets the same answer. Two at the same time: the second waits for the first.
 */
export type OnceResult<Answer> = { readonly kind: 'DONE'; readonly answer: Answer; readonly repeated: boolean } | { readonly kind: 'KEY_REUSED' }

export interface OnceRequest {
  readonly caller: string
  readonly key: string
  /** Digest of the request's body. */
  readonly digest: string
}

/** `work` must be idempotent by itself: when this process dies after it and before the answer is kept, a repetition runs it again. */
export const doOnce = async <Answer>(
  db: Database,
  request: OnceRequest,
  work: () => Promise<Answer>,
): Promise<OnceResult<Answer>> => {
  const rows = await db.query<{ digest: string; answer: Answer | null }>(
    `INSERT INTO client_request (caller, key, digest) VALUES ($1, $2, $3)
     ON CONFLICT (caller, key) DO UPDATE SET key = excluded.key
     RETURNING digest, answer`,
    [request.caller, request.key, request.digest],
  )
  const known = rows[0]
  if (known && known.digest !== request.digest) return { kind: 'KEY_REUSED' }
  if (known?.answer) return { kind: 'DONE', answer: known.answer, repeated: true }
  const answer = await work()
  await db.query(`UPDATE client_request SET answer = $3::jsonb WHERE caller = $1 AND key = $2 RETURNING 1 AS done`, [
    request.caller,
    request.key,
    JSON.stringify(answer),
  ])
  return { kind: 'DONE', answer, repeated: false }
}
