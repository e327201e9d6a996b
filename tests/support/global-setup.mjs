/**
 * One PostgreSQL for the whole run of the tests: the embedded one, without safety against power cuts, or the server that
 * TEST_DATABASE_URL names (its account must be allowed to create databases). It gets one migrated template; each test file
 * clones that (test-database.ts), so migrations run once.
 *
 * This file runs outside of jest's module loader, so it builds what is stale and uses the compiled programs.
 */
import { randomUUID } from 'node:crypto'
import { access, chmod, constants, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { ensureBuilt, ensureGenerated } from '../../src/bootstrap/build.mjs'
import { ensureConsole } from '../../src/bootstrap/console.mjs'
import { ensureDocuments } from '../../src/bootstrap/documents.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

async function startServer() {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { connectionString: given, stop: async () => undefined }
  const { startEmbeddedPostgres } = await import('../../dist/src/platform/embedded-postgres.js')
  const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-test-'))
  // PostgreSQL runs as another account when we are root.
  await chmod(stateDir, 0o711)
  const log = { info: () => undefined, warn: (message) => process.stderr.write(`${message}\n`) }
  const server = await startEmbeddedPostgres({ stateDir, log, durable: false })
  const stop = async () => {
    await server.stop()
    await rm(stateDir, { recursive: true, force: true })
  }
  return { connectionString: server.connectionString, stop }
}

/** The release from which PostgreSQL copies a template through its log unless told otherwise; files are copied in a third of the processor time. */
const COPIES_THROUGH_LOG = 150_000

/** What a CREATE DATABASE of the tests says about how its template is copied. */
async function readCopying(connectionString) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS version")
    return rows[0].version < COPIES_THROUGH_LOG ? '' : 'STRATEGY FILE_COPY'
  } finally {
    await client.end()
  }
}

/** Runs statements on the server's own database, one after another: databases cannot be made inside a transaction. */
async function execute(connectionString, statements) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

const MEMORY_FOLDER = '/dev/shm'
/** What all that tests keep on disk at a time takes is a tenth of it. */
const ENOUGH_BYTES = 4 * 2 ** 30

/** What a killed run left behind would take memory until the machine is started anew. */
async function removeForgotten(folder) {
  const yesterday = Date.now() - 86_400_000
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (name.startsWith('lienthong-') && (await stat(path)).mtimeMs < yesterday) await rm(path, { recursive: true, force: true })
  }
}

/** Where tests put their databases and folders: in memory where Linux has room there. Making and removing thousands of files is a sixth of the processor time on a disk. */
async function chooseTemporaryFolder() {
  try {
    await access(MEMORY_FOLDER, constants.R_OK | constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(MEMORY_FOLDER)
    if (bavail * bsize < ENOUGH_BYTES) return tmpdir()
    await removeForgotten(MEMORY_FOLDER)
    return MEMORY_FOLDER
  } catch {
    // A system without one.
  }
  return tmpdir()
}

/** Communes, procedures, routing rules with all routes LIVE, and the mappings of the sandbox's systems. */
async function loadDistrict(databaseUrl) {
  const { prepareDatabase } = await import('../../dist/src/prepare.js')
  const { openDatabase } = await import('../../dist/src/platform/database.js')
  const { setRouteMode } = await import('../../dist/src/dossier/routing-repository.js')
  const { readReferenceData } = await import('../../dist/src/dossier/reference-repository.js')
  const { sandboxMappings } = await import('../../dist/src/sandbox/sandbox-mappings.js')
  const { loadMappings } = await import('../../dist/src/transfer/mapping-repository.js')
  await prepareDatabase(databaseUrl, 'SANDBOX')
  const db = openDatabase({ url: databaseUrl, poolSize: 2, onError: (error) => process.stderr.write(`${error.message}\n`) })
  try {
    await setRouteMode(db, { mode: 'LIVE', from: '2000-01-01' })
    await loadMappings(db, sandboxMappings(await readReferenceData(db)))
  } finally {
    await db.close()
  }
}

/** From now on it is cloned, and nobody connects to it. */
const close = (template) => `ALTER DATABASE ${template} IS_TEMPLATE true ALLOW_CONNECTIONS false`

export default async function setUp() {
  await ensureGenerated(root)
  await ensureDocuments(root)
  await ensureBuilt(root)
  await ensureConsole(root)
  if (!process.env.TMPDIR) process.env.TMPDIR = await chooseTemporaryFolder()
  const server = await startServer()
  const template = `lienthong_template_${randomUUID().slice(0, 8)}`
  const district = `${template}_district`
  let copying
  try {
    copying = await readCopying(server.connectionString)
    const { applyMigrations } = await import('../../dist/src/platform/migrations.js')
    await execute(server.connectionString, [`CREATE DATABASE ${template}`])
    const templateUrl = new URL(server.connectionString)
    templateUrl.pathname = `/${template}`
    await applyMigrations(templateUrl.href)
    // The queue's own tables too: making them takes longer than all the rest of a clone.
    const { openQueueStore } = await import('../../dist/src/queue/queue-store.js')
    const store = await openQueueStore({
      databaseUrl: templateUrl.href,
      poolSize: 2,
      onError: (error) => process.stderr.write(`${error.message}\n`),
    })
    await store.close()
    await execute(server.connectionString, [close(template), `CREATE DATABASE ${district} TEMPLATE ${template}`])
    templateUrl.pathname = `/${district}`
    await loadDistrict(templateUrl.href)
    await execute(server.connectionString, [close(district)])
  } catch (error) {
    await server.stop()
    throw error
  }
  // Jest's workers inherit the environment; the tear-down runs in this very process.
  process.env.LIENTHONG_TEST_SERVER = server.connectionString
  process.env.LIENTHONG_TEST_TEMPLATE = template
  process.env.LIENTHONG_TEST_DISTRICT = district
  process.env.LIENTHONG_TEST_COPYING = copying
  globalThis.stopTestServer = async () => {
    for (const name of [template, district])
      await execute(server.connectionString, [`ALTER DATABASE ${name} IS_TEMPLATE false`, `DROP DATABASE ${name}`])
    await server.stop()
  }
}
