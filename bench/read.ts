import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../src/platform/database.js'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { prepareDatabase } from '../src/prepare.js'
import { openDevelopmentKey } from '../src/sandbox/development-tokens.js'
import { median, rounded } from './delivery/run-round.js'
import { type Program, startProgram } from './drill/program.js'
import type { BareKind } from './read/bare-server.js'
import { startCountedServer } from './read/counted-server.js'
import { seedWithParcels } from './read/dossiers.js'
import { longestStretch } from './read/large-reply.js'
import { type Cost, putLoad, residentMb } from './read/load.js'
import { dossierQuery, keyOf, listQuery, parcelQuery } from './read/queries.js'

/**
 * `npm run bench:read [requests] [rounds]`: what a read costs. The real gateway (its schema, authentication and log) beside four bare servers, all on one
 * static SOAP registry, in the same run, each measured in turn; medians of the rounds. The server that is measured has one core for itself where
 * the machine has two; load, registry and database share the others.
 */
const REQUESTS = Number(process.argv[2] ?? 4_000)
const ROUNDS = Number(process.argv[3] ?? 5)
const CONNECTIONS = 16
const DOSSIERS = 1_000
const SERVER_CORE = 0
const OTHER_CORES = '1'
const GOALS = {
  liveOfPlainSoap: 3,
  liveOfConstant: 0.45,
  cachedOfConstant: 0.7,
  dossierOfBare: 0.6,
  callsForTen: 1,
  callsForList: 1,
  residentMb: 250,
}
const STRETCH_GOAL_MS = 5

const entry = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const pin = (pid: number, cores: string): boolean => cpus().length > 1 && spawnSync('taskset', ['-apc', cores, String(pid)]).status === 0

