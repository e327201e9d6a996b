import { setTimeout as pause } from 'node:timers/promises'
import type { SystemId } from '../../src/model/system.js'
import type { DrillSystem } from './drill-system.js'
import { DrillFailure, type Fault, until } from './fault.js'
import { codeOf, type Intake, openIntake } from './intake.js'
import { DEMAND, RESULT } from './judge/deed-detail.js'
import type { LedgerFile, SeenDeed } from './judge/ledger-file.js'
import type { SeededRandom } from './seeded-random.js'

/**
 * Đời hồ sơ: of each fault some dossiers have been with ViLIS since before it, some of them asked for papers, some with their result at the desk. When
 * the fault's own dossiers come in, these go on: asked for a supplement and given it, withdrawn, finished, handed over, by what people at ViLIS, at the
 * desk and before a front end do, each when their own system shows what they wait for.
 */
type Act = 'ASK' | 'HAND_IN' | 'FINISH' | 'RETURN' | 'WITHDRAW'

/** Who acts where there is a choice. */
type By = 'DESK' | 'FRONT_END'

interface Life {
  readonly code: string
  readonly by: By
  /** What has happened before the fault, and what comes then. */
  readonly before: readonly Act[]
  readonly acts: readonly Act[]
}

const LIVES: readonly (Pick<Life, 'before' | 'acts'> & { readonly first: By })[] = [
  { before: ['ASK'], acts: ['HAND_IN', 'FINISH', 'RETURN'], first: 'DESK' },
  { before: ['FINISH'], acts: ['RETURN'], first: 'DESK' },
  { before: [], acts: ['WITHDRAW'], first: 'FRONT_END' },
  { before: [], acts: ['FINISH', 'RETURN'], first: 'FRONT_END' },
  { before: [], acts: ['ASK', 'HAND_IN'], first: 'FRONT_END' },
]

/** Beside the dossiers that a fault hands in. */
export const SHARE_OF_LIVES = 0.25
/** Their numbers within a fault's place; those of new dossiers stay below. */
const FIRST_NUMBER = 900
export const LIVES_PATTERN = '-___9__'
const MOST = 99

const LOOK_EVERY_MS = 150
/** ViLIS tells the second in which something happened: what people do one after the other happens in different ones. */
const A_SECOND_MS = 1_100

export interface Lives {
  readonly codes: readonly string[]
  /** They go on, each in its own time; once. */
  goOn(intake: Intake): void
  /** When each is over, or for so long none has come to its next act. How many have stopped on their way. */
  over(patienceMs: number): Promise<number>
}

interface Books {
  readonly system: DrillSystem
  readonly ledgers: Readonly<Record<SystemId, LedgerFile>>
}

const wrote = (deeds: readonly SeenDeed[], code: string, operation: string, status?: number): boolean =>
  deeds.some(
    ({ what, detail }) =>
      what === 'ACCEPTED' &&
      detail.operation === operation &&
      detail.dossierCode === code &&
      (status === undefined || detail.status === status),
  )
const told = (deeds: readonly SeenDeed[], code: string, kind: string): boolean =>
  deeds.some(({ what, detail }) => what === 'CHANGED' && detail.kind === kind && detail.dossierCode === code)

const SUPPLEMENT_REQUIRED = 5

/** What their own system must show before people do this. */
const isReady = (act: Act, code: string, { ledgers: { VILIS, ONE_STOP } }: Books): boolean => {
  if (!wrote(VILIS.deeds, code, 'TiepNhanHoSo')) return false
  if (act === 'HAND_IN') return wrote(ONE_STOP.deeds, code, 'CapNhatTrangThai', SUPPLEMENT_REQUIRED)
  if (act === 'FINISH') return !told(VILIS.deeds, code, DEMAND) || wrote(VILIS.deeds, code, 'BoSungHoSo')
  if (act === 'RETURN') return told(VILIS.deeds, code, RESULT) && wrote(ONE_STOP.deeds, code, 'CapNhatKetQua')
  return true
}

const carryOut = async (act: Act, { code, by }: Life, { system }: Books, intake: Intake): Promise<void> => {
  const { VILIS } = system.twins
  const isAtDesk = by === 'DESK'
  if (act === 'ASK') await VILIS.act('requireSupplement', { code, pause: false })
  else if (act === 'FINISH') await VILIS.act('finish', { code, ending: 0 })
  else if (act === 'HAND_IN') await (isAtDesk ? intake.handInAtDesk(code) : intake.handIn(code))
  else if (act === 'RETURN') await (isAtDesk ? intake.returnAtDesk(code) : intake.confirmReturn(code))
  else await (isAtDesk ? intake.withdrawAtDesk(code) : intake.withdraw(code))
}

