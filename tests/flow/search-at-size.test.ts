import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { fillHistory } from '../../bench/history/fill.js'
import { casesOf } from '../../bench/search/cases.js'
import { type Samples, takeSamples } from '../../bench/search/samples.js'
import type { Scope } from '../../src/access/scope.js'
import {
  countDossiers,
  DOSSIER_ORDERS,
  type DossierFilter,
  type DossierOrder,
  searchDossiers,
} from '../../src/dossier/dossier-search-repository.js'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import { INTERLINK_STATES } from '../../src/model/transfer-state.js'
import { openDatabase, type Sql } from '../../src/platform/database.js'
import { COUNT_LIMIT, encodeCursor, type KeysetOrder } from '../../src/platform/keyset.js'
import { prismaDir } from '../../src/platform/paths.js'
import { openReadPool, type ReadPool } from '../../src/platform/read-pool.js'
import { countTransfers, searchTransfers, TRANSFER_ORDER, type TransferFilter } from '../../src/transfer/transfer-search-repository.js'
import { ALL_ROWS_COUNT, nodesOf, plansOf, rowsInto, rowsRead } from '../support/plan-nodes.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

/** The lists over a history that is long enough for the planner to choose as it does at ten years' size. */
const DOSSIERS = 20_000
/** Of about 60,000 transfers: what is read of an index to find the first thousand, these, and what is found. */
const MOST_READ = 13_000
const PAGE = 40
const PAGES = 4
type DossierFilterOf = Omit<DossierFilter, 'textFindsPersons'>
type TransferFilterOf = Omit<TransferFilter, 'textFindsPersons'>

/** Tables that grow with the dossiers: none of them may be read from end to end. */
const GROWING = new Set([
  'dossier',
  'dossier_search',
  'dossier_event',
  'dossier_identifier',
  'party',
  'parcel_reference',
  'certificate_reference',
  'transfer',
  'attempt',
])