const folder = await mkdtemp(join(tmpdir(), 'lienthong-read-'))
await chmod(folder, 0o711)
const stops: (() => Promise<unknown>)[] = []
try {
  const pinned = pin(process.pid, OTHER_CORES)
  const stateDir = join(folder, 'state')
  await mkdir(stateDir)
  const postgres = await startEmbeddedPostgres({ stateDir: join(folder, 'db'), log: { info: () => undefined, warn: say } })
  stops.push(() => postgres.stop())
  await prepareDatabase(postgres.connectionString, 'SANDBOX')
  const db = openDatabase({ url: postgres.connectionString, poolSize: 2, onError: (error) => say(error.message) })
  stops.push(() => db.close())
  const codes = await seedWithParcels(db, DOSSIERS)
  const backend = await startCountedServer(entry('./read/soap-backend.js'))
  stops.push(() => backend.stop())

  const start = async (
    name: string,
    file: string,
    environment: Record<string, string>,
    ready: RegExp,
  ): Promise<{ url: string; pid: number }> => {
    const program: Program = startProgram(name, file, environment, join(folder, `${name}.log`))
    stops.push(() => program.stop())
    const { url } = JSON.parse(await program.said(ready)) as { url: string }
    pin(program.pid, String(SERVER_CORE))
    return { url, pid: program.pid }
  }
  const bare = (kind: BareKind) => {
    const task = { kind, backendUrl: backend.url, databaseUrl: postgres.connectionString }
    return start(kind, entry('./read/bare-server.js'), { BENCH_TASK: JSON.stringify(task), NODE_ENV: 'production' }, /"url"/)
  }
  const configFile = join(folder, 'lienthong.json')
  const vilis = { endpoint: backend.url, connections: CONNECTIONS, poll: { enabled: false } }
  await writeFile(configFile, JSON.stringify({ systems: { VILIS: vilis, ONE_STOP: { enabled: false }, PORTAL: { enabled: false } } }))
  const key = await openDevelopmentKey(stateDir)
  const servers = {
    floor: await bare('floor'),
    constant: await bare('constant'),
    'plain-soap': await bare('plain-soap'),
    'bare-dossier': await bare('bare-dossier'),
    gateway: await start(
      'gateway',
      entry('../src/gateway.js'),
      {
        DATABASE_URL: postgres.connectionString,
        STATE_DIR: stateDir,
        LIENTHONG_CONFIG: configFile,
        PORT: '0',
        JWT_PUBLIC_KEY: key.publicKeyPem,
        VILIS_USERNAME: 'lienthong',
        VILIS_PASSWORD: 'mat-khau',
        NODE_ENV: 'production',
      },
      /cổng liên thông đang chạy/,
    ),
  }
  const token = await key.token({ sub: 'admin', name: 'Quản trị', role: 'admin' })

  interface Row {
    readonly name: string
    readonly server: keyof typeof servers
    readonly query: string
    readonly variablesOf: (index: number) => unknown
    readonly expected: string
    readonly connections?: number
    readonly share?: number
  }
  let fresh = 0
  const newKey = () => ({ key: keyOf(10_000 + fresh++) })
  const knownKey = (index: number) => ({ key: keyOf(index % 100) })
  const aCode = (index: number) => ({ code: codes[index % codes.length] })
  const area = '"areaM2":"120.50"'
  /** Nobody to share a call with: each query costs one. */
  const oneAtATime = { connections: 1, share: 0.5 }
  const rows: readonly Row[] = [
    { name: 'floor', server: 'floor', query: parcelQuery(''), variablesOf: newKey, expected: area },
    { name: 'constant', server: 'constant', query: parcelQuery(''), variablesOf: newKey, expected: area },
    { name: 'plain soap', server: 'plain-soap', query: parcelQuery(''), variablesOf: newKey, expected: '"areaM2":"120.5' },
    { name: 'live', server: 'gateway', query: parcelQuery(', read: LIVE'), variablesOf: newKey, expected: area },
    { name: 'constant, one at a time', server: 'constant', query: parcelQuery(''), variablesOf: newKey, expected: area, ...oneAtATime },
    {
      name: 'plain soap, one at a time',
      server: 'plain-soap',
      query: parcelQuery(''),
      variablesOf: newKey,
      expected: '"areaM2":"120.5',
      ...oneAtATime,
    },
    {
      name: 'live, one at a time',
      server: 'gateway',
      query: parcelQuery(', read: LIVE'),
      variablesOf: newKey,
      expected: area,
      ...oneAtATime,
    },
    { name: 'cached', server: 'gateway', query: parcelQuery(', read: CACHED'), variablesOf: knownKey, expected: area },
    { name: 'snapshot', server: 'gateway', query: parcelQuery(', read: SNAPSHOT'), variablesOf: knownKey, expected: area },
    { name: 'bare dossier', server: 'bare-dossier', query: dossierQuery(''), variablesOf: aCode, expected: area },
    { name: 'dossier, live parcel', server: 'gateway', query: dossierQuery('(read: LIVE)'), variablesOf: aCode, expected: area },
    { name: 'dossier, cached parcel', server: 'gateway', query: dossierQuery('(read: CACHED)'), variablesOf: aCode, expected: area },
    {
      name: 'list of 50, live',
      server: 'gateway',
      query: listQuery('(read: LIVE)'),
      variablesOf: () => ({}),
      expected: area,
      connections: 1,
      share: 0.02,
    },
  ]

  say(
    `${REQUESTS} câu hỏi, ${ROUNDS} vòng, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}${pinned ? ', mỗi bên một nhân' : ''}`,
  )
  const costs = new Map<string, (Cost & { calls: number })[]>(rows.map(({ name }) => [name, []]))
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { name, server, share = 1, connections = CONNECTIONS, ...asked } of rows) {
      const requests = Math.max(1, Math.round(REQUESTS * share))
      const before = await backend.calls()
      const cost = await putLoad({ ...servers[server], token, connections, requests, ...asked })
      // The first round warms up.
      if (round > 0) costs.get(name)?.push({ ...cost, calls: ((await backend.calls()) - before) / requests })
    }
  }
  const middle = (name: string) => {
    const of = costs.get(name) ?? []
    return {
      perSecond: median(of.map(({ perSecond }) => perSecond)),
      cpuUs: median(of.map(({ cpuUs }) => cpuUs ?? Number.NaN)),
      calls: median(of.map(({ calls }) => calls)),
    }
  }
  for (const { name } of rows) {
    const { perSecond, cpuUs, calls } = middle(name)
    say(
      `${name.padEnd(24)} ${perSecond.toFixed(0).padStart(7)}/s ${cpuUs.toFixed(0).padStart(7)} µs ${calls.toFixed(2).padStart(6)} lượt SOAP`,
    )
  }

  const ten = newKey()
  const before = await backend.calls()
  const once = { token, connections: 10, requests: 10, query: parcelQuery(''), variablesOf: () => ten, expected: area }
  await putLoad({ ...servers.gateway, ...once })
  const callsForTen = (await backend.calls()) - before
  const memoryMb = (await residentMb(servers.gateway.pid)) ?? Number.NaN
  const stretch = await longestStretch()

  /** By processor time where the machine tells it: it does not depend on who else runs. */
  const ofCost = (name: string, other: string): number => {
    const [one, two] = [middle(name), middle(other)]
    return Number.isNaN(one.cpuUs) ? one.perSecond / two.perSecond : two.cpuUs / one.cpuUs
  }
  const atLeast = (goal: number, got: number) => ({ goal, got: rounded(got, 2), met: got >= goal })
  const atMost = (goal: number, got: number) => ({ goal, got: rounded(got, 2), met: got <= goal })
  const figures = Object.fromEntries(
    rows.map(({ name }) => {
      const { perSecond, cpuUs, calls } = middle(name)
      return [name, { perSecond: rounded(perSecond), cpuUs: rounded(cpuUs), soapCalls: rounded(calls, 2) }]
    }),
  )
  const goals = {
    liveOfPlainSoap: atLeast(GOALS.liveOfPlainSoap, ofCost('live, one at a time', 'plain soap, one at a time')),
    liveOfConstant: atLeast(GOALS.liveOfConstant, ofCost('live, one at a time', 'constant, one at a time')),
    cachedOfConstant: atLeast(GOALS.cachedOfConstant, ofCost('cached', 'constant')),
    dossierOfBare: atLeast(GOALS.dossierOfBare, ofCost('dossier, live parcel', 'bare dossier')),
    callsForTenIdentical: atMost(GOALS.callsForTen, callsForTen),
    callsForListOf50: atMost(GOALS.callsForList, middle('list of 50, live').calls),
    residentMb: atMost(GOALS.residentMb, memoryMb),
    longestStretchMs: atMost(STRETCH_GOAL_MS, stretch.longestMs),
  }
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.versions.node, pinned }
  say(JSON.stringify({ bench: 'read', figures: { ...machine, ...figures, replyMb: rounded(stretch.megabytes, 2) }, goals }))
} finally {
  for (const stop of stops.reverse()) await stop()
  await rm(folder, { recursive: true, force: true })
}
