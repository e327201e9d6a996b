import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { prepareDatabase } from '../src/prepare.js'
import { openDevelopmentKey } from '../src/sandbox/development-tokens.js'
import { measureList } from './console/measure-list.js'
import { rounded } from './delivery/run-round.js'
import { startProgram } from './drill/program.js'
import { fillHistory } from './history/fill.js'

/**
 * `npm run bench:console [rows]`: the console's list of transfers in a real Chromium, over a district's last 100,000 transfers (or `rows`): time to the first row, and how even the
 * frames are while one scrolls, at the beginning and when every row is loaded.
 */
const ROWS = Number(process.argv[2] ?? 100_000)
/** A dossier of the history has so many transfers on average. */
const TRANSFERS_A_DOSSIER = 2.93
const GOALS = { firstRowMs: 1_000, slowFrameShare: 0.05 }

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const folder = await mkdtemp(join(tmpdir(), 'lienthong-console-'))
await chmod(folder, 0o711)
const postgres = await startEmbeddedPostgres({ stateDir: join(folder, 'db'), log: { info: () => undefined, warn: say } })
try {
  await prepareDatabase(postgres.connectionString, 'SANDBOX')
  const filler = new pg.Client({ connectionString: postgres.connectionString })
  await filler.connect()
  await fillHistory(filler, Math.ceil(ROWS / TRANSFERS_A_DOSSIER))
  await filler.end()
  const stateDir = join(folder, 'state')
  await mkdir(stateDir)
  const key = await openDevelopmentKey(stateDir)
  const configFile = join(folder, 'lienthong.json')
  const off = { enabled: false }
  await writeFile(configFile, JSON.stringify({ systems: { VILIS: off, ONE_STOP: off, PORTAL: off } }))
  const program = startProgram(
    'gateway',
    fileURLToPath(new URL('../src/gateway.js', import.meta.url)),
    {
      DATABASE_URL: postgres.connectionString,
      STATE_DIR: stateDir,
      LIENTHONG_CONFIG: configFile,
      PORT: '0',
      JWT_PUBLIC_KEY: key.publicKeyPem,
      NODE_ENV: 'development',
    },
    join(folder, 'gateway.log'),
  )
  try {
    const { url } = JSON.parse(await program.said(/cổng liên thông đang chạy/)) as { url: string }
    const token = await key.token({ sub: 'operator', name: 'Người vận hành', role: 'operator' })
    const { firstRowMs, shallow, deep, loaded, loadMs, heapMb } = await measureList(`${url}/console/transfers`, token, say)
    const atMost = (goal: number, got: number, digits: number) => ({ goal, got: rounded(got, digits), met: got <= goal })
    say(
      JSON.stringify({
        bench: 'console',
        figures: {
          cpu: cpus()[0]?.model,
          cores: cpus().length,
          rows: loaded,
          firstRowMs,
          shallow,
          deep,
          loadSeconds: rounded(loadMs / 1_000, 0),
          heapMb,
        },
        goals: {
          firstRowMs: atMost(GOALS.firstRowMs, firstRowMs, 0),
          slowFrameShare: atMost(GOALS.slowFrameShare, deep.slowShare, 3),
        },
      }),
    )
  } finally {
    await program.stop()
  }
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
