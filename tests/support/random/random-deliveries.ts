import { yieldToNewer } from '../../../src/dossier/yield-to-newer.js'
import { WEEKDAYS_ALONE } from '../../../src/model/calendar-data.js'
import { digestBody } from '../../../src/model/digest.js'
import type { Operation } from '../../../src/model/system.js'
import type { TransferBody } from '../../../src/model/transfer-body.js'
import { introductionOf } from '../../../src/model/transfer-order.js'
import { buildWorkingCalendar } from '../../../src/model/working-calendar.js'
import { abandonTransfer, confirmOutcome, replayTransfer } from '../../../src/operator/act-on-transfer.js'
import { pauseSystem } from '../../../src/operator/pause-system.js'
import { closeRecovery, openRecovery } from '../../../src/operator/recover-from-backup.js'
import { resumeSystem } from '../../../src/operator/resume-system.js'
import { setSystemLimits } from '../../../src/operator/set-system-limits.js'
import { supersedeTransfer } from '../../../src/operator/supersede-transfer.js'
import type { Database } from '../../../src/platform/database.js'
import { reportCall } from '../../../src/transfer/breaker-repository.js'
import { reclaimLostLeases } from '../../../src/transfer/claim-repository.js'
import { type DeliveryDependencies, deliver } from '../../../src/transfer/deliver-transfer.js'
import { configureGate } from '../../../src/transfer/gate-repository.js'
import { withRestoredInquiry } from '../../../src/transfer/inquire-restored.js'
import { planTransfers, type TransferIntent } from '../../../src/transfer/plan-transfers.js'
import { releaseFollowers } from '../../../src/transfer/predecessor-repository.js'
import { releaseHeld } from '../../../src/transfer/transfer-repository.js'
import { OPERATOR } from '../operator-acts.js'
import { raise } from '../raise.js'
import { type SeededDossier, seedDossier } from '../seed-dossiers.js'
import { type Backup, restoreBackup, takeBackup } from './backup.js'
import type { Happening, Introduction, PersonsAct } from './happenings.js'
import { checkCall, checkLateAnswer, checkTables, hasIt, isPassable, LEASE_MS, type Row, type Rows, readRows, stillOpen } from './laws.js'
import { openStall, type Stall } from './stall.js'
import { isSameAct, PEER_PROCESSING_MS, type PeerHooks, type RandomSystem, SYSTEMS, TinyPeer, WorkerDied } from './tiny-peer.js'

const HOUR = 3_600_000
/** Each of a dozen transfers in a row is asked for twice and then sent, an hour apart. */
const MOST_ROUNDS = 50
/** What is more urgent than the one whose worker stands still. */
const MOST_BEFORE_IT = 3
const REASON = { reason: 'thử', actor: OPERATOR }
const NO_LIMITS = { maxPerSecond: null, maxInFlight: null }

const byRandomSystem = <Value>(value: (systemId: RandomSystem) => Value): Readonly<Record<RandomSystem, Value>> => ({
  VILIS: value('VILIS'),
  ONE_STOP: value('ONE_STOP'),
})

const PAPERS = { note: '', documents: [] }
/** What a change of a dossier is to each system: the operation, and what its body says besides. */
const CHANGES = {
  WHOLE: { VILIS: { operation: introductionOf('VILIS') }, ONE_STOP: { operation: introductionOf('ONE_STOP') } },
  SUPPLEMENT: { VILIS: { operation: 'SUPPLEMENT', ...PAPERS }, ONE_STOP: { operation: 'POST_SUPPLEMENT', ...PAPERS } },
  WITHDRAWAL: { VILIS: { operation: 'WITHDRAW', reason: 'thử' }, ONE_STOP: { operation: 'UPDATE_STATUS', status: 7, note: '' } },
  RESULT: {
    VILIS: { operation: 'CONFIRM_RETURN', method: 'DESK', note: '' },
    ONE_STOP: { operation: 'POST_RESULT', status: 9, ...PAPERS },
  },
} as const satisfies Record<string, Readonly<Record<RandomSystem, { readonly operation: Operation; readonly [field: string]: unknown }>>>

/** A change of a dossier that its source has told, and would tell again to who has forgotten it. */
interface Told {
  readonly dossier: SeededDossier
  readonly what: keyof typeof CHANGES
  readonly version: number
}

