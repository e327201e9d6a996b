import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { sayIn } from '../../src/cli/language.js'
import { loadMappingsFile } from '../../src/cli/mappings-acts.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { loadMappings, loadMappingsIn, type MappingRow } from '../../src/transfer/mapping-repository.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'

/** Before its first mappings are loaded, all of a district is held: the loading releases more of it than one step does. */
const HELD = 5_001

let bare: BareDeliveries
/** As people have it, with so short a time for ordinary transactions that any backlog is too long for them. */
let db: Database
beforeAll(async () => {
  bare = await openBareDeliveries()
  db = openDatabase({ url: bare.url, poolSize: 2, transactionTimeoutMs: 5, onError: () => undefined })
})
afterAll(async () => {
  await db.close()
  await bare.close()
})
afterEach(() => bare.reset())

const row = (code: number, foreignCode: string): MappingRow => ({
  systemId: 'VILIS',
  kind: 'USER',
  ourCode: `mc.thu.${code}`,
  foreignCode,
  validFrom: '2026-01-01',
  validTo: null,
})
/** Each code comes twice, with other rows in between. */
const rows = ['cu', 'moi'].flatMap((name) => Array.from({ length: 1_500 }, (_, code) => row(code, `${name}_${code}`)))

beforeEach(async () => {
  const dossier = await bare.dossier()
  await bare.db.query(
    `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, state,
       held_reason, urgent_at, due_at, correlation_id)
     SELECT gen_random_uuid(), $1::uuid, 'VILIS', 'RECEIVE', n, $1 || '.' || n, n, '{}', 'x', 1, 'HELD',
       CASE WHEN n <= $2::int THEN 'MAPPING_MISSING' ELSE 'UNCERTAIN' END, now(), now(), 'thu'
     FROM generate_series(1, $2::int + 3) AS n`,
    [dossier.id, HELD],
  )
})

const byCommand = async (): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-mappings-'))
  try {
    const file = join(folder, 'mappings.json')
    await writeFile(file, JSON.stringify(rows))
    const done = await loadMappingsFile(async () => db, file, sayIn('vi'))
    expect(done).toEqual({ loaded: rows.length, released: expect.any(Number), reopened: 0 })
    return done.released
  } finally {
    await rm(folder, { recursive: true })
  }
}

test.each([
  ['in the program', () => loadMappings(db, rows)],
  ['by the command', byCommand],
])(
  'a loading %s releases a backlog for which the time of an ordinary transaction is too short; of equal rows the last counts',
  async (_, load) => {
    await expect(db.transaction((tx) => loadMappingsIn(tx, rows))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await load()).toBe(HELD)
    expect(await bare.db.query(`SELECT state, count(*)::int AS transfers FROM transfer GROUP BY 1 ORDER BY 1`)).toEqual([
      { state: 'HELD', transfers: 3 },
      { state: 'QUEUED', transfers: HELD },
    ])
    const loaded = await bare.db.query<{ code: string }>(
      `SELECT foreign_code AS code FROM code_mapping WHERE our_code LIKE 'mc.thu.%' ORDER BY id`,
    )
    expect(loaded.map(({ code }) => code).sort()).toEqual(
      rows
        .slice(1_500)
        .map(({ foreignCode }) => foreignCode)
        .sort(),
    )
  },
)
