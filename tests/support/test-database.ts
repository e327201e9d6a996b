import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** A database of its own for one test file, with every migration applied and no rows. */
export interface TestDatabase {
  readonly url: string
  /** Removes it; connections that are still open are cut off. */
  drop(): Promise<void>
  /** Makes a copy, as a backup is; nobody may be connected. */
  backUp(): Promise<TestDatabase>
  /** Is replaced by a copy of that backup, under its own name; nobody may be connected. */
  restore(backup: TestDatabase): Promise<void>
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: global-setup.mjs has not run`)
  return value
}

async function execute(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: required('LIENTHONG_TEST_SERVER') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** How the server is told to copy: global-setup.mjs. */
const copyOf = (template: string): string => `TEMPLATE ${template} ${required('LIENTHONG_TEST_COPYING')}`

async function makeDatabase(template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await execute(`CREATE DATABASE ${name} ${copyOf(template)}`)
  const url = new URL(required('LIENTHONG_TEST_SERVER'))
  url.pathname = `/${name}`
  const drop = (): Promise<void> => execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  return {
    url: url.href,
    drop,
    backUp: () => makeDatabase(name),
    restore: async (backup) => {
      await drop()
      await execute(`CREATE DATABASE ${name} ${copyOf(new URL(backup.url).pathname.slice(1))}`)
    },
  }
}

/** Clones the migrated template, in about a tenth of a second. */
export function createTestDatabase(): Promise<TestDatabase> {
  return makeDatabase(required('LIENTHONG_TEST_TEMPLATE'))
}

/** Clones the one of a district after its cut-over: reference data, all routes LIVE, the mappings of the sandbox's systems. */
export function createDistrictDatabase(): Promise<TestDatabase> {
  return makeDatabase(required('LIENTHONG_TEST_DISTRICT'))
}

/** A database without any table, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return makeDatabase('template0')
}
