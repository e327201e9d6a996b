import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase } from '../src/platform/database.js'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { prepareDatabase } from '../src/prepare.js'
import { copyIn, copyOut, FLOORS, type Floor } from './backfill/copy-floor.js'
import { writeMadeUpFile } from './backfill/made-up-file.js'
import { loadAsTheCommandDoes } from './backfill/run-command.js'
import { rounded } from './delivery/run-round.js'

/**
 * `npm run bench:backfill [-- size]`: a CSV file of made-up dossiers is loaded as `lienthong backfill` does, beside PostgreSQL's own COPY of the rows that came of it, into empty
 * databases on the same server. The goal is measured against COPY into the same tables with their indexes and foreign keys.
 */
const SIZE = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 50_000)
const GOALS = { shareOfCopy: 0.2 }

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const folder = await mkdtemp(join(tmpdir(), 'lienthong-backfill-'))
await chmod(folder, 0o711)
const copied = join(folder, 'copied')
await mkdir(copied)
// The server runs as another account when we are root.
await chmod(copied, 0o777)
const postgres = await startEmbeddedPostgres({ stateDir: join(folder, 'db'), log: { info: () => undefined, warn: say } })
const urlOf = (name: string): string => {
  const url = new URL(postgres.connectionString)
  url.pathname = `/${name}`
  return url.href
}
try {
  say(`${SIZE} hồ sơ, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`)
  await prepareDatabase(postgres.connectionString, 'SANDBOX')
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  for (const floor of ['loaded', ...FLOORS]) await client.query(`CREATE DATABASE backfill_${floor.toLowerCase()} TEMPLATE lienthong`)
  await client.end()

  const db = openDatabase({ url: urlOf('backfill_loaded'), poolSize: 2, onError: (error) => say(error.message) })
  const units = await db.query<{ code: string; old: boolean }>(
    'SELECT code, valid_to IS NOT NULL AS old FROM administrative_unit ORDER BY id',
  )
  const procedures = await db.query<{ code: string }>('SELECT code FROM procedure ORDER BY code')
  const path = join(folder, 'lich-su.csv')
  await writeMadeUpFile(path, SIZE, {
    old: units.filter(({ old }) => old).map(({ code }) => code),
    now: units.filter(({ old }) => !old).map(({ code }) => code),
    procedures: procedures.map(({ code }) => code),
  })
  await db.close()
  const bytes = (await stat(path)).size
  const { seconds, peakMb, done } = await loadAsTheCommandDoes(urlOf('backfill_loaded'), path)
  if (done.loaded !== SIZE) throw new Error(`loaded: ${JSON.stringify(done)}`)
  say(`nạp: ${seconds.toFixed(1)} s, ${(SIZE / seconds).toFixed(0)} hồ sơ/s, nhiều nhất ${peakMb.toFixed(0)} MB`)
  const again = await loadAsTheCommandDoes(urlOf('backfill_loaded'), path)
  if (again.done.present !== SIZE) throw new Error(`loaded again: ${JSON.stringify(again.done)}`)
  say(`nạp lại, mọi hồ sơ đã có: ${again.seconds.toFixed(1)} s`)

  await copyOut(urlOf('backfill_loaded'), copied)
  const floors = {} as Record<Floor, number>
  for (const floor of FLOORS) {
    floors[floor] = await copyIn(urlOf(`backfill_${floor.toLowerCase()}`), copied, floor)
    say(`COPY ${floor}: ${floors[floor].toFixed(1)} s, ${(SIZE / floors[floor]).toFixed(0)} hồ sơ/s`)
  }
  const share = floors.WITH_INDEXES / seconds
  say(
    JSON.stringify({
      bench: 'backfill',
      figures: {
        cpu: cpus()[0]?.model,
        cores: cpus().length,
        node: process.versions.node,
        dossiers: SIZE,
        fileMb: rounded(bytes / 1e6, 1),
        seconds: rounded(seconds, 1),
        dossiersPerSecond: rounded(SIZE / seconds, 0),
        againSeconds: rounded(again.seconds, 1),
        copyPerSecond: Object.fromEntries(FLOORS.map((floor) => [floor, rounded(SIZE / floors[floor], 0)])),
        shareOf: Object.fromEntries(FLOORS.map((floor) => [floor, rounded(floors[floor] / seconds, 2)])),
        peakMb: rounded(peakMb, 0),
      },
      goals: { shareOfCopy: { goal: GOALS.shareOfCopy, got: rounded(share, 2), met: share >= GOALS.shareOfCopy } },
    }),
  )
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
