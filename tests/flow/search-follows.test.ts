import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { countDossiers, type DossierFilter } from '../../src/dossier/dossier-search-repository.js'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import { foldText } from '../../src/model/fold-text.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { prismaDir } from '../../src/platform/paths.js'
import { countTransfers } from '../../src/transfer/transfer-search-repository.js'
import { type SeededDossier, seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'
import { until } from '../support/until.js'

/** What lists are read from is kept by the database itself, in the transaction of the change. */
let database: TestDatabase
let db: Database
let dossier: SeededDossier
let number = 0
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 3, onError: () => undefined })
  await loadReferenceData(db, join(prismaDir, 'reference'))
})
beforeEach(async () => {
  number += 1
  dossier = await seedDossier(db, {
    code: `H58.22-260302-${String(number).padStart(4, '0')}`,
    commune: { code: '28633', on: '2026-03-02' },
    applicant: 'Đặng Thị Ngọc Ánh',
    parcel: { mapSheetNumber: '15', parcelNumber: '203' },
    certificate: `BX12345${number}`,
  })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const everywhere = { communes: null }
const finds = async (filter: Omit<DossierFilter, 'textFindsPersons'>, textFindsPersons = true): Promise<boolean> =>
  (await countDossiers(db, everywhere, { ...filter, code: dossier.code, textFindsPersons })).count === 1
const change = (sql: string): Promise<unknown> => db.query(sql, [dossier.id])

test('the database folds what is kept as the code folds what is searched for', async () => {
  const texts = [
    '  ĐẶNG Thị\tNgọc   Ánh, đường Ước ',
    'Nguyễn Văn Hòa'.normalize('NFD'),
    'Hòa, Hoà, HOÀ, Quý, ƯỜNG, Đắk Lắk',
    'một\u00a0hai\u2003ba\u3000bốn\u2028năm\u202fsáu\ufeff',
    '\u00a0\v\f\r\n',
    'a\u1ab0b\u1dc4c\u20ddd❤\ufe0fe',
    'H58.22-260302-0001/CS (50%)_\\',
    'ΟΔΟΣ ΣΑΣ, σς',
    'İSTANBUL, Straße, ǅ, Ⅷ, Ａ１',
    'И\u0306, Ё, เก้า, हिन्दी, 한글, が',
  ]
  const folded = await db.query<{ folded: string }>(
    'SELECT fold_text(told) AS folded FROM unnest($1::text[]) WITH ORDINALITY AS given (told, place) ORDER BY place',
    [texts],
  )
  expect(folded.map((row) => row.folded)).toEqual(texts.map(foldText))
})

test('a name that was corrected is found, and the wrong one no longer', async () => {
  expect(await finds({ text: 'ngoc anh' })).toBe(true)
  await change(`UPDATE party SET full_name = 'Đặng Thị Kim' WHERE id = (SELECT applicant_id FROM dossier WHERE id = $1)`)
  expect([await finds({ applicant: 'ngoc' }), await finds({ text: 'kim dang' }), await finds({ applicant: 'Kim' })]).toEqual([
    false,
    true,
    true,
  ])
})

test('a name is looked for in the applicant’s name alone, a word anywhere that the searcher may see', async () => {
  await change(`UPDATE dossier SET summary = 'Tặng cho bà Võ Út' WHERE id = $1`)
  expect([await finds({ text: 'vo ut' }), await finds({ text: 'vo ut' }, false), await finds({ applicant: 'vo ut' })]).toEqual([
    true,
    false,
    false,
  ])
  expect([await finds({ text: 'to 15 thua 203' }, false), await finds({ text: 'ngoc' }, false)]).toEqual([true, false])
})

test('papers that come and go are found as long as they are there', async () => {
  await change(`UPDATE certificate_reference SET serial_number = 'CD998877', register_number = 'CS00042' WHERE dossier_id = $1`)
  expect([await finds({ text: `bx12345${number}` }), await finds({ text: 'cd998877' }), await finds({ text: 'cs00042' })]).toEqual([
    false,
    true,
    true,
  ])
  await change('DELETE FROM certificate_reference WHERE dossier_id = $1')
  await change(`INSERT INTO dossier_identifier (dossier_id, system_id, value) VALUES ($1, 'PORTAL', 'H58.22-260302-${70_000 + number}')`)
  await change('DELETE FROM parcel_reference WHERE dossier_id = $1')
  expect([await finds({ text: 'cd998877' }), await finds({ text: `${70_000 + number}` }), await finds({ text: 'thua 203' })]).toEqual([
    false,
    true,
    false,
  ])
})

test('a dossier is interlinked from its first transfer on, which is no event of the dossier', async () => {
  const events = async (): Promise<unknown> =>
    (await db.query(`SELECT 1 AS event FROM outbox_event WHERE topic = 'DOSSIER' AND dossier_id = $1::uuid`, [dossier.id])).length
  const before = await events()
  expect([await finds({ interlink: ['NONE'] }), await finds({ interlink: ['IN_SYNC'] })]).toEqual([true, false])
  await seedTransfer(db, { dossier, state: 'DELIVERED' })
  expect([await finds({ interlink: ['NONE'] }), await finds({ interlink: ['IN_SYNC'] })]).toEqual([false, true])
  expect(await events()).toBe(before)
  await change('UPDATE dossier SET version = version + 1 WHERE id = $1')
  expect(await events()).toBe(Number(before) + 1)
})

test('a transfer and the search text go where their dossier goes, to another commune and another procedure', async () => {
  await seedTransfer(db, { dossier })
  const counts = async (communes: string[], procedureCode: string): Promise<number> =>
    (await countTransfers(db, { communes }, { procedureCode, dossierCode: dossier.code, textFindsPersons: false })).count
  expect([await counts(['28633'], '1.012783'), await counts(['28615'], '1.012784')]).toEqual([1, 0])
  await change(`UPDATE dossier SET procedure_code = '1.012784',
    receiving_unit_id = (SELECT id FROM administrative_unit WHERE code = '28615' AND valid_to IS NULL) WHERE id = $1`)
  expect([await counts(['28633'], '1.012783'), await counts(['28615'], '1.012784')]).toEqual([0, 1])
  const moved = `SELECT d.receiving_unit_id = s.unit_id AS moved FROM dossier_search s JOIN dossier d ON d.id = s.dossier_id WHERE d.id = $1::uuid`
  expect(await change(moved)).toEqual([{ moved: true }])
})

test('the search text has the instants of its dossier, also after the due date moved', async () => {
  const told = `SELECT s.received_at = d.received_at AND s.due_at = d.due_at AS told FROM dossier_search s JOIN dossier d ON d.id = s.dossier_id WHERE d.id = $1::uuid`
  expect(await change(told)).toEqual([{ told: true }])
  await change(`UPDATE dossier SET due_at = due_at + interval '3 days' WHERE id = $1`)
  expect(await change(told)).toEqual([{ told: true }])
})

test('a word that no dossier had before is found among all, also a part of it, until it goes', async () => {
  const found = async (text: string, textFindsPersons = true): Promise<number> =>
    (await countDossiers(db, everywhere, { text, textFindsPersons })).count
  expect(await found('xeo quyt')).toBe(0)
  await change(`UPDATE dossier SET summary = 'Chuyển nhượng ở Xẻo Quýt 7b' WHERE id = $1`)
  expect([await found('Xẻo Quýt'), await found('uyt'), await found('xe 7b'), await found('uyt', false)]).toEqual([1, 1, 1, 0])
  await change(`UPDATE dossier SET summary = 'Chuyển nhượng' WHERE id = $1`)
  expect(await found('xeo quyt')).toBe(0)
})

test.each([
  ['of a due date', `UPDATE dossier SET due_at = due_at + interval '3 days' WHERE id = $1::uuid RETURNING 1 AS done`],
  [
    'of papers',
    `WITH parcel AS (UPDATE parcel_reference SET parcel_number = '888' WHERE dossier_id = $1::uuid)
     UPDATE certificate_reference SET serial_number = 'CE777666' WHERE dossier_id = $1::uuid RETURNING 1 AS done`,
  ],
])('a number told by a system and a change %s, committed at the same moment, are both in the search text', async (_what, changing) => {
  const value = `VL-${90_000 + number}`
  let changed: Promise<unknown> | undefined
  await db.transaction(async (tx) => {
    await tx.query(`INSERT INTO dossier_identifier (dossier_id, system_id, value) VALUES ($1::uuid, 'VILIS', $2) RETURNING 1 AS done`, [
      dossier.id,
      value,
    ])
    // As far as its commit goes before it is one.
    await tx.orm.$executeRawUnsafe('SET CONSTRAINTS ALL IMMEDIATE')
    changed = db.transaction((other) => other.query(changing, [dossier.id]))
    await until('the change waits for the number', async () => {
      const waiting = `SELECT 1 AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      return (await db.query(waiting)).length > 0
    })
  })
  await changed
  const isTold = `SELECT (s.unit_id, s.persons, s.papers, s.received_at, s.due_at) = (t.unit_id, t.persons, t.papers, t.received_at, t.due_at) AS told
    FROM dossier_search s JOIN dossier_search_text t USING (dossier_id) WHERE s.dossier_id = $1::uuid`
  expect(await change(isTold)).toEqual([{ told: true }])
  expect(await finds({ text: value })).toBe(true)
})

test('the search text is worked out once at the end of a transaction, however many rows of a dossier have changed', async () => {
  const [written] = await db.query<{ body: string }>(`SELECT prosrc AS body FROM pg_proc WHERE proname = 'write_dossier_search'`)
  await db.query('CREATE TABLE worked_out (dossier_id uuid)')
  await db.query(
    `CREATE OR REPLACE FUNCTION write_dossier_search(wanted uuid) RETURNS void LANGUAGE sql AS $$ INSERT INTO worked_out VALUES (wanted); ${written?.body} $$`,
  )
  await db.transaction(async (tx) => {
    await tx.query(`UPDATE dossier SET summary = 'Tách thửa' WHERE id = $1::uuid RETURNING 1 AS done`, [dossier.id])
    for (const parcelNumber of ['771', '772', '773'])
      await tx.query(
        `INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id)
         SELECT gen_random_uuid(), id, '31', $2, receiving_unit_id FROM dossier WHERE id = $1::uuid RETURNING 1 AS done`,
        [dossier.id, parcelNumber],
      )
  })
  expect(await db.query('SELECT count(*)::int AS times FROM worked_out')).toEqual([{ times: 1 }])
  expect([await finds({ text: 'tach thua' }), await finds({ text: 'thua 771' }), await finds({ text: 'thua 773' })]).toEqual([
    true,
    true,
    true,
  ])
})