/** From the beginning: of one the result is given and handed over, the other is withdrawn. Early, so that they meet what may happen: nothing here asks whether supplements still make sense. */
const LIVES: readonly (readonly Told['what'][])[] = [
  ['WHOLE', 'RESULT', 'SUPPLEMENT', 'SUPPLEMENT'],
  ['WHOLE', 'WITHDRAWAL', 'SUPPLEMENT', 'SUPPLEMENT'],
]

/** Two dossiers with a handful of transfers to each of two systems over the real repositories and acts, and the laws (`laws.ts`) that hold whatever happens. */
export class RandomDeliveries {
  private readonly peers: Readonly<Record<RandomSystem, TinyPeer>>
  private readonly delivery: DeliveryDependencies
  private readonly dossiers: SeededDossier[] = []
  /** Of each dossier, to each system. */
  private introductions: readonly Readonly<Record<RandomSystem, Introduction>>[] = []
  private readonly told: Told[] = []
  private known: Rows = new Map()
  private backup: { readonly tables: Backup; readonly told: number } | undefined
  /** In the work under way. */
  private stall: Stall | undefined
  private readonly others: Promise<void>[] = []
  /** Answers that came when another worker had the transfer in hand. */
  readonly overtaken: string[] = []
  private readonly sent: string[] = []

  constructor(
    private readonly db: Database,
    strengths: PeerHooks['strengths'],
  ) {
    const hooks: PeerHooks = {
      strengths,
      stall: async (stalled) => {
        // One at a time: another one takes its time, and is not late.
        if (this.stall) return
        const stall = openStall(stalled)
        this.stall = stall
        await this.pass(LEASE_MS + 1)
        await reclaimLostLeases(db)
        let left = MOST_BEFORE_IT
        const other = this.work(stalled.systemId, () => {
          left -= 1
          return left > 0 && !stall.isTakenOver()
        })
        this.others.push(other)
        await Promise.race([stall.takenOver, other])
      },
      onCall: async (systemId, kind, { dossierCode, idempotencyKey }) => {
        await checkCall(db, systemId, kind, dossierCode)
        if (kind === 'SEND') this.sent.push(idempotencyKey)
        if (!this.stall?.takeOver(idempotencyKey)) return
        await this.stall.settled
        this.overtaken.push(this.stall.stalled.answer)
        await checkLateAnswer(db, this.stall.stalled, true)
      },
    }
    this.peers = byRandomSystem((systemId) => new TinyPeer(systemId, hooks))
    this.delivery = {
      sql: db,
      targets: new Map(SYSTEMS.map((systemId) => [systemId, withRestoredInquiry(this.peers[systemId], db)])),
      rules: {
        schedule: { waitsMs: [5_000, 60_000, HOUR], jitter: 0.2, retryAfterMinMs: 1_000, retryAfterMaxMs: HOUR },
        inquiryWaitMs: 5_000,
      },
      leaseMarginMs: 10_000,
      worker: 'tien-trinh',
      random: () => 0.5,
      onAttempt: ({ transferId, kind }) => {
        if (kind === 'SEND') this.stall?.settle(this.known.get(transferId)?.key)
      },
      reportCall: async (systemId, operationClass, report, begunAt) => {
        await reportCall(db, systemId, operationClass, report, { failuresToOpen: 2, openMs: 30_000, maxOpenMs: 60_000 }, begunAt)
      },
      onError: (error) => {
        throw error
      },
    }
  }

  /** Sendings beyond the first of each transfer. */
  get resent(): number {
    return this.sent.length - new Set(this.sent).size
  }

  async begin(codes: readonly [string, string], introductions: readonly Readonly<Record<RandomSystem, Introduction>>[]): Promise<void> {
    this.introductions = introductions
    for (const systemId of SYSTEMS) await configureGate(this.db, systemId, { ...NO_LIMITS, rampMs: 0 })
    for (const code of codes) this.dossiers.push(await seedDossier(this.db, { code, commune: { code: '28594', on: '2026-01-01' } }))
    for (const which of [0, 1] as const) for (const what of LIVES[which] ?? []) await this.tell(which, what)
    await this.backUp()
    this.known = await this.rows()
  }

  async happen(happening: Happening): Promise<void> {
    await this.carryOut(happening)
    await this.check(JSON.stringify(happening))
  }

