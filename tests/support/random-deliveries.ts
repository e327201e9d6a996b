import { yieldToNewer } from '../../src/dossier/yield-to-newer.js'
import type { TransferBody } from '../../src/model/transfer-body.js'
import { PASSABLE_STATES, TERMINAL_STATES, type TransferState } from '../../src/model/transfer-state.js'
import { abandonTransfer, confirmOutcome, replayTransfer } from '../../src/operator/act-on-transfer.js'
import type { Database } from '../../src/platform/database.js'
import { reportCall } from '../../src/transfer/breaker-repository.js'
import { reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { type DeliveryDependencies, deliver } from '../../src/transfer/deliver-transfer.js'
import { planTransfers } from '../../src/transfer/plan-transfers.js'
import { releaseHeld } from '../../src/transfer/transfer-repository.js'
import { OPERATOR } from './operator-acts.js'
import { raise } from './raise.js'
import { type SeededDossier, seedDossier } from './seed-dossiers.js'
import { type InquiryBehaviour, PEER_PROCESSING_MS, type SendBehaviour, TinyPeer, WorkerDied } from './tiny-peer.js'

/** What may happen to the transfers of two dossiers, in any order. */
export type Happening =
  | {
      readonly what: 'WORK'
      /** Before it, ms. */
      readonly after: number
      readonly workers: 1 | 2
      readonly sends: readonly SendBehaviour[]
      readonly inquiries: readonly InquiryBehaviour[]
    }
  | { readonly what: 'PASS'; readonly ms: number }
  | { readonly what: 'GUARD' | 'LOAD_MAPPINGS' }
  | { readonly what: 'PERSON'; readonly act: 'REPLAY' | 'CONFIRM' | 'ABANDON'; readonly which: number }
  | { readonly what: 'AMEND'; readonly which: 0 | 1 }

interface Row {
  readonly id: string
  readonly key: string
  readonly dossierId: string
  readonly sequence: number
  readonly state: TransferState
  readonly heldReason: string | null
  readonly audits: number
}

const HOUR = 3_600_000
const LEASE_MS = 50_000
const isTerminal = (state: TransferState): boolean => (TERMINAL_STATES as readonly string[]).includes(state)
const isPassable = (state: TransferState): boolean => (PASSABLE_STATES as readonly string[]).includes(state)

/** Two dossiers with a handful of transfers over the real repositories, and the laws that hold whatever happens. */
export class RandomDeliveries {
  private readonly peer: TinyPeer
  private readonly delivery: DeliveryDependencies
  private readonly versions = new Map<string, number>()
  private dossiers: SeededDossier[] = []
  private known = new Map<string, Row>()

  constructor(private readonly db: Database) {
    this.peer = new TinyPeer(async () => {
      await this.pass(LEASE_MS + 1)
      await reclaimLostLeases(db)
    })
    this.delivery = {
      sql: db,
      targets: new Map([['VILIS', this.peer]]),
      rules: {
        schedule: { waitsMs: [5_000, 60_000, HOUR], jitter: 0.2, retryAfterMinMs: 1_000, retryAfterMaxMs: HOUR },
        inquiryWaitMs: 5_000,
      },
      leaseMarginMs: 10_000,
      worker: 'tien-trinh',
      random: () => 0.5,
      onAttempt: () => undefined,
      reportCall: async (systemId, operationClass, report) => {
        await reportCall(db, systemId, operationClass, report, { failuresToOpen: 3, openMs: 5_000, maxOpenMs: 60_000 })
      },
      onError: (error) => {
        throw error
      },
    }
  }

  async begin(codes: readonly [string, string]): Promise<void> {
    for (const code of codes) this.dossiers.push(await seedDossier(this.db, { code, commune: { code: '28594', on: '2026-01-01' } }))
    for (const which of [0, 1] as const) {
      await this.plan(which, 'RECEIVE')
      await this.plan(which, 'SUPPLEMENT')
      await this.plan(which, 'SUPPLEMENT')
    }
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
    for (let round = 0; round < 12; round += 1) {
      await this.pass(HOUR)
      await reclaimLostLeases(this.db)
      await deliver(this.delivery, 'VILIS', () => true)
    }
    await this.check('the end')
    for (const row of this.known.values()) {
      if (isTerminal(row.state) || row.state === 'HELD') continue
      const before = [...this.known.values()].filter(({ dossierId, sequence }) => dossierId === row.dossierId && sequence < row.sequence)
      if (before.every(({ state }) => isPassable(state)))
        throw new Error(`${row.key} is ${row.state} for ever, and nothing stands before it`)
    }
  }

  private async carryOut(happening: Happening): Promise<void> {
    switch (happening.what) {
      case 'PASS':
        return this.pass(happening.ms)
      case 'GUARD':
        await reclaimLostLeases(this.db)
        await yieldToNewer(this.db, raise)
        return
      case 'LOAD_MAPPINGS':
        await releaseHeld(this.db, 'VILIS', 'MAPPING_MISSING')
        return
      case 'AMEND':
        return this.plan(happening.which, 'RECEIVE')
      case 'PERSON':
        return this.person(happening.act, happening.which)
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

  private async pass(ms: number): Promise<void> {
    await this.db.query('UPDATE app_clock SET shift_ms = shift_ms + $1::bigint RETURNING 1 AS done', [ms])
    this.peer.pass(ms)
  }

  /** People say what is there at the moment, some of them before the other side has had its time. */
  private async person(act: 'REPLAY' | 'CONFIRM' | 'ABANDON', which: number): Promise<void> {
    const all = [...this.known.values()]
    // Mostly they look at what is not delivered and not merely waiting its turn.
    const open = all.filter(({ state }) => !isPassable(state) && state !== 'PLANNED' && state !== 'QUEUED')
    const rows = open.length > 0 && which > 0 ? open : all
    const row = rows[which % rows.length]
    if (!row) return
    const asked = { transferId: row.id, reason: 'thử', actor: OPERATOR }
    if (act === 'REPLAY') await replayTransfer(this.db, asked)
    else if (act === 'ABANDON') await abandonTransfer(this.db, asked)
    else {
      if (which % 2 === 0) await this.pass(LEASE_MS + PEER_PROCESSING_MS)
      await confirmOutcome(this.db, { ...asked, happened: this.peer.accepted.includes(row.key) }, () => PEER_PROCESSING_MS)
    }
  }

  private async plan(which: 0 | 1, operation: 'RECEIVE' | 'SUPPLEMENT'): Promise<void> {
    const dossier = this.dossiers[which] as SeededDossier
    const dossierVersion = (this.versions.get(dossier.id) ?? 0) + 1
    this.versions.set(dossier.id, dossierVersion)
    const base = { dossierCode: dossier.code, dossierVersion, at: '2026-03-15T01:00:00.000Z', procedureCode: '1.012783' }
    const body = (
      operation === 'RECEIVE'
        ? { ...base, operation, dossier: { code: dossier.code, version: dossierVersion } }
        : { ...base, operation, supplementNo: dossierVersion, note: '', documents: [] }
    ) as TransferBody
    await this.db.transaction(async (tx) => {
      const [clock] = await tx.query<{ now: Date }>('SELECT app_now() AS now FROM dossier WHERE id = $1::uuid FOR UPDATE', [dossier.id])
      const now = clock?.now ?? new Date()
      const context = {
        dossierId: dossier.id,
        dossierCode: dossier.code,
        dossierVersion,
        dueAt: now,
        now,
        correlationId: 'thử',
        causedBy: 'mc.1',
      }
      await planTransfers(tx, context, [{ body, mode: 'LIVE' }])
    })
  }

  private async rows(): Promise<Map<string, Row>> {
    const rows = await this.db.query<Row>(
      `SELECT t.id::text, t.idempotency_key AS key, t.dossier_id::text AS "dossierId", t.sequence, t.state, t.held_reason AS "heldReason",
         (SELECT count(*)::int FROM audit_entry a WHERE a.transfer_id = t.id) AS audits
       FROM transfer t WHERE t.dossier_id = ANY($1::uuid[]) ORDER BY t.dossier_id, t.sequence, t.dossier_version`,
      [this.dossiers.map(({ id }) => id)],
    )
    return new Map(rows.map((row) => [row.id, row]))
  }

  private async check(after: string): Promise<void> {
    const now = await this.rows()
    const { accepted } = this.peer
    const law = (holds: boolean, broken: string): void => {
      if (!holds) throw new Error(`${broken}, after ${after}`)
    }
    law(new Set(accepted).size === accepted.length, `doubled: ${accepted.join(' ')}`)
    const byKey = new Map([...now.values()].map((row) => [row.key, row]))
    for (const [id, before] of this.known) {
      const row = now.get(id)
      law(row !== undefined, `${before.key} is lost`)
      if (row && isTerminal(before.state) && row.state !== before.state)
        law(row.audits > before.audits, `${row.key} left ${before.state} for ${row.state} without an audit entry`)
    }
    for (const row of now.values()) {
      if (row.state === 'DELIVERED') law(accepted.includes(row.key), `${row.key} is DELIVERED and they do not have it`)
      if (accepted.includes(row.key))
        law(['DELIVERED', 'SENDING', 'INDETERMINATE', 'HELD'].includes(row.state), `${row.key} is ${row.state} and they have it`)
    }
    for (const { id } of this.dossiers) {
      const order = accepted.map((key) => byKey.get(key)).filter((row) => row?.dossierId === id)
      const sequences = order.map((row) => row?.sequence ?? 0)
      law(
        sequences.every((sequence, index) => index === 0 || sequence >= (sequences[index - 1] ?? 0)),
        `out of order: ${sequences.join(' ')}`,
      )
    }
    this.known = now
  }
}
