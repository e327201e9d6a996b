import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SYSTEM_IDS, type SystemId } from '../src/model/system.js'
import { openDrillSystem } from './drill/drill-system.js'
import { DrillFailure, type Fault } from './drill/fault.js'
import { FAULTS, SABOTAGE_FAULTS } from './drill/faults/all.js'
import { gatherFacts, installObserver, type LostTime } from './drill/judge/facts.js'
import { type Breach, judge } from './drill/judge/invariants.js'
import { type LedgerFile, openLedgerFile } from './drill/judge/ledger-file.js'
import { openPrivacyWatch } from './drill/judge/privacy.js'
import { prepareLives, SHARE_OF_LIVES } from './drill/lives.js'
import { type DrillOptions, OptionError, readOptions, type Sabotage } from './drill/options.js'
import { breachLines, heading, jsonOf, lineOf, namesOf, totalOf, verdictOf } from './drill/report.js'
import { type Row, runFault, sizeOf, untilSettled } from './drill/run-fault.js'
import { seededRandom } from './drill/seeded-random.js'

/**
 * `npm run drill`: diễn tập lỗi. The whole system as real processes, a matrix of faults, and a judge that reads the twins' ledgers
 * beside our tables. Ends with 0 when every invariant held, with 3 when one broke (the last line names it and the seed), with
 * anything else when the drill itself failed.
 */
const HELD = 0
const BROKEN = 3
const FAILED = 1
const INTERRUPTED = 130

const DOSSIERS = 2_000
/** The short form is for machines that test much at a time. */
const PROCESSES = { whole: { gateways: 2, workers: 3 }, short: { gateways: 1, workers: 2 } }
const SHORT_SCALE = 0.1
const PATIENCE_MS = 60_000
/** With a guard broken, what has not moved for so long never will: the slowest wait of the settings is a few seconds. */
const SABOTAGED_PATIENCE_MS = 8_000

/** Of the three digits of a fault's place: one fault in two rounds has other dossiers in each. */
const PLACES_OF_A_ROUND = 100

const TAKEN = ['accepted', 'withdrawn', 'supplemented', 'returned'] as const

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const runDrill = async (options: DrillOptions, folder: string, onStop: (stop: () => Promise<void>) => void): Promise<number> => {
  const startedAt = performance.now()
  const rounds = roundsOf(options)
  const faults = new Set(rounds.flatMap((round) => round.faults))
  const [first] = options.sabotages
  say(`Diễn tập ${faults.size} lỗi, hạt giống ${options.seed}${first ? `, đã tháo chốt "${options.sabotages.join('", "')}"` : ''}.`)
  const processes = options.scale <= SHORT_SCALE ? PROCESSES.short : PROCESSES.whole
  const system = await openDrillSystem({ folder, ...processes, ...(first && { sabotage: first }) }, onStop)
  await installObserver(system.sql)
  const ledgers = Object.fromEntries(SYSTEM_IDS.map((id) => [id, openLedgerFile(id, system.ledgerFiles[id])])) as Record<
    SystemId,
    LedgerFile
  >
  const privacy = openPrivacyWatch(system.sql, system.logFiles, () =>
    system.gateways.filter(({ pid }) => pid !== undefined).map(({ port }) => port),
  )
  const weights = FAULTS.reduce((sum, { weight }) => sum + (weight ?? 1), 0)
  const size = Math.ceil((DOSSIERS * options.scale) / (weights * (1 + SHARE_OF_LIVES)))
  const lostTimes: LostTime[] = []
  const runner = {
    system,
    ledgers,
    privacy,
    random: seededRandom(options.seed),
    lostTimes,
    size,
    patienceMs: first ? SABOTAGED_PATIENCE_MS : PATIENCE_MS,
  }
  // With a guard broken there is no calm in which they could begin.
  const placed = first
    ? []
    : FAULTS.map((fault, index) => ({ fault, place: index + 1, size: sizeOf(fault, size) })).filter(({ fault }) => faults.has(fault))
  const lives = await prepareLives(placed, { system, ledgers }, runner.random.branch('lives'))
  const rows: Row[] = []
  const taken = { accepted: [] as string[], withdrawn: [] as string[], supplemented: [] as string[], returned: [] as string[] }
  const unseen: Sabotage[] = []
  say(heading())
  for (const [index, round] of rounds.entries()) {
    if (round.sabotage && index > 0) await system.sabotage(round.sabotage)
    const broken: Breach[] = []
    for (const fault of round.faults) {
      const run = await runFault(fault, FAULTS.indexOf(fault) + 1 + index * PLACES_OF_A_ROUND, runner, lives.get(fault)).catch(
        (error: unknown) => {
          throw error instanceof DrillFailure ? new DrillFailure(`${fault.name}: ${error.message}`) : error
        },
      )
      rows.push(run.row)
      broken.push(...run.row.breaches)
      for (const what of TAKEN) taken[what].push(...run.taken[what])
      say(lineOf(run.row))
      for (const line of breachLines(fault.name, run.row.breaches)) say(line)
    }
    if (round.sabotage) say(verdictOf(round.sabotage, broken))
    if (round.sabotage && broken.length === 0) unseen.push(round.sabotage)
  }
  if (unseen.length > 0) throw new DrillFailure(`đã tháo chốt mà không thấy gì hỏng: ${unseen.join(', ')}`)
  // What looked well when a fault had been healed may have been spoilt by a later one; what systems told last is still on its way.
  // A single fault has just been waited for, and so has each broken guard.
  const patienceMs = faults.size > 1 && !first ? runner.patienceMs : 0
  const atEnd = judge(await untilSettled(() => gatherFacts(system.sql, ledgers, taken, '%', lostTimes), patienceMs))
  const shown = rows.flatMap(({ breaches }) => breaches)
  const isNew = ({ invariant, of }: Breach): boolean => !shown.some((one) => one.invariant === invariant && one.of === of)
  const later = atEnd.filter(isNew)
  for (const line of breachLines('cuối buổi', later)) say(line)
  const breaches = [...shown, ...later]
  say(lineOf(totalOf(rows, breaches)))
  const seconds = (performance.now() - startedAt) / 1000
  say(
    jsonOf({ seed: options.seed, scale: options.scale, seconds, ...(first && { sabotage: options.sabotages.join(',') }), rows, breaches }),
  )
  const names = namesOf(breaches)
  if (names.length === 0) return HELD
  say(`HỎNG: ${names.join(', ')}; hạt giống ${options.seed}`)
  return BROKEN
}

