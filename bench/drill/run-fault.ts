import { setTimeout as pause } from 'node:timers/promises'
import { SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import type { DrillSystem } from './drill-system.js'
import { type Fault, type Stage, until } from './fault.js'
import { type Intake, openIntake } from './intake.js'
import { brokenAnswers, fallenPrograms, silentAnswers, tooMuchMemory } from './judge/bounds.js'
import { withoutCounterpart } from './judge/counterparts.js'
import { type Facts, gatherFacts, type LostTime, type Taken } from './judge/facts.js'
import { type Breach, judge, needlessWaits } from './judge/invariants.js'
import type { LedgerFile } from './judge/ledger-file.js'
import type { PrivacyWatch } from './judge/privacy.js'
import { isSettled } from './judge/settled.js'
import { LIVES_PATTERN, type Lives } from './lives.js'
import type { SeededRandom } from './seeded-random.js'

/** What one fault has led to: a row of the report. */
export interface Row {
  readonly name: string
  readonly title: string
  /** Why it could not be tried on this machine. */
  readonly impossible?: string
  readonly dossiers: number
  /** Transfers. */
  readonly accepted: number
  readonly delivered: number
  readonly held: number
  /** Refused for good, given up, or superseded by a newer version: ended under the rules, not delivered. */
  readonly otherwise: number
  readonly attempts: number
  /** From the healing until everything is delivered or held that the fault has met. */
  readonly recoverySeconds: number
  readonly peakMemoryMb: number
  /** The process that had it. */
  readonly peakMemoryOf: string
  readonly notes: readonly string[]
  readonly breaches: readonly Breach[]
}

export interface RunnerOptions {
  readonly system: DrillSystem
  readonly ledgers: Readonly<Record<SystemId, LedgerFile>>
  readonly privacy: PrivacyWatch
  readonly random: SeededRandom
  /** Of all faults so far; one that puts a backup back adds to it. */
  readonly lostTimes: LostTime[]
  /** Dossiers of a fault of weight 1. */
  readonly size: number
  /** How long nothing may move before what is open counts as lost. */
  readonly patienceMs: number
}

const LOOK_EVERY_MS = 200
/** After the healing, without any of the dossiers from before the fault coming to its next act. */
const LIVES_PATIENCE_MS = 30_000
const LEAST_DOSSIERS = 6

/** Of the dossiers that a fault hands in; `size`: of one of weight 1. */
export const sizeOf = ({ weight = 1 }: Fault, size: number): number => Math.max(LEAST_DOSSIERS, Math.round(size * weight))

/** What all faults have handed in, for the judgement at the end. */
export interface Run {
  readonly row: Row
  readonly taken: Taken
}

export const runFault = async (fault: Fault, place: number, options: RunnerOptions, lives?: Lives): Promise<Run> => {
  const { system, ledgers, privacy } = options
  const reason = await fault.impossible?.()
  if (reason !== undefined) return { row: emptyRow(fault, reason), taken: { accepted: [], withdrawn: [], supplemented: [], returned: [] } }
  const random = options.random.branch(fault.name)
  const intake: Intake = openIntake(system, random, place, () => lives?.goOn(intake))
  const pattern = `%-${String(place).padStart(3, '0')}___`
  const convictions: Breach[] = []
  const notes: string[] = []
  let mendedMs: number | undefined
  const stage: Stage = {
    system,
    random,
    intake,
    ledgers,
    hasLives: lives !== undefined,
    size: sizeOf(fault, options.size),
    until,
    seen: async (systemId) => {
      await ledgers[systemId].read()
      return [...ledgers[systemId].requests.values()].filter(({ key }) => key !== undefined && isOfPlace(key, place))
    },
    count: async (condition) => {
      const [row] = await system.sql<{ count: number }>(
        `SELECT count(*)::int AS count FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code LIKE $1 AND d.code NOT LIKE $2 AND (${condition})`,
        [pattern, `%${LIVES_PATTERN}`],
      )
      return row?.count ?? 0
    },
    convict: (invariant, of, detail) => void convictions.push({ invariant, of, detail }),
    mended: () => {
      mendedMs ??= Date.now()
    },
    forgotten: (lost) => void options.lostTimes.push(lost),
    note: (text) => void notes.push(text),
  }
  await system.memory.take()
  await fault.run(stage)
  await untilLateCommitsAreIn(system)
  stage.mended()
  const fallen = [...system.takeFallen()]
  await system.heal()
  const stopped = (await lives?.over(LIVES_PATIENCE_MS)) ?? 0
  if (stopped > 0) notes.push(`${stopped} đời hồ sơ dừng giữa chừng`)
  const taken: Taken = {
    accepted: [...intake.accepted.keys(), ...(lives?.codes ?? [])],
    withdrawn: [...intake.withdrawn],
    supplemented: [...intake.supplemented],
    returned: [...intake.returned],
  }
  const facts = await untilSettled(() => gatherFacts(system.sql, ledgers, taken, pattern, options.lostTimes), options.patienceMs)
  const overMs = mendedMs ?? Date.now()
  const recoverySeconds = Math.max(0, ((await settledMs(system, pattern, overMs)) ?? overMs) - overMs) / 1000
  const memory = await system.memory.take()
  const privacyBreaches = await privacy.look()
  fallen.push(...system.takeFallen())
  if (fallen.length > 0) await system.heal()
  if (intake.unanswered.length > 0) notes.push(`${intake.unanswered.length} lần phải hỏi lại`)
  return {
    taken,
    row: {
      ...figuresOf(facts),
      name: fault.name,
      title: fault.title,
      recoverySeconds,
      peakMemoryMb: memory.mb,
      peakMemoryOf: memory.name,
      notes,
      breaches: [
        ...judge(facts),
        ...(fault.needsPeople ? [] : needlessWaits(facts)),
        ...convictions,
        ...brokenAnswers(intake),
        ...(fault.silencesGateways ? [] : silentAnswers(intake)),
        ...fallenPrograms(fallen),
        ...tooMuchMemory(memory),
        ...privacyBreaches,
      ],
    },
  }
}

const ENDED = ['DELIVERED', 'REJECTED', 'EXHAUSTED', 'ABANDONED', 'SUPERSEDED']

const isOfPlace = (key: string, place: number): boolean => /-(\d{3})\d{3}\./.exec(key)?.[1] === String(place).padStart(3, '0')

const figuresOf = ({
  accepted,
  transfers,
  attempts,
}: Facts): Pick<Row, 'dossiers' | 'accepted' | 'delivered' | 'held' | 'otherwise' | 'attempts'> => ({
  dossiers: accepted.length,
  accepted: transfers.length,
  delivered: transfers.filter(({ state }) => state === 'DELIVERED').length,
  held: transfers.filter((transfer) => isSettled(transfer, transfers) && !ENDED.includes(transfer.state)).length,
  otherwise: transfers.filter(({ state }) => ENDED.includes(state) && state !== 'DELIVERED').length,
  attempts: transfers.reduce((sum, { id }) => sum + (attempts.get(id)?.length ?? 0), 0),
})

const emptyRow = ({ name, title }: Fault, impossible: string): Row => ({
  name,
  title,
  impossible,
  dossiers: 0,
  accepted: 0,
  delivered: 0,
  held: 0,
  otherwise: 0,
  attempts: 0,
  recoverySeconds: 0,
  peakMemoryMb: 0,
  peakMemoryOf: '',
  notes: [],
  breaches: [],
})

/**
 * When all was settled that the fault's own dossiers have led to, and of those from before it what was on its way when the fault was over: what people have
 * begun later than that is not waited for.
 */
const settledMs = async (system: DrillSystem, pattern: string, mendedMs: number): Promise<number | undefined> => {
  const [row] = await system.sql<{ ms: number | null }>(
    `SELECT (extract(epoch FROM max(coalesce(t.settled_at, t.updated_at))) * 1000)::float8 AS ms FROM transfer t JOIN dossier d ON d.id = t.dossier_id
     WHERE d.code LIKE $1 AND (d.code NOT LIKE $2 OR t.created_at <= to_timestamp($3::float8 / 1000))`,
    [pattern, `%${LIVES_PATTERN}`, mendedMs],
  )
  return row?.ms ?? undefined
}

/** A reset of a twin would forget what it has still to commit. */
const untilLateCommitsAreIn = (system: DrillSystem): Promise<void> =>
  until('các bên nhận đã ghi xong những gì ghi muộn', async () => {
    const states = await Promise.all(SYSTEM_IDS.map((id) => system.twins[id].state()))
    return states.every(({ lateCommits }) => lateCommits === 0)
  })

/** Until all is delivered or held, or nothing has moved for so long. */
export const untilSettled = async (look: () => Promise<Facts>, patienceMs: number): Promise<Facts> => {
  let last = ''
  let movedAt = Date.now()
  for (;;) {
    const facts = await look()
    const have = new Set(facts.transfers.map(({ code }) => code))
    const isOver =
      facts.accepted.every((code) => have.has(code)) &&
      facts.withdrawn.every((code) => facts.withdrawals.has(code)) &&
      facts.transfers.every((transfer) => isSettled(transfer, facts.transfers)) &&
      withoutCounterpart(facts).length === 0
    const now = `${facts.dossiers.size} ${facts.withdrawals.size} ${facts.moves.length}`
    // A look reads the ledgers before the tables: only of what has not moved since the look before do the ledgers tell all.
    if (isOver && now === last) return facts
    if (now !== last) movedAt = Date.now()
    last = now
    if (Date.now() - movedAt > patienceMs) return facts
    await pause(LOOK_EVERY_MS)
  }
}
