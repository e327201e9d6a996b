import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { Pool } from 'undici'
import { type RoundTask, WARM_UP } from './round-task.js'

/** What a sender cannot do without: commit an attempt row, POST the envelope, commit the settlement. No queue, no claim, no order. */
export const runBareLoop = async ({ databaseUrl, backendUrl, count, concurrency }: RoundTask): Promise<number> => {
  const database = new pg.Pool({ connectionString: databaseUrl, max: concurrency })
  const http = new Pool(new URL(backendUrl).origin, { connections: concurrency, pipelining: 1 })
  const { rows } = await database.query<{ envelope: string }>(`SELECT envelope FROM bench_envelope`)
  const envelope = rows[0]?.envelope
  if (!envelope) throw new Error('the gateway path has left no envelope')
  await database.query('DROP TABLE IF EXISTS bench_attempt')
  await database.query(
    'CREATE TABLE bench_attempt (id uuid PRIMARY KEY, started_at timestamptz DEFAULT now(), ended_at timestamptz, outcome text, response text)',
  )

  const one = async (): Promise<void> => {
    const id = randomUUID()
    await database.query('INSERT INTO bench_attempt (id) VALUES ($1)', [id])
    const { body } = await http.request({
      path: '/',
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: envelope,
    })
    await database.query(`UPDATE bench_attempt SET ended_at = now(), outcome = 'ACCEPTED', response = $2 WHERE id = $1`, [
      id,
      await body.text(),
    ])
  }
  const run = async (sendings: number): Promise<void> => {
    let left = sendings
    const loop = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        await one()
      }
    }
    await Promise.all(Array.from({ length: concurrency }, loop))
  }
  await run(WARM_UP)
  const startedAt = performance.now()
  await run(count)
  const seconds = (performance.now() - startedAt) / 1000
  await http.close()
  await database.end()
  return seconds
}
