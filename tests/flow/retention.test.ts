import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { findReferenced } from '../../src/dossier/blob-reference-repository.js'
import { pruneClientRequests } from '../../src/operator/client-request-repository.js'
import { createRetention } from '../../src/retention.js'
import { pruneEvidence } from '../../src/transfer/evidence-retention-repository.js'
import { andThen, DAY_MS } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open()
})
afterAll(() => shared.close())

const paper = (text: string) => [{ name: 'Đơn', base64: Buffer.from(text).toString('base64'), fileName: 'don.pdf' }]
const take = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
    overrides: { procedureCode: '1.012783' },
    documents: paper('bản đầu'),
  })
  await system.drain()
  return code
}

const documents = (): string => join(system.context.options.stateDir, 'documents')
const stored = async (): Promise<string[]> =>
  (await readdir(documents(), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
/** As if nothing had been put for a year. */
const ageAll = async (): Promise<void> => {
  const then = new Date(Date.now() - 365 * DAY_MS)
  for (const sha256 of await stored()) await utimes(join(documents(), sha256.slice(0, 2), sha256), then, then)
}
const failOn = (error: unknown): never => {
  throw error
}
/** Each look goes into the next of the store's 256 subfolders. The parts that ask the database each time are left out. */
const removeUnused = async (unreferencedDocumentDays: number | null): Promise<void> => {
  const { options } = system.context
  const kept = { evidenceDays: null, clientRequestDays: null, replayPlanDays: null, systemChangeDays: null, uneventfulRunDays: null }
  const configuration = { ...options.configuration, retention: { ...kept, unreferencedDocumentDays } }
  const retention = createRetention({ ...system.context, options: { ...options, configuration } }, failOn, { everyMs: 0 })
  for (let look = 0; look < 256; look += 1) await retention()
}

test('documents of dossiers, transfers and messages stay, also those that an amendment replaced; bytes that nothing refers to go', async () => {
  const code = await take()
  await andThen(system, 'ONE_STOP', 'amend', { code, documents: paper('bản sửa') })
  await andThen(system, 'VILIS', 'finish', { code, ending: 0 })
  const needed = await stored()
  expect(needed).toHaveLength(3)
  const { sha256 } = await system.context.keepDocument(Buffer.from('gửi rồi bỏ'))
  const all = [...needed, sha256].sort()
  await ageAll()
  await removeUnused(null)
  expect(await stored()).toEqual(all)
  // Of a database that the processes of this folder have worked on as well nobody knows what it refers to.
  const otherMark = join(system.context.options.stateDir, 'database-marks', 'other.json')
  await writeFile(otherMark, '{}')
  await removeUnused(7)
  expect(await stored()).toEqual(all)
  await rm(otherMark)
  await removeUnused(7)
  expect(await stored()).toEqual(needed)
  await expectAllDelivered(system)
})

test('the guardian’s look removes what is over its time by the configuration, and comes back no sooner than told', async () => {
  await system.context.db.query(
    `INSERT INTO client_request (caller, key, digest, created_at) VALUES ('a', '1', 'x', now() - interval '31 days') RETURNING 1 AS done`,
  )
  const left = async (): Promise<number> => (await system.context.db.query('SELECT 1 AS kept FROM client_request')).length
  const retention = createRetention(system.context, failOn)
  await retention()
  expect(await left()).toBe(0)
  await system.context.db.query(
    `INSERT INTO client_request (caller, key, digest, created_at) VALUES ('a', '2', 'x', now() - interval '31 days') RETURNING 1 AS done`,
  )
  await retention()
  expect(await left()).toBe(1)
})

test('a reference counts from its commit on, whichever table it stands in', async () => {
  const code = await take()
  const { db } = system.context
  const hash = (digit: string): string => digit.repeat(64)
  const isReferenced = async (digit: string): Promise<boolean> => (await findReferenced(db, [hash(digit)])).has(hash(digit))
  await db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO document (id, dossier_id, role, name, file_name, media_type, sha256, size_bytes)
       SELECT gen_random_uuid(), id, 'SUBMITTED', 'a', 'a', 'a/a', $2, 1 FROM dossier WHERE code = $1 RETURNING 1 AS done`,
      [code, hash('a')],
    )
    await tx.query(
      `UPDATE transfer SET body = jsonb_set(body, '{dossier,documents}', jsonb_build_array(jsonb_build_object('sha256', $1::text)))
       WHERE operation = 'RECEIVE' RETURNING 1 AS done`,
      [hash('b')],
    )
    await tx.query(
      `UPDATE inbox_message SET payload = jsonb_build_object('documents', jsonb_build_array(jsonb_build_object('sha256', $1::text)))
       RETURNING 1 AS done`,
      [hash('c')],
    )
    expect(await isReferenced('a')).toBe(false)
  })
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(isReferenced))).toEqual([true, true, true, false])
})

test('texts of old attempts and answers of old requests go in batches, the attempts stay; young ones are kept', async () => {
  await take()
  const { db } = system.context
  const evidence = async (): Promise<number> =>
    (await db.query(`SELECT 1 AS has FROM attempt WHERE request_xml IS NOT NULL OR response_text IS NOT NULL`)).length
  const attempts = await evidence()
  expect(attempts).toBeGreaterThan(1)
  await db.query(
    `INSERT INTO client_request (caller, key, digest, answer, created_at)
     VALUES ('a', 'old-1', 'x', '{}', now() - interval '31 days'), ('a', 'old-2', 'x', NULL, now() - interval '40 days'), ('a', 'new', 'x', '{}', now())
     RETURNING 1 AS done`,
  )
  expect(await pruneEvidence(db, 400, 500)).toBe(0)
  await system.pass(399 * DAY_MS)
  expect(await pruneEvidence(db, 400, 500)).toBe(0)
  await system.pass(2 * DAY_MS)
  expect(await pruneEvidence(db, 400, 1)).toBe(1)
  expect(await evidence()).toBe(attempts - 1)
  expect(await pruneEvidence(db, 400, 500)).toBe(attempts - 1)
  expect(await db.query(`SELECT 1 AS kept FROM attempt WHERE outcome = 'ACCEPTED'`)).toHaveLength(attempts)

  expect(await pruneClientRequests(db, 30, 1)).toBe(1)
  expect(await pruneClientRequests(db, 30, 500)).toBe(1)
  expect(await db.query('SELECT key FROM client_request')).toEqual([{ key: 'new' }])
})
