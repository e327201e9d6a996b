import { open } from 'node:fs/promises'
import { canariesIn } from '../canaries.js'
import type { Breach } from './invariants.js'

/** Looks for canaries where no personal data may be. What is found is named by its kind, never shown. */
export interface PrivacyWatch {
  /** Reads what is new in the logs, the metrics of the gateways that run (one that does not answer is named), every job that came into the queue since the last look, and what else stands there. */
  look(): Promise<Breach[]>
}

type Sql = <Row>(text: string, parameters?: readonly unknown[]) => Promise<Row[]>

const found = (where: string, text: string): Breach[] =>
  canariesIn(text).map((what) => ({ invariant: 'privacy', of: where, detail: `có ${what}` }))

const ANSWER_WITHIN_MS = 20_000
/** All is healed when it is asked. */
const SILENT: Breach = { invariant: 'intake', of: '/metrics', detail: 'một cổng đang chạy không trả lời' }

const metricsOf = (port: number): Promise<string | undefined> =>
  fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    .then((response) => response.text())
    .catch(() => undefined)

export const openPrivacyWatch = (sql: Sql, logFiles: () => readonly string[], gatewayPorts: () => readonly number[]): PrivacyWatch => {
  const offsets = new Map<string, number>()
  const newIn = async (path: string): Promise<string> => {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const from = offsets.get(path) ?? 0
      const bytes = Buffer.alloc(size - from)
      await file.read(bytes, 0, bytes.length, from)
      // A line that is being written is read whole the next time.
      const end = bytes.lastIndexOf(0x0a) + 1
      offsets.set(path, from + end)
      return bytes.subarray(0, end).toString('utf8')
    } finally {
      await file.close()
    }
  }
  return {
    look: async () => {
      const logs = await Promise.all(logFiles().map(async (path) => found(`nhật ký ${path.split('/').at(-1)}`, await newIn(path))))
      const metrics = await Promise.all(
        gatewayPorts().map(async (port) => {
          const metrics = await metricsOf(port)
          return metrics === undefined ? [SILENT] : found('/metrics', metrics)
        }),
      )
      const tables = await sql<{ name: string }>(
        `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq'`,
      )
      const [came] = await sql<{ text: string | null }>(
        `WITH looked AS (DELETE FROM drill.job RETURNING text) SELECT string_agg(text, E'\\n') AS text FROM looked`,
      )
      const jobs = found('việc đã vào hàng đợi', came?.text ?? '')
      for (const { name } of tables) {
        const rows = await sql<{ text: string }>(`SELECT string_agg(x::text, E'\\n') AS text FROM ${name} x`)
        jobs.push(...found(`hàng đợi ${name}`, rows[0]?.text ?? ''))
      }
      return [...logs.flat(), ...metrics.flat(), ...jobs]
    },
  }
}
