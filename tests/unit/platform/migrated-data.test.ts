import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { migrationsDir } from '../../../src/platform/paths.js'
import { createEmptyDatabase, type TestDatabase } from '../../support/test-database.js'
import { until } from '../../support/until.js'

/** What a migration makes of the rows that a running installation has. */
let database: TestDatabase
let client: pg.Client
beforeEach(async () => {
  database = await createEmptyDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterEach(async () => {
  await client.end()
  await database.drop()
})

const apply = async (isWanted: (name: string) => boolean): Promise<void> => {
  const names = (await readdir(migrationsDir, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  for (const name of names.sort().filter(isWanted)) await client.query(await readFile(join(migrationsDir, name, 'migration.sql'), 'utf8'))
}

const ID = '0190d000-0000-7000-8000-00000000000'

test('supplements that were taken know their number, the desk’s routes bring files, and every document that is referred to is known', async () => {
  await apply((name) => name < '0010')
  await client.query(`
    INSERT INTO administrative_unit (id, code, name, province_code, province_name, valid_from, standing) VALUES (1, '28594', 'Xã', '82', 'Tỉnh', '2025-07-01', 'C');
    INSERT INTO procedure (code, name, field_code, field_name, standing, land_registration) VALUES ('1.012783', 'a', 'a', 'a', 'C', true);
    INSERT INTO party (id, kind, full_name) VALUES ('${ID}1', 'CITIZEN', 'Trần Thị Mẫu');
    INSERT INTO dossier (id, code, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary, received_by,
      status, status_at, received_at, due_at) VALUES ('${ID}2', 'H58.22-260316-0001', 1, 'x', 'ONE_STOP', '1.012783', 1, 'DIRECT', '${ID}1', 'a', 'a',
      'ACCEPTED', now(), now(), now());
    INSERT INTO inbox_message (id, source, channel, operation, kind, identity, digest, payload, raw, state, correlation_id) VALUES
      ('${ID}3', 'ONE_STOP', 'POLL', 'BoSung', 'SUPPLEMENT_HANDED_IN', 'a', 'a', '{"supplementNo": 4, "documents": [{"sha256": "of-message"}]}', '', 'APPLIED', 'a'),
      ('${ID}4', 'GATEWAY', 'API', 'supplementDossier', 'SUPPLEMENT_HANDED_IN', 'b', 'b', '{"documents": []}', '', 'APPLIED', 'b');
    INSERT INTO dossier_event (id, dossier_id, kind, origin, version, event_at, applied, message_id) VALUES
      ('${ID}5', '${ID}2', 'SUPPLEMENT_HANDED_IN', 'ONE_STOP', 2, now(), true, '${ID}3'),
      ('${ID}6', '${ID}2', 'SUPPLEMENT_HANDED_IN', 'GATEWAY', 3, now(), true, '${ID}4'),
      ('${ID}7', '${ID}2', 'STATUS_CHANGED', 'VILIS', 4, now(), true, NULL);
    INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, due_at, urgent_at,
      correlation_id) VALUES ('${ID}8', '${ID}2', 'VILIS', 'SUPPLEMENT', 1, 'k', 3, '{"supplementNo": 5, "documents": [{"sha256": "of-transfer"}]}', 'x', 1, now(),
      now(), 'a');
    INSERT INTO document (id, dossier_id, role, name, file_name, media_type, sha256, size_bytes) VALUES
      ('${ID}9', '${ID}2', 'SUBMITTED', 'a', 'a', 'a/a', 'of-dossier', 1);
    INSERT INTO routing_rule (event, operation, mode, valid_from, valid_to) VALUES
      ('SUPPLEMENT_HANDED_IN', 'UPDATE_STATUS', 'OBSERVE', '2000-01-01', '2026-11-30'), ('SUPPLEMENT_HANDED_IN', 'UPDATE_STATUS', 'LIVE', '2026-12-01', NULL),
      ('STATUS_CHANGED', 'UPDATE_STATUS', 'LIVE', '2000-01-01', NULL)`)
  await apply((name) => name >= '0010')

  const rows = async (sql: string): Promise<unknown> => (await client.query(sql)).rows
  expect(await rows('SELECT version, supplement_no AS no FROM dossier_event ORDER BY version')).toEqual([
    { version: 2, no: 4 },
    { version: 3, no: 5 },
    { version: 4, no: null },
  ])
  expect(await rows('SELECT operation, mode, valid_from::text AS "from", valid_to::text AS "to" FROM routing_rule ORDER BY 1, 3')).toEqual([
    { operation: 'POST_SUPPLEMENT', mode: 'OBSERVE', from: '2000-01-01', to: '2026-11-30' },
    { operation: 'POST_SUPPLEMENT', mode: 'LIVE', from: '2026-12-01', to: null },
    { operation: 'UPDATE_STATUS', mode: 'LIVE', from: '2000-01-01', to: null },
  ])
  expect(await rows('SELECT sha256 FROM blob_reference ORDER BY 1')).toEqual([
    { sha256: 'of-dossier' },
    { sha256: 'of-message' },
    { sha256: 'of-transfer' },
  ])
})

test('what was there before is found by its words, stands in the lists of its commune, and is no news to anybody', async () => {
  await apply((name) => name < '0020')
  await client.query(`
    INSERT INTO administrative_unit (id, code, name, province_code, province_name, valid_from, standing) VALUES
      (1, '28594', 'Xã Chợ Gạo', '82', 'Tỉnh', '2025-07-01', 'C');
    INSERT INTO procedure (code, name, field_code, field_name, standing, land_registration) VALUES ('1.012783', 'a', 'a', 'a', 'C', true);
    INSERT INTO party (id, kind, full_name, phone) VALUES ('${ID}1', 'CITIZEN', 'Trần Thị Mẫu', '0900000456');
    INSERT INTO dossier (id, code, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary, received_by,
      status, status_at, received_at, due_at)
      SELECT ('${ID}' || n)::uuid, 'H58.22-260316-000' || n, 1, 'x', 'ONE_STOP', '1.012783', 1, 'DIRECT', '${ID}1', 'Cấp đổi', 'a', 'ACCEPTED', now(), now(), now()
      FROM generate_series(2, 3) AS n;
    INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id) VALUES ('${ID}4', '${ID}2', '15', '203', 1);
    INSERT INTO certificate_reference (dossier_id, serial_number, register_number) VALUES ('${ID}2', 'BX123456', 'CS 00042');
    INSERT INTO dossier_identifier (dossier_id, system_id, value) VALUES ('${ID}2', 'PORTAL', 'H58.22-260316-77777');
    INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, due_at, urgent_at,
      correlation_id) VALUES ('${ID}5', '${ID}2', 'VILIS', 'RECEIVE', 1, 'k', 1, '{}', 'x', 1, now(), now(), 'a');
    DELETE FROM outbox_event`)
  await apply((name) => name >= '0020')

  const rows = async (sql: string): Promise<unknown> => (await client.query(sql)).rows
  expect(await rows('SELECT persons, papers FROM dossier_search ORDER BY dossier_id')).toEqual([
    {
      persons: ' tran thi mau\n 0900000456 cap doi',
      papers: ' h58.22-260316-0002 h58.22-260316-77777 bx123456 cs 00042 to 15 thua 203 xa cho gao',
    },
    { persons: ' tran thi mau\n 0900000456 cap doi', papers: ' h58.22-260316-0003' },
  ])
  expect(await rows(`SELECT word FROM search_word WHERE word LIKE '%o' ORDER BY word`)).toEqual([
    { word: 'cho' },
    { word: 'gao' },
    { word: 'to' },
  ])
  expect(
    await rows(
      'SELECT 1 AS told FROM dossier_search s JOIN dossier d ON d.id = s.dossier_id AND (d.received_at, d.due_at) = (s.received_at, s.due_at)',
    ),
  ).toEqual([{ told: 1 }, { told: 1 }])
  expect(await rows('SELECT interlinked FROM dossier ORDER BY id')).toEqual([{ interlinked: true }, { interlinked: false }])
  expect(await rows('SELECT receiving_unit_id AS unit, procedure_code AS procedure FROM transfer')).toEqual([
    { unit: 1, procedure: '1.012783' },
  ])
  expect(await rows('SELECT 1 AS event FROM outbox_event')).toEqual([])
  await client.query('UPDATE dossier SET version = 2')
  expect(await rows('SELECT topic FROM outbox_event')).toEqual([{ topic: 'DOSSIER' }, { topic: 'DOSSIER' }])
})

test('who is at work while the lists are made ready is neither shut out for good nor lost', async () => {
  await apply((name) => name < '0020')
  const insert = (n: number) => `
    INSERT INTO party (id, kind, full_name) VALUES ('${ID}${n}', 'CITIZEN', 'Trần Thị Mẫu');
    INSERT INTO dossier (id, code, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary, received_by,
      status, status_at, received_at, due_at) VALUES ('${ID}${n}', 'H58.22-260316-000${n}', 1, 'x', 'ONE_STOP', '1.012783', 1, 'DIRECT', '${ID}${n}', 'a', 'a',
      'ACCEPTED', now(), now(), now());`
  await client.query(`
    INSERT INTO administrative_unit (id, code, name, province_code, province_name, valid_from, standing) VALUES (1, '28594', 'Xã', '82', 'Tỉnh', '2025-07-01', 'C');
    INSERT INTO procedure (code, name, field_code, field_name, standing, land_registration) VALUES ('1.012783', 'a', 'a', 'a', 'C', true);
    ${insert(1)}`)
  const writer = new pg.Client({ connectionString: database.url })
  await writer.connect()
  try {
    // Holds what the migration asks for last, and then needs what it has by then.
    await writer.query('BEGIN; SELECT 1 FROM transfer')
    const applied = apply((name) => name >= '0020')
    const watcher = new pg.Client({ connectionString: database.url })
    await watcher.connect()
    const isWaiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'transfer'::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
    await until('the migration waits for the writer', async () => (await watcher.query(isWaiting)).rows.length > 0)
    await watcher.end()
    await writer.query(`${insert(2)} COMMIT`)
    await applied
  } finally {
    await writer.end()
  }
  expect((await client.query('SELECT count(*)::int AS found FROM dossier_search')).rows).toEqual([{ found: 2 }])
})
