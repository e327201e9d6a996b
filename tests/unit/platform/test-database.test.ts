import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js'

let first: TestDatabase
let second: TestDatabase

beforeAll(async () => {
  first = await createTestDatabase()
  second = await createTestDatabase()
})

afterAll(async () => {
  await first.drop()
  await second.drop()
})

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('two test databases do not see each other', async () => {
  await query(first.url, 'CREATE TABLE only_here (id int)')
  expect(await query(second.url, `SELECT to_regclass('only_here') AS found`)).toEqual([{ found: null }])
})

test('names of people compare and change case by Unicode, not by the bytes', async () => {
  expect(await query(first.url, `SELECT lower('NGUYỄN ĐỨC') AS name`)).toEqual([{ name: 'nguyễn đức' }])
})
