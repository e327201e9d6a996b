import { WEEKDAYS_ALONE } from '../../src/model/calendar-data.js'
import type { BreakerRules, OperationClass } from '../../src/model/circuit-breaker.js'
import type { Operation } from '../../src/model/system.js'
import type { TransferBody } from '../../src/model/transfer-body.js'
import type { TransferState } from '../../src/model/transfer-state.js'
import { buildWorkingCalendar } from '../../src/model/working-calendar.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import type { DeliveryOutcome, InquiryAnswer, Sending, TargetSystem } from '../../src/ports/target-system.js'
import { reportCall } from '../../src/transfer/breaker-repository.js'
import { type DeliveryDependencies, deliver } from '../../src/transfer/deliver-transfer.js'
import { configureGate } from '../../src/transfer/gate-repository.js'
import { planTransfers } from '../../src/transfer/plan-transfers.js'
import { type SeededDossier, seedDossier } from './seed-dossiers.js'
import { createDistrictDatabase } from './test-database.js'

/** The tables and the senders of ViLIS over a system whose every answer the test gives: no queue, no wire. */
export interface BareDeliveries {
  readonly url: string
  readonly db: Database
  readonly dependencies: DeliveryDependencies
  /** What the other side does from now on. */
  answer(send: (sending: Sending) => Promise<DeliveryOutcome>, inquire?: (sending: Sending) => Promise<InquiryAnswer>): void
  dossier(): Promise<SeededDossier>
  /** Planned as one change of the dossier, due in so many ms. */
  plan(dossier: SeededDossier, version: number, operations: readonly Operation[], dueInMs?: number): Promise<void>
  pass(ms: number): Promise<void>
  work(goesOn?: boolean): ReturnType<typeof deliver>
  transfers(): Promise<TransferSeen[]>
  breaker(operationClass: OperationClass): Promise<BreakerState>
  /** For the next test: nothing planned, nothing known of ViLIS, which takes everything and has nothing. */
  reset(): Promise<void>
  close(): Promise<void>
}

export interface TransferSeen {
  readonly id: string
  readonly key: string
  readonly sequence: number
  readonly state: TransferState
}

export interface BreakerState {
  readonly failures: number
  readonly openings: number
  readonly openForMs: number | null
}

export const BREAKER: BreakerRules = { failuresToOpen: 5, openMs: 5_000, maxOpenMs: 60_000 }
const CALLED = { elapsedMs: 1 }

export const openBareDeliveries = async (changes: Partial<DeliveryDependencies> = {}): Promise<BareDeliveries> => {
  const database = await createDistrictDatabase()
  const db = openDatabase({ url: database.url, poolSize: 8, onError: () => undefined })
  const url = database.url
  let dossiers = 0
  let send: (sending: Sending) => Promise<DeliveryOutcome>
  let inquire: (sending: Sending) => Promise<InquiryAnswer>
  const reset = async (): Promise<void> => {
    send = async () => ({ kind: 'ACCEPTED', alreadyHad: false })
    inquire = async () => ({ kind: 'ABSENT' })
    await db.query('TRUNCATE transfer, attempt, outbox_event, audit_entry, recovery_epoch, system_gate, system_breaker CASCADE')
    await configureGate(db, 'VILIS', { maxPerSecond: null, maxInFlight: null, rampMs: 30_000 })
  }
  await reset()
  const target: TargetSystem = {
    id: 'VILIS',
    operations: ['RECEIVE', 'SUPPLEMENT', 'WITHDRAW', 'CONFIRM_RETURN'],
    requestsPerStep: 1,
    traits: () => ({ inquiryStrength: 'KEY_AND_DIGEST', maxProcessingMs: 60_000, callDeadlineMs: 20_000 }),
    check: async () => null,
    send: async (sending) => ({ outcome: await send(sending), evidence: CALLED }),
    inquire: async (sending) => ({ answer: await inquire(sending), evidence: CALLED }),
    close: async () => undefined,
  }
  const dependencies: DeliveryDependencies = {
    sql: db,
    targets: new Map([['VILIS', target]]),
    rules: {
      schedule: { waitsMs: [5_000, 30_000, 120_000, 600_000, 3_600_000], jitter: 0, retryAfterMinMs: 1_000, retryAfterMaxMs: 3_600_000 },
      inquiryWaitMs: 5_000,
    },
    leaseMarginMs: 10_000,
    worker: 'tien-trinh',
    random: () => 0.5,
    onAttempt: () => undefined,
    reportCall: async (systemId, operationClass, report, begunAt) => {
      await reportCall(db, systemId, operationClass, report, BREAKER, begunAt)
    },
    onError: (error) => {
      throw error
    },
    ...changes,
  }
  return {
    url,
    db,
    dependencies,
    answer: (nextSend, nextInquire = inquire) => {
      send = nextSend
      inquire = nextInquire
    },
    dossier: () => {
      dossiers += 1
      return seedDossier(db, { code: `H58.22-260315-${String(dossiers).padStart(4, '0')}`, commune: { code: '28594', on: '2026-01-01' } })
    },
    plan: (dossier, dossierVersion, operations, dueInMs = 0) =>
      db.transaction(async (tx) => {
        const rows = await tx.query<{ now: Date }>('SELECT app_now() AS now FROM dossier WHERE id = $1::uuid FOR UPDATE', [dossier.id])
        const { now } = rows[0] as { now: Date }
        const context = {
          dossierId: dossier.id,
          dossierCode: dossier.code,
          dossierVersion,
          dueAt: new Date(now.getTime() + dueInMs),
          now,
          calendar: buildWorkingCalendar(WEEKDAYS_ALONE),
          correlationId: 'thu',
          causedBy: 'thu',
        }
        const bodyOf = (operation: Operation) => ({ operation, dossierCode: dossier.code, dossierVersion }) as unknown as TransferBody
        await planTransfers(
          tx,
          context,
          operations.map((operation) => ({ mode: 'LIVE', body: bodyOf(operation) })),
        )
      }),
    pass: async (ms) => {
      await db.query('UPDATE app_clock SET shift_ms = shift_ms + $1::bigint RETURNING 1 AS done', [ms])
    },
    work: (goesOn = true) => deliver(dependencies, 'VILIS', () => goesOn),
    transfers: () =>
      db.query<TransferSeen>(
        `SELECT id::text, idempotency_key AS key, sequence, state FROM transfer ORDER BY dossier_id, sequence, dossier_version`,
      ),
    breaker: async (operationClass) =>
      (
        await db.query<BreakerState>(
          `SELECT failures, openings, round(extract(epoch FROM open_until - app_now()) * 1000)::float8 AS "openForMs"
           FROM system_breaker WHERE system_id = 'VILIS' AND class = $1`,
          [operationClass],
        )
      )[0] as BreakerState,
    reset,
    close: async () => {
      await db.close()
      await database.drop()
    },
  }
}
