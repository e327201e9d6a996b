import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDatabase } from '../../src/platform/database.js'
import { projectRoot } from '../../src/platform/paths.js'
import { createDistrictDatabase, type TestDatabase } from '../support/test-database.js'

/** What is done at a terminal stands in the audit trail by the account that did it, in the transaction of the act. */
let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createDistrictDatabase()
  folder = await mkdtemp(join(tmpdir(), 'lienthong-terminal-'))
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const run = (...command: string[]) =>
  promisify(execFile)(process.execPath, [join(projectRoot, 'dist/src/cli.js'), ...command], {
    env: { PATH: process.env.PATH, DATABASE_URL: database.url, STATE_DIR: folder, LOG_LEVEL: 'silent' },
  })

test('loading mappings, switching routes, opening and closing a recovery', async () => {
  const file = join(folder, 'ma-xa.json')
  const row = { systemId: 'VILIS', kind: 'USER', ourCode: 'mc.thu.1', foreignCode: 'thu01' }
  await writeFile(file, JSON.stringify([row]))
  await run('mappings', 'load', file)
  await run('routes', 'set', 'OBSERVE', '--from', '2099-01-01', '--operation', 'SYNC_PROGRESS')
  await run('recovery', 'open', '--backup-at', '2026-11-22T01:00:00+07:00', '--reason', 'phục hồi sau sự cố đĩa')
  await run('recovery', 'close', '--reason', 'đã hỏi xong', '--force')
  await writeFile(file, '[{}]')
  await expect(run('mappings', 'load', file)).rejects.toMatchObject({ code: 1 })

  const db = openDatabase({ url: database.url, poolSize: 1, onError: () => undefined })
  const entries = await db.query(`SELECT actor, act, reason, before, after FROM audit_entry ORDER BY at, id`)
  await db.close()
  expect(entries).toMatchObject([
    {
      act: 'LOAD_MAPPINGS',
      reason: 'mappings load ma-xa.json',
      after: { loaded: 1, systems: ['VILIS'], released: 0, sha256: expect.any(String) },
    },
    {
      act: 'SET_ROUTES',
      before: { modes: ['SYNC_PROGRESS LIVE'] },
      after: { mode: 'OBSERVE', from: '2099-01-01', operations: ['SYNC_PROGRESS'] },
    },
    { act: 'OPEN_RECOVERY', reason: 'phục hồi sau sự cố đĩa' },
    { act: 'CLOSE_RECOVERY', reason: 'đã hỏi xong' },
  ])
  expect(entries.map((entry) => (entry as { actor: string }).actor.split(':')[0])).toEqual(['cli', 'cli', 'cli', 'cli'])
})
