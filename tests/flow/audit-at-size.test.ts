import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { AUDIT_ORDER, type AuditFilter, countAuditEntries, searchAuditEntries } from '../../src/operator/audit-search-repository.js'
import { encodeCursor } from '../../src/platform/keyset.js'
import { openReadPool, type ReadPool } from '../../src/platform/read-pool.js'
import { ALL_ROWS_COUNT, nodesOf, plansOf, rowsRead } from '../support/plan-nodes.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

/** The trail at a size at which the planner chooses as it does with millions of entries. */
const ENTRIES = 60_000
const PAGE = 20
let database: TestDatabase
let db: ReadPool
beforeAll(async () => {
  database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(ALL_ROWS_COUNT)
  await client.query('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_completed')
  await client.query(
    `INSERT INTO audit_entry (id, actor, role, act, system_id, transfer_id, reason, before, after, at, words)
     SELECT md5('entry ' || n)::uuid, CASE WHEN n % 5000 = 0 THEN 'hiem.01' ELSE 'vanhanh.0' || n % 7 END, 'OPERATOR',
       CASE WHEN n % 4000 = 1 THEN 'RESUME' WHEN n % 3 = 0 THEN 'ABANDON' ELSE 'REPLAY' END, CASE WHEN n % 2 = 0 THEN 'VILIS' ELSE 'PORTAL' END,
       md5('transfer ' || n / 2)::uuid, r.reason, '{}', '{}', timestamptz '2026-01-01' + n * interval '1 minute', ' ' || fold_text(r.reason)
     FROM generate_series(1, ${ENTRIES}) AS n
     CROSS JOIN LATERAL (SELECT CASE WHEN n % 9973 = 0 THEN 'Trích lục bản đồ lệch' WHEN n % 40 = 0 THEN 'Mất điện tại huyện' WHEN n < 20000 THEN 'Đợt trước, gửi lại' ELSE 'Đã sửa, gửi lại' END AS reason) r`,
  )
  await client.query('ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_completed')
  await client.query('VACUUM ANALYZE audit_entry')
  await client.end()
  db = openReadPool({ url: database.url, size: 1, statementTimeoutMs: 15_000, onError: () => undefined })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const transfer = "md5('transfer 1234')::uuid"
const at = (minute: number): Date => new Date(Date.parse('2026-01-01T00:00:00Z') + minute * 60_000)

/** Each filter, said again as plainly as SQL can. */
const MEANINGS: readonly [AuditFilter, string][] = [
  [{}, 'TRUE'],
  [{ actor: 'vanhanh.03' }, `actor = 'vanhanh.03'`],
  [{ actor: 'hiem.01' }, `actor = 'hiem.01'`],
  [{ acts: ['RESUME'] }, `act = 'RESUME'`],
  [{ acts: ['RESUME', 'ABANDON', 'ABANDON'] }, `act IN ('RESUME', 'ABANDON')`],
  [{ acts: ['RESUME', 'PAUSE'], systemId: 'PORTAL' }, `act = 'RESUME' AND system_id = 'PORTAL'`],
  [{ systemId: 'VILIS' }, `system_id = 'VILIS'`],
  [
    { from: at(30_000), to: at(30_100) },
    `at BETWEEN timestamptz '2026-01-01' + interval '30000 minutes' AND timestamptz '2026-01-01' + interval '30100 minutes'`,
  ],
  [{ text: 'gửi lại' }, `reason LIKE '%gửi lại%'`],
  [{ text: 'mất điện' }, `reason LIKE 'Mất điện%'`],
  [{ text: 'trích lục' }, `reason LIKE 'Trích lục%'`],
  [{ text: 'trích lục', acts: ['REPLAY', 'ABANDON'], actor: 'vanhanh.05' }, `reason LIKE 'Trích lục%' AND actor = 'vanhanh.05'`],
  [{ text: 'không có' }, 'FALSE'],
]
/** Common, and not among the newest: found, though not by reading little. */
const LONG_AGO: [AuditFilter, string] = [{ text: 'đợt trước' }, `reason LIKE 'Đợt trước%'`]

test('no page and no count reads the trail from end to end, and a page reads little more than itself', async () => {
  const faults: string[] = []
  for (const [filter] of MEANINGS) {
    const plans = await plansOf(db, (recording) => searchAuditEntries(recording, filter, { first: PAGE }))
    for (const plan of plans) {
      const isWhole = nodesOf(plan).some(
        (node) => /Seq Scan/.test(node['Node Type']) && node['Relation Name'] === 'audit_entry' && node['Actual Rows'] > 0,
      )
      // Words are looked for among the first 2,000 of each act, which the planner finds as it likes.
      const most = filter.text === undefined ? 10 * PAGE : ENTRIES / 3
      if (isWhole || rowsRead(plan, 'audit_entry') > most) faults.push(`${JSON.stringify(filter)}: ${rowsRead(plan, 'audit_entry')}`)
    }
  }
  expect(faults).toEqual([])
})

test('every page, its order and its count are what the filter says', async () => {
  for (const [filter, meaning] of [...MEANINGS, LONG_AGO]) {
    const expected = await db.query<{ id: string }>(`SELECT id::text FROM audit_entry WHERE ${meaning} ORDER BY at DESC, id DESC`)
    const ids: string[] = []
    let after: string | undefined
    for (let page = 0; page < 4; page += 1) {
      const { rows, hasNextPage } = await searchAuditEntries(db, filter, { first: PAGE, after })
      ids.push(...rows.map(({ id }) => id))
      const last = rows.at(-1)
      if (!last || !hasNextPage) break
      after = encodeCursor(AUDIT_ORDER, last.at, last.id)
    }
    expect([filter, ids]).toEqual([filter, expected.slice(0, ids.length).map(({ id }) => id)])
    expect(ids.length).toBe(Math.min(expected.length, 4 * PAGE))
    expect([filter, await countAuditEntries(db, filter)]).toEqual([
      filter,
      { count: Math.min(expected.length, 10_000), exact: expected.length <= 10_000 },
    ])
  }
  const [one] = await db.query<{ id: string }>(`SELECT ${transfer}::text AS id`)
  expect((await searchAuditEntries(db, { transferId: one?.id ?? '' }, { first: PAGE })).rows).toHaveLength(2)
})