interface Round {
  readonly sabotage?: Sabotage
  readonly faults: readonly Fault[]
}

/** One with the whole product; or one for each guard that is to be broken, in the faults in which that must show. */
const roundsOf = ({ only, sabotages }: DrillOptions): Round[] => {
  const among = (names: readonly string[]): Fault[] => FAULTS.filter(({ name }) => names.includes(name))
  if (sabotages.length === 0) return [{ faults: only.length > 0 ? among(only) : FAULTS }]
  return sabotages.map((sabotage) => ({ sabotage, faults: among(only.length > 0 ? only : SABOTAGE_FAULTS[sabotage]) }))
}

const main = async (): Promise<number> => {
  const options = readOptions(
    process.argv.slice(2),
    FAULTS.map(({ name }) => name),
  )
  if (options.list) {
    for (const { name, title } of FAULTS) say(`${name.padEnd(28)} ${title}`)
    return HELD
  }
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-dien-tap-'))
  // PostgreSQL runs as another account when we are root.
  await chmod(folder, 0o711)
  await mkdir(join(folder, 'state'), { mode: 0o700 })
  await writeFile(join(folder, 'seed'), `${options.seed}\n`)
  let stop: () => Promise<void> = async () => undefined
  let cleaning: Promise<void> | undefined
  const cleanUp = (): Promise<void> => {
    cleaning ??= (async () => {
      await stop()
      if (process.env.DRILL_KEEP === undefined) await rm(folder, { recursive: true, force: true })
      else say(`Nhật ký và sổ ở ${folder}`)
    })()
    return cleaning
  }
  let interrupted = false
  const interrupt = (): void => {
    if (interrupted) return
    interrupted = true
    say('Đang dừng…')
    void cleanUp().finally(() => process.exit(INTERRUPTED))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    return await runDrill(options, folder, (given) => {
      stop = given
    })
  } catch (error) {
    // Whatever a fault was doing fails when its system is taken away.
    if (interrupted) return INTERRUPTED
    throw error
  } finally {
    await cleanUp()
  }
}

const code = await main().catch((error: unknown) => {
  const isSentence = error instanceof OptionError || error instanceof DrillFailure
  process.stderr.write(`${isSentence ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  return FAILED
})
// Not by waiting for the last handle: everything that must end has been ended above.
process.stdout.write('', () => process.exit(code))