  /** From here on all goes well; then nothing may still be under way, unless a person's decision stands before it. */
  async end(): Promise<void> {
    for (const systemId of SYSTEMS) {
      Object.assign(this.peers[systemId], { sends: [], inquiries: [] })
      await setSystemLimits(this.db, { systemId, ...REASON, limits: NO_LIMITS })
    }
    // One of them is paused, and holds up nothing of the other.
    const [paused, other] = this.told.length % 2 === 0 ? SYSTEMS : ([SYSTEMS[1], SYSTEMS[0]] as const)
    await pauseSystem(this.db, { systemId: paused, ...REASON })
    for (const systemId of [other, paused]) {
      await resumeSystem(this.db, { systemId, ...REASON })
      const open = async (): Promise<Row[]> => stillOpen(await this.rows()).filter((row) => row.systemId === systemId)
      for (let round = 0; round < MOST_ROUNDS && (await open()).length > 0; round += 1) await this.goOn(systemId, HOUR)
      // What no inquiry can tell stays with the machine until its budget is spent.
      if ((await open()).length > 0) for (const hours of [120, 120, 1]) await this.goOn(systemId, hours * HOUR)
      await this.check('the end')
      const [left] = await open()
      if (left) throw new Error(`${left.key} is ${left.state} for ever, and nothing stands before it`)
    }
  }

  private async goOn(systemId: RandomSystem, ms: number): Promise<void> {
    await this.pass(ms)
    await this.guard()
    await deliver(this.delivery, systemId, () => true)
  }

  private async carryOut(happening: Happening): Promise<void> {
    switch (happening.what) {
      case 'PASS':
        return this.pass(happening.ms)
      case 'GUARD':
        return this.guard()
      case 'LOAD_MAPPINGS':
        await this.db.transaction((tx) => releaseHeld(tx, happening.at, 'MAPPING_MISSING'))
        return
      case 'AMEND':
        return this.tell(happening.which, 'WHOLE')
      case 'HAND_IN':
        return this.tell(happening.which, 'SUPPLEMENT')
      case 'PERSON':
        return this.person(happening.act, happening.which)
      case 'PAUSE':
        await pauseSystem(this.db, { systemId: happening.at, ...REASON })
        return
      case 'RESUME':
        await resumeSystem(this.db, { systemId: happening.at, ...REASON })
        return
      case 'LIMIT': {
        const { maxPerSecond, maxInFlight } = happening
        await setSystemLimits(this.db, { systemId: happening.at, ...REASON, limits: { maxPerSecond, maxInFlight } })
        return
      }
      case 'BACK_UP':
        return this.backUp()
      case 'RESTORE':
        return this.restore()
      case 'OPEN_EPOCH':
        await openRecovery(this.db, { by: 'thử', reason: 'thử' })
        return
      case 'CLOSE_EPOCH':
        await closeRecovery(this.db, { by: 'thử', reason: 'thử', force: false })
        return
      case 'WORK':
        await this.pass(happening.after)
        Object.assign(this.peers[happening.at], { sends: [...happening.sends], inquiries: [...happening.inquiries] })
        await Promise.all(Array.from({ length: happening.workers }, () => this.work(happening.at, () => false)))
        await Promise.all(this.others.splice(0))
        if (this.stall) await checkLateAnswer(this.db, this.stall.stalled, false)
        this.stall = undefined
    }
  }

  private async work(systemId: RandomSystem, goesOn: () => boolean): Promise<void> {
    try {
      await deliver(this.delivery, systemId, goesOn)
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error
    }
  }

  private async guard(): Promise<void> {
    await reclaimLostLeases(this.db)
    await releaseFollowers(this.db)
    await yieldToNewer(this.db, raise)
  }

  private async pass(ms: number): Promise<void> {
    await this.db.query('UPDATE app_clock SET shift_ms = shift_ms + $1::bigint RETURNING 1 AS done', [ms])
    for (const systemId of SYSTEMS) this.peers[systemId].pass(ms)
  }

  private async backUp(): Promise<void> {
    this.backup = { tables: await takeBackup(this.db), told: this.told.length }
  }

  /** The tables as they were; the other side goes on from where it is, and so do the sources, who tell again what is forgotten. */
  private async restore(): Promise<void> {
    if (!this.backup) return
    await restoreBackup(this.db, this.backup.tables)
    for (const systemId of SYSTEMS) this.peers[systemId].restores += 1
    await openRecovery(this.db, { by: 'thử', reason: 'thử' })
    for (const told of this.told.slice(this.backup.told)) await this.plan(told)
    this.known = await this.rows()
  }

