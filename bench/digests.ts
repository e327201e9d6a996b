import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { twinControl } from '../adapters/soap/twin/control-client.js'
import { spawnTwin } from '../adapters/soap/twin/spawn-twin.js'
import { createVilisAdapter, VILIS_WSDL_PATH } from '../adapters/vilis/adapter.js'
import type { Mappings } from '../src/ports/mappings.js'
import { median, rounded } from './delivery/run-round.js'

/**
 * `npm run bench:digests [dossiers] [rounds]`: the digests alone. A registry in a process of its own holds ten years of dossiers and is asked for the digests of all
 * communes and days, which it reckons from its rows at each question; our side reads them and compares nothing. What a whole run of reconciliation costs is told in this measure.
 */
const COUNT = Number(process.argv[2] ?? 549_286)
const ROUNDS = Number(process.argv[3] ?? 3)
const GOALS = { calls: 150 }
const EVER = { from: '2011-01-01', to: '2020-12-31' }

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const account = { username: 'lienthong', password: 'mat-khau-thu' }

/** The twin's communes have our codes. */
const mappings: Mappings = {
  toForeign: async (_system, _kind, code) => code.split('@')[0] ?? null,
  toOurs: async (_system, _kind, code) => code,
  meaningsOf: async (_system, _kind, ourCode) => [{ ourCode, validFrom: '2000-01-01', validTo: null }],
}

const twin = await spawnTwin(fileURLToPath(new URL('../adapters/vilis/sandbox/main.js', import.meta.url)), { ...account, tickMs: 0 })
try {
  await twinControl(twin.controlUrl).act('keepHistory', { count: COUNT, seed: 1 })
  const { comparison, target } = await createVilisAdapter({
    settings: {
      endpoint: twin.url,
      wsdlPath: VILIS_WSDL_PATH,
      credentials: account,
      timeouts: { connectMs: 5_000 },
      maxReplyBytes: 64 * 1024 * 1024,
      maxRequestBytes: 1024 * 1024,
      maxAttachmentBytes: 1024 * 1024,
      connections: 1,
      operations: {},
      readDeadlineMs: 60_000,
      timeZone: 'Asia/Ho_Chi_Minh',
      poll: { overlap: 0n, pageSize: 1 },
    },
    mappings,
    readDocument: async () => null,
    keepDocument: async () => ({ sha256: '', size: 0 }),
  })
  say(`${COUNT} hồ sơ, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`)
  const rounds: { seconds: number; calls: number; bytes: number; groups: number; dossiers: number }[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const told = { seconds: 0, calls: 0, bytes: 0, groups: 0, dossiers: 0 }
    const startedAt = performance.now()
    for (let cursor: string | undefined; ; ) {
      const page = await comparison.days(EVER, cursor)
      if (page.kind === 'FAILED') throw new Error(page.cause)
      told.calls += 1
      told.bytes += page.bytes
      told.groups += page.groups.length
      told.dossiers += page.groups.reduce((sum, { count }) => sum + count, 0)
      cursor = page.next
      if (cursor === undefined) break
    }
    told.seconds = (performance.now() - startedAt) / 1000
    if (told.dossiers !== COUNT) throw new Error(`the digests are of ${told.dossiers} dossiers`)
    rounds.push(told)
    say(`vòng ${round}  ${told.seconds.toFixed(1)} s  ${told.calls} lời gọi  ${(told.bytes / 1e6).toFixed(1)} MB  ${told.groups} nhóm`)
  }
  await target.close()
  const [first] = rounds
  const seconds = median(rounds.map((round) => round.seconds))
  const figures = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.versions.node,
    dossiers: COUNT,
    groups: first?.groups,
    calls: first?.calls,
    bytes: first?.bytes,
    seconds: rounded(seconds, 1),
    dossiersPerSecond: rounded(COUNT / seconds),
    ourPeakMemoryMb: rounded(process.resourceUsage().maxRSS / 1024),
  }
  const calls = first?.calls ?? 0
  say(JSON.stringify({ bench: 'digests', figures, goals: { calls: { goal: GOALS.calls, got: calls, met: calls <= GOALS.calls } } }))
} finally {
  await twin.stop()
}
