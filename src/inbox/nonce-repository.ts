import { createHash } from 'node:crypto'
import type { Sql } from '../platform/database.js'

/**
 * Mã dùng một lần: whether a nonce of a calling system has been used before, known to all gateways through the database. Expired ones
 * go with each call. True: used before, the call is a replay.
 */
export const databaseNonceMemory =
  (sql: Sql): ((nonce: string, expiresAtMs: number) => Promise<boolean>) =>
  async (nonce, expiresAtMs) => {
    const rows = await sql.query<{ fresh: boolean }>(
      `WITH gone AS (DELETE FROM used_nonce WHERE expires_at < now())
       INSERT INTO used_nonce (digest, expires_at) VALUES ($1, $2::timestamptz) ON CONFLICT (digest) DO NOTHING RETURNING true AS fresh`,
      [createHash('sha256').update(nonce).digest('hex'), new Date(expiresAtMs)],
      { planName: 'nonce' },
    )
    return rows.length === 0
  }
