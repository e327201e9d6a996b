import { execFile } from 'node:child_process'
import { appendFile, chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openRecoveryNoticed } from '../../src/operator/recover-from-backup.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { watchDatabase } from '../../src/platform/database-watch.js'
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js'
import { applyMigrations } from '../../src/platform/migrations.js'
import { knowEpochs } from '../../src/transfer/recovery-repository.js'
import { until } from '../support/until.js'

/**
 * A restored database is noticed, and nothing else is taken for one: a server of its own is stopped, its data folder copied, put back
 * and recovered, as people do it.
 */
const run = promisify(execFile)
const log = { info: () => undefined, warn: () => undefined }

let stateDir: string
const folders: string[] = []
const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'lienthong-noticed-'))
  // PostgreSQL runs as another account when the tests run as root.
  await chmod(path, 0o711)
  folders.push(path)
  return path
}
beforeAll(async () => {
  stateDir = await folder()
  await withDatabase(async () => undefined)
})
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))))

let migrated = false

const withServer = async <Result>(work: (url: string) => Promise<Result>): Promise<Result> => {
  const server = await startEmbeddedPostgres({ stateDir, log, durable: false })
  if (!migrated) await applyMigrations(server.connectionString)
  migrated = true
  try {
    // After a recovery it answers reads a moment before it has taken over.
    await openedAt(server.connectionString, (db) =>
      until('the server has taken over', async () => {
        const [row] = await db.query<{ writable: boolean }>('SELECT NOT pg_is_in_recovery() AS writable')
        return row?.writable
      }),
    )
    return await work(server.connectionString)
  } finally {
    await server.stop()
  }
}

const openedAt = async <Result>(url: string, work: (db: Database) => Promise<Result>): Promise<Result> => {
  const db = openDatabase({ url, poolSize: 2, onError: () => undefined })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

const withDatabase = <Result>(work: (db: Database) => Promise<Result>): Promise<Result> => withServer((url) => openedAt(url, work))

/** A process starts with this state folder and looks, three times. Returns why it opened an epoch, if it did. */
const looks = async (db: Database, marks: string): Promise<string[]> => {
  const reasons: string[] = []
  let time = 0
  const watch = watchDatabase({
    db,
    stateDir: marks,
    epochs: knowEpochs,
    now: () => time,
    onWarning: (sentence) => reasons.push(sentence),
    onRestored: async (tx, why) => {
      reasons.push(why)
      return (await openRecoveryNoticed(tx, 'worker:1', why)).id
    },
  })
  for (; time < 6_000; time += 2_000) await watch.look()
  return reasons
}

const dataFolder = (): Promise<string> =>
  withDatabase(async (db) => (await db.query<{ path: string }>(`SELECT current_setting('data_directory') AS path`))[0]?.path ?? '')

const putBack = async (data: string, copy: string): Promise<void> => {
  await rm(data, { recursive: true })
  await run('cp', ['-a', copy, data])
}

test('a data folder that was put back is noticed once by each process that knew it; restarts and other state folders are not', async () => {
  const [first, second] = [await folder(), await folder()]
  expect(await withDatabase((db) => looks(db, first))).toEqual([])
  expect(await withDatabase((db) => looks(db, first))).toEqual([])
  const data = await dataFolder()
  const copy = join(await folder(), 'copy')
  await run('cp', ['-a', data, copy])
  expect(await withDatabase((db) => looks(db, second))).toEqual([])
  expect(await withDatabase((db) => looks(db, first))).toEqual([])

  await putBack(data, copy)
  const behind = /^Cơ sở dữ liệu ở mốc \d+, tiến trình này đã thấy mốc \d+\.$/
  expect(await withDatabase((db) => looks(db, first))).toEqual([expect.stringMatching(behind)])
  // The epoch is open already: the other process, whose mark is ahead as well, opens no second one; nor does a new state folder.
  expect(await withDatabase((db) => looks(db, second))).toEqual([])
  expect(await withDatabase((db) => looks(db, stateDir))).toEqual([])
  expect(await withDatabase((db) => looks(db, first))).toEqual([])

  // Once more, to before the epoch.
  await putBack(data, copy)
  expect(await withDatabase((db) => looks(db, second))).toEqual(['Cơ sở dữ liệu không còn đợt khôi phục mà tiến trình này đã thấy.'])
})

test('a recovery along the log and a clone of the database are noticed without a mark', async () => {
  const marks = await folder()
  expect(await withDatabase((db) => looks(db, marks))).toEqual([])
  const data = await dataFolder()
  const { uid, gid } = await stat(data)
  await appendFile(join(data, 'postgresql.auto.conf'), `restore_command = '/bin/false'\n`)
  await writeFile(join(data, 'recovery.signal'), '')
  await chown(join(data, 'recovery.signal'), uid, gid)
  expect(await withDatabase(async (db) => looks(db, await folder()))).toEqual([
    'PostgreSQL đã chuyển dòng thời gian (phục hồi hoặc chuyển máy dự phòng).',
  ])
  expect(await withDatabase((db) => looks(db, marks))).toEqual([])

  await withServer(async (url) => {
    const named = (name: string): string => {
      const other = new URL(url)
      other.pathname = `/${name}`
      return other.href
    }
    await openedAt(named('postgres'), (admin) => admin.query('CREATE DATABASE cloned TEMPLATE lienthong'))
    await openedAt(named('cloned'), async (clone) => {
      expect(await looks(clone, await folder())).toEqual(['Cơ sở dữ liệu được tạo lại từ một bản sao.'])
      expect(await looks(clone, marks)).toEqual([])
    })
  })
})

test('a state folder that cannot be written is warned of once, and stops nothing', async () => {
  const marks = join(await folder(), 'file')
  await writeFile(marks, '')
  expect(await withDatabase((db) => looks(db, marks))).toEqual([expect.stringMatching(/^Không ghi được mốc .* \(E[A-Z]+\)/)])
})