const openLives = (lives: readonly Life[], books: Books): Lives => {
  let underWay: Promise<number> | undefined
  let movedAt = Date.now()
  let isOver = false
  /** One reader for all of them. */
  const watch = async (): Promise<void> => {
    while (!isOver) {
      await Promise.all([books.ledgers.VILIS.read(), books.ledgers.ONE_STOP.read()])
      await pause(LOOK_EVERY_MS)
    }
  }
  /** Whether it has come to its end. */
  const live = async (life: Life, intake: Intake): Promise<boolean> => {
    for (const [index, act] of life.acts.entries()) {
      if (index > 0) await pause(A_SECOND_MS)
      while (!isReady(act, life.code, books)) {
        if (isOver) return false
        await pause(LOOK_EVERY_MS)
      }
      await carryOut(act, life, books, intake)
      movedAt = Date.now()
    }
    return true
  }
  return {
    codes: lives.map(({ code }) => code),
    goOn: (intake) => {
      if (underWay) return
      const watching = watch()
      underWay = Promise.all(lives.map((life) => live(life, intake))).then((ends) => ends.filter((isAtEnd) => !isAtEnd).length)
      // Told when all of them are waited for; a fault that could not be brought about tells its own error first.
      underWay.catch(() => undefined)
      watching.catch(() => undefined)
    },
    over: async (patienceMs) => {
      const all = underWay ?? Promise.resolve(0)
      let left: number | undefined
      void all.then(
        (stopped) => {
          left = stopped
        },
        () => {
          left = 0
        },
      )
      movedAt = Date.now()
      while (left === undefined && Date.now() - movedAt < patienceMs) await pause(LOOK_EVERY_MS)
      isOver = true
      return all
    },
  }
}

export interface LivesOf {
  readonly fault: Fault
  readonly place: number
  /** Dossiers that the fault hands in. */
  readonly size: number
}

const livesOf = ({ fault, place, size }: LivesOf): Life[] =>
  Array.from({ length: Math.min(MOST, Math.max(LIVES.length, Math.round(size * SHARE_OF_LIVES))) }, (_, index) => {
    const { before, acts, first } = LIVES[index % LIVES.length] as (typeof LIVES)[number]
    const isTurned = Math.floor(index / LIVES.length) % 2 === 1
    const unheard = fault.vilisUnheard ? acts.findIndex((act) => act === 'ASK' || act === 'FINISH') : -1
    return {
      code: codeOf(place, FIRST_NUMBER + index),
      by: fault.livesAtDesk || (first === 'DESK') !== isTurned ? 'DESK' : 'FRONT_END',
      before,
      acts: unheard < 0 ? acts : acts.slice(0, unheard),
    }
  })

const TOGETHER = 6

const oneAfterTheOther = async <Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void> => {
  const left = [...items]
  await Promise.all(
    Array.from({ length: TOGETHER }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item)
    }),
  )
}

/** While all is calm, for all faults at once: they are taken in, and come as far as they are to be when their fault begins. */
export const prepareLives = async (faults: readonly LivesOf[], books: Books, random: SeededRandom): Promise<ReadonlyMap<Fault, Lives>> => {
  const { system, ledgers } = books
  const all = faults.map((one) => ({ ...one, lives: livesOf(one), intake: openIntake(system, random, one.place) }))
  const each = all.flatMap(({ lives, intake }) => lives.map((life) => ({ life, intake })))
  const calm = async (): Promise<void> =>
    until('mọi hồ sơ có từ trước đã yên', async () => {
      await Promise.all(Object.values(ledgers).map((ledger) => ledger.read()))
      const [row] = await system.sql<{ open: number }>(
        `SELECT ((SELECT count(*) FROM transfer WHERE settled_at IS NULL)
           + (SELECT count(*) FROM inbox_message WHERE settled_at IS NULL))::int AS open`,
      )
      return row?.open === 0 && each.every(({ life }) => wrote(ledgers.VILIS.deeds, life.code, 'TiepNhanHoSo'))
    })
  await oneAfterTheOther(each, async ({ life: { code }, intake }) => {
    const way = random.one(['GRAPHQL', 'PUSH', 'POLL'] as const)
    if (way !== 'GRAPHQL') return intake.takeAtDesk(code, way)
    const { kind } = await intake.submit(code)
    if (kind !== 'ACCEPTED') throw new DrillFailure(`hồ sơ ${code} không được nhận: ${kind}`)
  })
  // As the desk was: a fault says itself whether it pushes.
  await system.twins.ONE_STOP.set({ push: false })
  await calm()
  await pause(A_SECOND_MS)
  await oneAfterTheOther(each, async ({ life, intake }) => {
    for (const act of life.before) await carryOut(act, life, books, intake)
  })
  await until('mọi hồ sơ có từ trước đã đến chỗ bắt đầu', async () => {
    await calm()
    return each.every(({ life }) => life.acts.slice(0, 1).every((act) => isReady(act, life.code, books)))
  })
  return new Map(all.map(({ fault, lives }) => [fault, openLives(lives, books)]))
}