  /** People say what is there at the moment, some of them before the other side has had its time; who sees a conflict looks there first. */
  private async person(act: PersonsAct, which: number): Promise<void> {
    const row = this.pick(which)
    if (!row) return
    const asked = { transferId: row.id, ...REASON }
    if (act === 'CONFIRM' || (row.heldReason === 'CONFLICT' && this.isThere(row))) {
      if (which % 2 === 0) await this.pass(LEASE_MS + PEER_PROCESSING_MS)
      await confirmOutcome(this.db, { ...asked, happened: this.isThere(row) }, () => PEER_PROCESSING_MS)
    } else if (act === 'REPLAY') await replayTransfer(this.db, asked)
    else if (act === 'ABANDON') await abandonTransfer(this.db, asked)
    else await supersedeTransfer(this.db, asked)
  }

  private isThere(row: Row): boolean {
    const peer = this.peers[row.systemId]
    const isAdopted = row.mode === 'ADOPT' && peer.there.some((act) => isSameAct(act, row))
    return peer.has(row.key) || isAdopted || (row.restored && hasIt(peer.registered, row))
  }

  /** Mostly they look at what is not delivered and not merely waiting its turn. */
  private pick(which: number): Row | undefined {
    const all = [...this.known.values()]
    const open = all.filter(({ state }) => !isPassable(state) && state !== 'PLANNED' && state !== 'QUEUED')
    const rows = open.length > 0 && which > 0 ? open : all
    return rows[which % rows.length]
  }

  private async tell(which: 0 | 1, what: Told['what']): Promise<void> {
    const dossier = this.dossiers[which] as SeededDossier
    const told = { dossier, what, version: this.told.filter((earlier) => earlier.dossier === dossier).length + 1 }
    this.told.push(told)
    await this.plan(told)
  }

  /** The first version of the whole dossier is sent or adopted; all else is sent. */
  private intentOf({ dossier, what, version }: Told, systemId: RandomSystem): TransferIntent {
    const base = { dossierCode: dossier.code, dossierVersion: version, at: '2026-03-15T01:00:00.000Z', procedureCode: '1.012783' }
    const own =
      what === 'WHOLE' ? { dossier: { code: dossier.code, version }, status: 2 } : what === 'SUPPLEMENT' ? { supplementNo: version } : {}
    const body = { ...base, ...CHANGES[what][systemId], ...own } as unknown as TransferBody
    const introduction = version === 1 ? this.introductions[this.dossiers.indexOf(dossier)]?.[systemId] : 'SEND'
    const { there } = this.peers[systemId]
    if (introduction === 'ADOPT_SAME' || introduction === 'ADOPT_OTHER') {
      const had = { key: 'theirs', dossierCode: dossier.code, operation: body.operation, number: version, restores: 0 }
      if (!there.some((act) => isSameAct(act, had)))
        there.push({ ...had, digest: introduction === 'ADOPT_SAME' ? digestBody(body) : 'other content' })
    }
    return { body, mode: introduction === 'SEND' ? 'LIVE' : 'ADOPT' }
  }

  private async plan(told: Told): Promise<void> {
    const { dossier, version } = told
    await this.db.transaction(async (tx) => {
      const [clock] = await tx.query<{ now: Date }>('UPDATE dossier SET version = $2::int WHERE id = $1::uuid RETURNING app_now() AS now', [
        dossier.id,
        version,
      ])
      const now = clock?.now ?? new Date()
      const change = { dossierId: dossier.id, dossierCode: dossier.code, dossierVersion: version, dueAt: now, now }
      await planTransfers(
        tx,
        { ...change, calendar: buildWorkingCalendar(WEEKDAYS_ALONE), correlationId: 'thử', causedBy: 'mc.1' },
        SYSTEMS.map((systemId) => this.intentOf(told, systemId)),
      )
    })
  }

  private rows(): Promise<Rows> {
    return readRows(
      this.db,
      this.dossiers.map(({ code }) => code),
    )
  }

  private async check(after: string): Promise<void> {
    const now = await this.rows()
    for (const systemId of SYSTEMS) checkTables(this.known, now, this.peers[systemId], after)
    this.known = now
  }
}
