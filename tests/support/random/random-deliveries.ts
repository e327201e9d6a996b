import { yieldToNewer } from '../../../src/dossier/yield-to-newer.js'
import { WEEKDAYS_ALONE } from '../../../src/model/calendar-data.js'
import type { TransferBody } from '../../../src/model/transfer-body.js'
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
import { planTransfers } from '../../../src/transfer/plan-transfers.js'
import { releaseFollowers } from '../../../src/transfer/predecessor-repository.js'
import { releaseHeld } from '../../../src/transfer/transfer-repository.js'
import { OPERATOR } from '../operator-acts.js'
import { raise } from '../raise.js'
import { type SeededDossier, seedDossier } from '../seed-dossiers.js'
import { type Backup, restoreBackup, takeBackup } from './backup.js'
import type { Happening, PersonsAct } from './happenings.js'
import { checkCall, checkTables, hasIt, isPassable, type Row, type Rows, readRows, stillOpen } from './laws.js'
import { PEER_PROCESSING_MS, type PeerHooks, TinyPeer, WorkerDied } from './tiny-peer.js'

const HOUR = 3_600_000
const LEASE_MS = 50_000
/** Each of a dozen transfers in a row is asked for twice and then sent, an hour apart. */
const MOST_ROUNDS = 50
const REASON = { reason: 'thử', actor: OPERATOR }
const ON_VILIS = { systemId: 'VILIS', ...REASON } as const
const NO_LIMITS = { maxPerSecond: null, maxInFlight: null }

/** A change of a dossier that its source has told, and would tell again to who has forgotten it. */
interface Told {
  readonly dossier: SeededDossier
  readonly operation: 'RECEIVE' | 'SUPPLEMENT'
  readonly version: number
}

/** Two dossiers with a handful of transfers over the real repositories and acts, and the laws (`laws.ts`) that hold whatever happens. */
export class RandomDeliveries {
  private readonly peer: TinyPeer
  private readonly delivery: DeliveryDependencies
  private readonly dossiers: SeededDossier[] = []
  private readonly told: Told[] = []
  private known: Rows = new Map()
  private backup: { readonly tables: Backup; readonly told: number } | undefined

  constructor(
    private readonly db: Database,
    inquiryStrength: PeerHooks['inquiryStrength'],
  ) {
    this.peer = new TinyPeer({
      inquiryStrength,
      outliveLease: async () => {
        await this.pass(LEASE_MS + 1)
        await reclaimLostLeases(db)
      },
      onCall: (kind, dossierCode) => checkCall(db, kind, dossierCode),
    })
    this.delivery = {
      sql: db,
      targets: new Map([['VILIS', withRestoredInquiry(this.peer, db)]]),
      rules: {
        schedule: { waitsMs: [5_000, 60_000, HOUR], jitter: 0.2, retryAfterMinMs: 1_000, retryAfterMaxMs: HOUR },
        inquiryWaitMs: 5_000,
      },
      leaseMarginMs: 10_000,
      worker: 'tien-trinh',
      random: () => 0.5,
      onAttempt: () => undefined,
      reportCall: async (systemId, operationClass, report, begunAt) => {
        await reportCall(db, systemId, operationClass, report, { failuresToOpen: 2, openMs: 30_000, maxOpenMs: 60_000 }, begunAt)
      },
      onError: (error) => {
        throw error
      },
    }
  }

  async begin(codes: readonly [string, string]): Promise<void> {
    await configureGate(this.db, 'VILIS', { ...NO_LIMITS, rampMs: 0 })
    for (const code of codes) this.dossiers.push(await seedDossier(this.db, { code, commune: { code: '28594', on: '2026-01-01' } }))
    for (const which of [0, 1] as const)
      for (const operation of ['RECEIVE', 'SUPPLEMENT', 'SUPPLEMENT'] as const) await this.tell(which, operation)
    await this.backUp()
    this.known = await this.rows()
  }

  async happen(happening: Happening): Promise<void> {
    await this.carryOut(happening)
    await this.check(JSON.stringify(happening))
  }

  /** From here on all goes well; then nothing may still be under way, unless a person's decision stands before it. */
  async end(): Promise<void> {
    this.peer.sends = []
    this.peer.inquiries = []
    await resumeSystem(this.db, ON_VILIS)
    await setSystemLimits(this.db, { ...ON_VILIS, limits: NO_LIMITS })
    for (let round = 0; round < MOST_ROUNDS && stillOpen(await this.rows()).length > 0; round += 1) await this.goOn(HOUR)
    // What no inquiry can tell stays with the machine until its budget is spent.
    if (stillOpen(await this.rows()).length > 0) for (const hours of [120, 120, 1]) await this.goOn(hours * HOUR)
    await this.check('the end')
    const [open] = stillOpen(this.known)
    if (open) throw new Error(`${open.key} is ${open.state} for ever, and nothing stands before it`)
  }

