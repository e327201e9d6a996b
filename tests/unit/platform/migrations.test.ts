import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { applyMigrations } from '../../../src/platform/migrations.js'
import { projectRoot } from '../../../src/platform/paths.js'
import { StartError } from '../../../src/platform/start-error.js'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../support/test-database.js'

let folder: string
let database: TestDatabase

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-migrations-'))
  database = await createEmptyDatabase()
})

afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function writeMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'migration.sql'), sql)
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** In a process of its own, since the engine can be used once in each: prints what was applied, the next migration, or the sentence. */
async function inProcess(call: 'applyMigrations' | 'diffScript', ...given: string[]): Promise<string> {
  const compiled = (name: string): string => JSON.stringify(join(projectRoot, 'dist/src/platform', name))
  const program = `
    import { ${call} } from ${compiled('migrations.js')}
    ${call}(...${JSON.stringify([database.url, ...given])}).then(
      (told) => console.log([told].flat().join(' ')),
      (error) => console.log(error.name + ': ' + error.message),
    )`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  await once(child, 'close')
  return output.trim()
}

const applyInProcess = (): Promise<string> => inProcess('applyMigrations', folder)

const table = 'CREATE TABLE thing (id int PRIMARY KEY, state text);'
/** Semicolons inside a body, as every trigger of ours has. */
const handWritten = `
CREATE FUNCTION note_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.state := 'noted; ' || coalesce(NEW.state, '');
  RETURN NEW;
END;
$$;
CREATE TRIGGER thing_state BEFORE INSERT ON thing FOR EACH ROW EXECUTE FUNCTION note_state();
CREATE UNIQUE INDEX thing_one_open ON thing (state) WHERE id > 0;`

test('migrations run once, in order, hand-written functions and triggers included, also when several processes start at once', async () => {
  await writeMigration('0002_trigger', handWritten)
  await writeMigration('0001_table', table)
  const answers = await Promise.all([applyInProcess(), applyInProcess(), applyInProcess()])
  expect(answers.sort()).toEqual(['', '', '0001_table 0002_trigger'])
  await query(`INSERT INTO thing VALUES (1, 'a')`)
  expect(await query('SELECT state FROM thing')).toEqual([{ state: 'noted; a' }])
  expect(await query('SELECT migration_name FROM _prisma_migrations ORDER BY 1')).toEqual([
    { migration_name: '0001_table' },
    { migration_name: '0002_trigger' },
  ])
})

test('a failing migration changes nothing, says why in a sentence, and is tried again once it is mended', async () => {
  await writeMigration('0001_table', `${table} SELECT no_such_function();`)
  expect(await applyInProcess()).toMatch(/^StartError: .*0001_table[\s\S]*no_such_function/)
  expect(await query(`SELECT to_regclass('thing') AS found`)).toEqual([{ found: null }])
  await writeMigration('0001_table', table)
  expect(await applyInProcess()).toBe('0001_table')
  expect(await applyInProcess()).toBe('')
})

test('a migration that was cut off stops the next start, for nobody knows whether it was applied', async () => {
  await writeMigration('0001_table', table)
  expect(await applyInProcess()).toBe('0001_table')
  await query('UPDATE _prisma_migrations SET finished_at = NULL')
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(/"0001_table" trước đây bị cắt ngang/)
})

test('a migration that was changed after it was applied, or that only a newer program knows, is refused', async () => {
  await writeMigration('0001_table', table)
  expect(await applyInProcess()).toBe('0001_table')
  await writeMigration('0001_table', `${table}\n-- changed`)
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(/"0001_table" khác với lúc đã áp dụng/)
  await rm(join(folder, '0001_table'), { recursive: true })
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(/bản mới hơn/)
})

test('the schema file says what the migrations have made', async () => {
  expect(await inProcess('diffScript')).toMatch(/^(-- This is an empty migration\.)?$/)
})

test('a migrated database needs nothing, and does not load the engine', async () => {
  const migrated = await createTestDatabase()
  try {
    // Twice in one process would throw if the engine were loaded.
    expect(await applyMigrations(migrated.url)).toEqual([])
    expect(await applyMigrations(migrated.url)).toEqual([])
  } finally {
    await migrated.drop()
  }
})

test.each([
  ['nothing listens', 'postgresql://lienthong:secret@127.0.0.1:9/x', /127\.0\.0\.1:9.*không có máy chủ nào trả lời/],
  ['no address', 'not an address', /DATABASE_URL không phải là địa chỉ PostgreSQL hợp lệ/],
])('when %s, one sentence without the password', async (_what, url, sentence) => {
  const failure = applyMigrations(url, folder)
  await expect(failure).rejects.toThrow(StartError)
  await expect(failure).rejects.toThrow(sentence)
  await expect(failure).rejects.not.toThrow(/secret/)
})