let database: TestDatabase
let db: ReadPool
let samples: Samples
/** A count stops at the first of 10,000 beyond; where the statistics of the day make the planner sort, it sorts part by part, and ends within one. */
let mostSorted: number
beforeAll(async () => {
  database = await createTestDatabase()
  const writer = openDatabase({ url: database.url, poolSize: 1, onError: () => undefined })
  await loadReferenceData(writer, join(prismaDir, 'reference'))
  await writer.close()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(ALL_ROWS_COUNT)
  await fillHistory(client, DOSSIERS)
  await client.end()
  db = openReadPool({ url: database.url, size: 1, statementTimeoutMs: 15_000, onError: () => undefined })
  samples = await takeSamples(db)
  const [part] = await db.query<{ most: number }>(
    'SELECT max(c)::int AS most FROM (SELECT count(*) AS c FROM transfer GROUP BY receiving_unit_id, operation) part',
  )
  mostSorted = COUNT_LIMIT + 1 + (part as { most: number }).most
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

test('no list and no count reads a growing table from end to end, and a page sorts no more than what it has looked at', async () => {
  const read: string[] = []
  const sorted: string[] = []
  for (const [turn, { name, run }] of casesOf(samples).entries()) {
    for (const plan of await plansOf(db, (recording) => run(recording, turn))) {
      for (const node of nodesOf(plan)) {
        const table = node['Relation Name'] ?? ''
        if (/Seq Scan/.test(node['Node Type']) && GROWING.has(table)) read.push(`${name}: ${table}`)
        if (/Sort/.test(node['Node Type']) && rowsInto(node) > mostSorted) sorted.push(`${name}: ${rowsInto(node)}`)
      }
    }
  }
  expect({ read, sorted }).toEqual({ read: [], sorted: [] })
})

const OFFICER: Scope = { communes: ['28594'] }
const OF_OFFICER = `d.receiving_unit_id IN (SELECT id FROM administrative_unit WHERE code = '28594' OR valid_to IS NOT NULL AND successor_code = '28594')`
const some = (states: string): string => `d.id IN (SELECT t.dossier_id FROM transfer t WHERE t.state IN (${states}))`
const ATTENTION = some(`'HELD', 'REJECTED', 'EXHAUSTED'`)
const DELAYED = some(`'WAITING_RETRY', 'INDETERMINATE'`)
const MOVING = some(`'PLANNED', 'QUEUED', 'SENDING'`)
const ANY = 'd.id IN (SELECT t.dossier_id FROM transfer t)'
const IN_SYNC = `${ANY} AND NOT ${ATTENTION} AND NOT ${DELAYED} AND NOT ${MOVING}`
const word = (...patterns: readonly string[]): string =>
  patterns
    .map((pattern) => `EXISTS (SELECT 1 FROM dossier_search s WHERE s.dossier_id = d.id AND s.persons || s.papers LIKE '${pattern}')`)
    .join(' AND ')

/** What a filter of dossiers means, said again as plainly as SQL can. */
const MEANINGS: readonly [DossierFilterOf, string][] = [
  [{}, 'TRUE'],
  [{ statuses: ['IN_PROGRESS', 'SUBMITTED'] }, `d.status IN ('IN_PROGRESS', 'SUBMITTED')`],
  [{ procedureCode: '1.012784', statuses: ['RESULT_RETURNED'] }, `d.procedure_code = '1.012784' AND d.status = 'RESULT_RETURNED'`],
  [{ procedureCode: '1.012790', text: 'Trần' }, `d.procedure_code = '1.012790' AND ${word('%tran%')}`],
  [
    { dueFrom: new Date('2026-09-01T00:00:00Z'), dueTo: new Date('2026-09-05T00:00:00Z') },
    `d.due_at BETWEEN '2026-09-01T00:00:00Z' AND '2026-09-05T00:00:00Z'`,
  ],
  [{ interlink: ['NEEDS_ATTENTION'] }, ATTENTION],
  [{ interlink: ['DELAYED', 'IN_FLIGHT'] }, `(${DELAYED} OR ${MOVING}) AND NOT ${ATTENTION}`],
  [{ interlink: ['IN_SYNC'] }, IN_SYNC],
  [{ interlink: ['IN_FLIGHT'] }, `${MOVING} AND NOT ${DELAYED} AND NOT ${ATTENTION}`],
  [{ interlink: ['NONE'] }, `NOT ${ANY}`],
  [{ interlink: ['NONE', 'NEEDS_ATTENTION'] }, `(NOT ${ANY} OR ${ATTENTION})`],
  [{ interlink: ['DELAYED'], text: 'Nguyễn' }, `${DELAYED} AND NOT ${ATTENTION} AND ${word('%nguyen%')}`],
  [
    { commune: { code: '28603', on: '2025-07-01', withPredecessors: true } },
    `d.receiving_unit_id IN (SELECT id FROM administrative_unit WHERE '28603' IN (code, successor_code))`,
  ],
  [{ commune: { code: '28597' } }, `d.receiving_unit_id IN (SELECT id FROM administrative_unit WHERE code = '28597')`],
  [{ text: 'Nguyễn' }, word('%nguyen%')],
  [{ text: 'Lê' }, word('% le%')],
  [{ text: 'Tạ Yến' }, word('% ta%', '%yen%')],
  [{ text: '9137' }, word('%9137%')],
  [{ text: '0820' }, word('%0820%')],
  [{ text: 'Nguyễn 08209' }, word('%nguyen%', '%08209%')],
  [{ text: 'Nguyễn Hòa Định không có' }, 'FALSE'],
  [{ applicant: 'thi trang' }, `EXISTS (SELECT 1 FROM party p WHERE p.id = d.applicant_id AND p.full_name LIKE '%Thị%Trang%')`],
]

/** What is meant, found once: how many, and the first of them in an order each. */
const meantBy = async <Order extends string>(
  found: string,
  orders: Readonly<Record<Order, KeysetOrder>>,
): Promise<{ readonly count: number } & Readonly<Record<Order, readonly string[]>>> => {
  const firstOf = ([name, { column, direction, idColumn, idDirection }]: [string, KeysetOrder]): string => {
    const [time, id] = [column, idColumn].map((one) => one.replace(/^\w+\./, ''))
    return `ARRAY(SELECT id::text FROM found ORDER BY found.${time} ${direction}, found.${id} ${idDirection} LIMIT ${PAGE * PAGES}) AS "${name}"`
  }
  const [row] = await db.query<{ readonly count: number } & Readonly<Record<Order, readonly string[]>>>(
    `WITH found AS MATERIALIZED (${found})
     SELECT (SELECT count(*)::int FROM found) AS count, ${Object.entries<KeysetOrder>(orders).map(firstOf).join(', ')}`,
  )
  if (!row) throw new Error('an oracle without a row')
  return row
}

const expectDossiers = async (filter: DossierFilterOf, meaning: string): Promise<void> => {
  for (const [scope, within] of [
    [{ communes: null }, 'TRUE'],
    [OFFICER, OF_OFFICER],
  ] as const) {
    const asked = { ...filter, textFindsPersons: true }
    const meant = await meantBy(`SELECT d.id, d.received_at, d.due_at FROM dossier d WHERE ${meaning} AND ${within}`, DOSSIER_ORDERS)
    for (const [name, order] of Object.entries(DOSSIER_ORDERS) as [DossierOrder, KeysetOrder][]) {
      const seen: string[] = []
      let after: string | undefined
      for (let page = 0; page < PAGES; page += 1) {
        const { rows, hasNextPage } = await searchDossiers(db, scope, asked, name, { first: PAGE, after })
        seen.push(...rows.map(({ id }) => id))
        const last = rows.at(-1)
        if (!hasNextPage || !last) break
        after = encodeCursor(order, name.startsWith('DUE') ? last.dueAt : last.receivedAt, last.id)
      }
      expect(seen).toEqual(meant[name])
    }
    expect(await countDossiers(db, scope, asked)).toEqual({ count: Math.min(meant.count, 10_000), exact: meant.count <= 10_000 })
  }
}

test.each(MEANINGS)('%j is the same list page by page, in every order and scope, and the same number', expectDossiers)

const TRANSFER_MEANINGS: readonly [TransferFilterOf, string][] = [
  [{}, 'TRUE'],
  [{ systems: ['VILIS'] }, `t.system_id = 'VILIS'`],
  [{ operations: ['WITHDRAW', 'SUPPLEMENT'] }, `t.operation IN ('WITHDRAW', 'SUPPLEMENT')`],
  [{ states: ['HELD', 'WAITING_RETRY'], systems: ['PORTAL'] }, `t.state IN ('HELD', 'WAITING_RETRY') AND t.system_id = 'PORTAL'`],
  [{ states: ['DELIVERED', 'HELD'] }, `t.state IN ('DELIVERED', 'HELD')`],
  [
    { dueFrom: new Date('2026-09-01T00:00:00Z'), dueTo: new Date('2026-09-05T00:00:00Z') },
    `d.due_at BETWEEN '2026-09-01T00:00:00Z' AND '2026-09-05T00:00:00Z'`,
  ],
  [
    { states: ['HELD', 'REJECTED'], dueTo: new Date('2026-12-05T00:00:00Z') },
    `t.state IN ('HELD', 'REJECTED') AND d.due_at <= '2026-12-05T00:00:00Z'`,
  ],
  [{ heldReasons: ['UNCERTAIN'] }, `t.held_reason = 'UNCERTAIN'`],
  [{ procedureCode: '1.012790' }, `d.procedure_code = '1.012790'`],
  [{ atRisk: true }, 't.id IN (SELECT transfer_id FROM risk_alarm)'],
  [{ atRisk: false, states: ['HELD', 'SENDING'] }, `t.id NOT IN (SELECT transfer_id FROM risk_alarm) AND t.state IN ('HELD', 'SENDING')`],
  [{ text: 'Nguyễn' }, word('%nguyen%')],
  [{ text: 'Tạ Yến' }, word('% ta%', '%yen%')],
  [{ text: '0820' }, word('%0820%')],
  [{ text: '9137', systems: ['ONE_STOP'] }, `${word('%9137%')} AND t.system_id = 'ONE_STOP'`],
  [{ text: 'Nguyễn', states: ['HELD', 'REJECTED'] }, `${word('%nguyen%')} AND t.state IN ('HELD', 'REJECTED')`],
]

const expectTransfers = async (filter: TransferFilterOf, meaning: string): Promise<void> => {
  for (const [scope, within] of [
    [{ communes: null }, 'TRUE'],
    [OFFICER, OF_OFFICER],
  ] as const) {
    const asked = { ...filter, textFindsPersons: true }
    const meant = await meantBy(
      `SELECT t.id, t.created_at FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE ${meaning} AND ${within}`,
      { newest: TRANSFER_ORDER },
    )
    const seen: string[] = []
    let after: string | undefined
    for (let page = 0; page < PAGES; page += 1) {
      const { rows, hasNextPage } = await searchTransfers(db, scope, asked, { first: PAGE, after })
      seen.push(...rows.map(({ id }) => id))
      const last = rows.at(-1)
      if (!hasNextPage || !last) break
      after = encodeCursor(TRANSFER_ORDER, last.createdAt, last.id)
    }
    expect(seen).toEqual(meant.newest)
    expect(await countTransfers(db, scope, asked)).toEqual({ count: Math.min(meant.count, 10_000), exact: meant.count <= 10_000 })
  }
}

test.each(TRANSFER_MEANINGS)('transfers with %j are the same list page by page in every scope, and the same number', expectTransfers)

test('a count of what is in sync asks for the few that are not, and not dossier by dossier', async () => {
  for (const scope of [{ communes: null }, OFFICER]) {
    const plans = await plansOf(db, (recording) => countDossiers(recording, scope, { interlink: ['IN_SYNC'], textFindsPersons: true }))
    const loops = plans.flatMap(nodesOf).filter((node) => node['Relation Name'] === 'transfer' && node['Actual Loops'] > 100)
    expect(loops).toEqual([])
  }
})

/** What is planned when a unit goes over to this gateway: ten years of transfers in one day, most of them still waiting. */
describe('when all transfers were planned in one day and two in three wait', () => {
  beforeAll(async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(ALL_ROWS_COUNT)
    await client.query(`SET session_replication_role = 'replica'`)
    await client.query(`UPDATE transfer SET created_at = date_trunc('milliseconds', '2026-11-26T00:00:00Z'::timestamptz
        + ((hashtext(id::text) & 65535) / 65536.0) * interval '1 day'),
      state = CASE WHEN hashtext(dossier_id::text) % 3 <> 0 AND state = 'DELIVERED' THEN 'QUEUED' ELSE state END`)
    await client.query('VACUUM (ANALYZE) transfer')
    await client.end()
  })

  test.each(TRANSFER_MEANINGS)('transfers with %j are the same list page by page in every scope, and the same number', expectTransfers)

  test.each(MEANINGS.filter(([{ interlink }]) => interlink))(
    '%j is the same list page by page, in every order and scope, and the same number',
    expectDossiers,
  )

  const SOUGHT: readonly TransferFilterOf[] = [
    { text: 'khongco' },
    { text: 'Nguyễn' },
    { text: 'Tạ Yến' },
    { text: '0820' },
    { text: 'khongco', procedureCode: '1.012790' },
    { text: 'khongco', atRisk: false, states: ['DELIVERED', 'SUPERSEDED'] },
  ]
  const expectBounded = async (run: (db: Sql, scope: Scope) => Promise<unknown>, table: string): Promise<void> => {
    const read: number[] = []
    for (const scope of [{ communes: null }, OFFICER])
      for (const plan of await plansOf(db, (recording) => run(recording, scope))) read.push(rowsRead(plan, table))
    expect(read.length).toBeGreaterThan(1)
    expect(read.filter((rows) => rows > MOST_READ)).toEqual([])
  }
  test.each(SOUGHT)('transfers with %j are looked for in a bounded part of them', (filter) =>
    expectBounded((to, scope) => searchTransfers(to, scope, { ...filter, textFindsPersons: true }, { first: PAGE }), 'transfer'),
  )
  test('what is not delivered is looked for in the officer’s own units, not among everybody’s', async () => {
    const asked: TransferFilter = { states: ['QUEUED', 'HELD'], procedureCode: '1.999999', textFindsPersons: true }
    for (const run of [
      (to: Sql) => searchTransfers(to, OFFICER, asked, { first: PAGE }),
      (to: Sql) => countTransfers(to, OFFICER, asked),
    ]) {
      const read = (await plansOf(db, run)).map((plan) => rowsRead(plan, 'transfer'))
      expect(read.filter((rows) => rows > MOST_READ)).toEqual([])
    }
  })
  test.each([...INTERLINK_STATES])('dossiers that are %s are found without collecting all that is open', (state) =>
    expectBounded(
      (to, scope) => searchDossiers(to, scope, { interlink: [state], textFindsPersons: true }, 'RECEIVED_AT_DESC', { first: PAGE }),
      'transfer',
    ),
  )
  test('dossiers that are held up while a system is not called are found without collecting all that waits for it', async () => {
    const owner = new pg.Client({ connectionString: database.url })
    await owner.connect()
    const { rowCount } = await owner.query(`UPDATE system_gate SET paused_at = app_now() WHERE system_id = 'VILIS'`)
    expect(rowCount).toBe(1)
    await owner.end()
    await expectBounded(
      (to, scope) => searchDossiers(to, scope, { interlink: ['DELAYED'], textFindsPersons: true }, 'RECEIVED_AT_DESC', { first: PAGE }),
      'transfer',
    )
  })
})