  private async goOn(ms: number): Promise<void> {
    await this.pass(ms)
    await this.guard()
    await deliver(this.delivery, 'VILIS', () => true)
  }

  private async carryOut(happening: Happening): Promise<void> {
    switch (happening.what) {
      case 'PASS':
        return this.pass(happening.ms)
      case 'GUARD':
        return this.guard()
      case 'LOAD_MAPPINGS':
        await this.db.transaction((tx) => releaseHeld(tx, 'VILIS', 'MAPPING_MISSING'))
        return
      case 'AMEND':
        return this.tell(happening.which, 'RECEIVE')
      case 'HAND_IN':
        return this.tell(happening.which, 'SUPPLEMENT')
      case 'PERSON':
        return this.person(happening.act, happening.which)
      case 'PAUSE':
        await pauseSystem(this.db, ON_VILIS)
        return
      case 'RESUME':
        await resumeSystem(this.db, ON_VILIS)
        return
      case 'LIMIT': {
        const { maxPerSecond, maxInFlight } = happening
        await setSystemLimits(this.db, { ...ON_VILIS, limits: { maxPerSecond, maxInFlight } })
        return
      }
      case 'BACK_UP':
        return this.backUp()
      case 'RESTORE':
        return this.restore()
      case 'CLOSE_EPOCH':
        await closeRecovery(this.db, { by: 'thử', reason: 'thử', force: false })
        return
      case 'WORK':
        await this.pass(happening.after)
        this.peer.sends = [...happening.sends]
        this.peer.inquiries = [...happening.inquiries]
        await Promise.all(Array.from({ length: happening.workers }, () => this.work()))
    }
  }

  private async work(): Promise<void> {
    try {
      await deliver(this.delivery, 'VILIS', () => false)
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
    this.peer.pass(ms)
  }

  private async backUp(): Promise<void> {
    this.backup = { tables: await takeBackup(this.db), told: this.told.length }
  }

  /** The tables as they were; the other side goes on from where it is, and so do the sources, who tell again what is forgotten. */
  private async restore(): Promise<void> {
    if (!this.backup) return
    await restoreBackup(this.db, this.backup.tables)
    this.peer.restores += 1
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
    return this.peer.has(row.key) || (row.restored && hasIt(this.peer.accepted, row))
  }

  /** Mostly they look at what is not delivered and not merely waiting its turn. */
  private pick(which: number): Row | undefined {
    const all = [...this.known.values()]
    const open = all.filter(({ state }) => !isPassable(state) && state !== 'PLANNED' && state !== 'QUEUED')
    const rows = open.length > 0 && which > 0 ? open : all
    return rows[which % rows.length]
  }

  private async tell(which: 0 | 1, operation: Told['operation']): Promise<void> {
    const dossier = this.dossiers[which] as SeededDossier
    const told = { dossier, operation, version: this.told.filter((earlier) => earlier.dossier === dossier).length + 1 }
    this.told.push(told)
    await this.plan(told)
  }

  private async plan({ dossier, operation, version }: Told): Promise<void> {
    const base = { dossierCode: dossier.code, dossierVersion: version, at: '2026-03-15T01:00:00.000Z', procedureCode: '1.012783' }
    const body = (
      operation === 'RECEIVE'
        ? { ...base, operation, dossier: { code: dossier.code, version } }
        : { ...base, operation, supplementNo: version, note: '', documents: [] }
    ) as TransferBody
    await this.db.transaction(async (tx) => {
      const [clock] = await tx.query<{ now: Date }>('UPDATE dossier SET version = $2::int WHERE id = $1::uuid RETURNING app_now() AS now', [
        dossier.id,
        version,
      ])
      const now = clock?.now ?? new Date()
      const change = { dossierId: dossier.id, dossierCode: dossier.code, dossierVersion: version, dueAt: now, now }
      await planTransfers(tx, { ...change, calendar: buildWorkingCalendar(WEEKDAYS_ALONE), correlationId: 'thử', causedBy: 'mc.1' }, [
        { body, mode: 'LIVE' },
      ])
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
    checkTables(this.known, now, this.peer, after)
    this.known = now
  }
}
