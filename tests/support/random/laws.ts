import { PASSABLE_STATES, TERMINAL_STATES, type TransferState } from '../../../src/model/transfer-state.js'
import type { Database } from '../../../src/platform/database.js'
import {
  isIntroduction,
  isSameAct,
  ONCE,
  PEER_PROCESSING_MS,
  type RandomSystem,
  type Registered,
  type Stalled,
  type TinyPeer,
} from './tiny-peer.js'

/** What holds whatever happens: of the tables beside what the other side has, and of each call. Broken ones throw. */
export interface Row extends Omit<Registered, 'restores'> {
  readonly id: string
  readonly systemId: RandomSystem
  readonly mode: 'LIVE' | 'ADOPT'
  readonly sequence: number
  readonly state: TransferState
  readonly heldReason: string | null
  readonly audits: number
  /** It stood in the tables, or was planned, when a restore from a backup had made them forget. */
  readonly restored: boolean
}

export type Rows = ReadonlyMap<string, Row>

const isTerminal = (state: TransferState): boolean => (TERMINAL_STATES as readonly string[]).includes(state)
export const isPassable = (state: TransferState): boolean => (PASSABLE_STATES as readonly string[]).includes(state)

export const readRows = async (db: Database, codes: readonly string[]): Promise<Rows> => {
  const rows = await db.query<Row>(
    `SELECT t.id::text, t.idempotency_key AS key, d.code AS "dossierCode", t.system_id AS "systemId", t.operation, t.sequence, t.mode, t.digest, t.state, t.held_reason AS "heldReason",
       CASE WHEN t.operation = ANY($2::text[]) THEN 1 ELSE coalesce((t.body->>'supplementNo')::int, t.dossier_version) END AS number, t.recovery_epoch_id IS NOT NULL AS restored,
       (SELECT count(*)::int FROM audit_entry a WHERE a.transfer_id = t.id) AS audits
     FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code = ANY($1::text[]) ORDER BY d.code, t.system_id, t.sequence, t.dossier_version`,
    [codes, [...ONCE]],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Between two looks at the tables, of one system. What was sent before the last restore stands in no order that the tables know. */
export const checkTables = (before: Rows, now: Rows, peer: TinyPeer, after: string): void => {
  const { id: systemId, accepted, there, claimed, restores } = peer
  const law = (holds: boolean, broken: string): void => {
    if (!holds) throw new Error(`${systemId}: ${broken}, after ${after}`)
  }
  const rows = [...now.values()].filter((row) => row.systemId === systemId)
  accepted.forEach((act, at) => {
    const earlier = accepted.slice(0, at)
    law(![...there, ...earlier].some((other) => isSameAct(act, other)), `doubled: ${accepted.map(({ key }) => key).join(' ')}`)
    const introduced =
      claimed.has(act.dossierCode) || [...there, ...earlier].some((other) => isIntroduction(other) && other.dossierCode === act.dossierCode)
    law(isIntroduction(act) || introduced, `${act.key} speaks of a dossier that they do not have`)
  })
  for (const [id, was] of before) {
    const row = now.get(id)
    law(row !== undefined, `${was.key} is lost`)
    if (row && isTerminal(was.state) && row.state !== was.state)
      law(row.audits > was.audits, `${row.key} left ${was.state} for ${row.state} without an audit entry`)
  }
  for (const row of rows) {
    const has = accepted.some(({ key }) => key === row.key)
    law(!has || row.mode !== 'ADOPT', `${row.key} was sent, and was to be adopted`)
    if (row.state === 'DELIVERED')
      law(has || isAdopted(peer, row) || (row.restored && hasIt(peer.registered, row)), `${row.key} is DELIVERED and they do not have it`)
    if (has && !row.restored)
      law(['DELIVERED', 'SENDING', 'INDETERMINATE', 'HELD'].includes(row.state), `${row.key} is ${row.state} and they have it`)
  }
  const byKey = new Map(rows.map((row) => [row.key, row]))
  for (const code of new Set(rows.map(({ dossierCode }) => dossierCode))) {
    const sequences = accepted.flatMap((act) => {
      const row = act.restores === restores ? byKey.get(act.key) : undefined
      return row?.dossierCode === code ? [row.sequence] : []
    })
    law(
      sequences.every((sequence, at) => at === 0 || sequence >= (sequences[at - 1] ?? 0)),
      `out of order: ${sequences.join(' ')}`,
    )
  }
}

/** They had it before us, with our content, or as a person has confirmed. */
const isAdopted = ({ there }: TinyPeer, row: Row): boolean =>
  row.mode === 'ADOPT' && there.some((act) => isSameAct(act, row) && (act.digest === row.digest || row.audits > 0))

/** The act itself under another key, or a later version of the whole dossier. */
export const hasIt = (accepted: readonly Registered[], row: Row): boolean =>
  accepted.some(
    (act) =>
      isSameAct(act, row) ||
      (isIntroduction(row) && act.operation === row.operation && act.dossierCode === row.dossierCode && act.number > row.number),
  )

/** What the machine has still to bring to an end: neither settled nor before a person, and nothing of its dossier and system stands before it. */
export const stillOpen = (rows: Rows): Row[] =>
  [...rows.values()].filter(({ state, dossierCode, systemId, sequence }) => {
    const ahead = [...rows.values()].filter(
      (other) => other.dossierCode === dossierCode && other.systemId === systemId && other.sequence < sequence,
    )
    return !isTerminal(state) && state !== 'HELD' && ahead.every((other) => isPassable(other.state))
  })

interface AtCall {
  readonly paused: boolean
  readonly crowded: boolean
  readonly hasty: boolean
  readonly shut: boolean
  readonly unwritten: boolean
  readonly unconfirmed: boolean
}

/** Of both systems: twice the deadline of a call, and the margin. */
export const LEASE_MS = 50_000
/** Later than the last possible moment of sending, and than what they may take to process it; clocks of two statements may differ by a rounding. */
const ABSENT_COUNTS_AFTER_MS = LEASE_MS + PEER_PROCESSING_MS - 10

/**
 * A call that the gate should not have let pass, or that no attempt row stands for; and a sending once more of what may be there: since the last sending of
 * unknown outcome they have not said twice, late enough, that it is not, nor has a person.
 */
export const checkCall = async (db: Database, systemId: RandomSystem, kind: 'SEND' | 'INQUIRE', dossierCode: string): Promise<void> => {
  const [found] = await db.query<AtCall>(
    `WITH mine AS (
       SELECT a.* FROM attempt a JOIN transfer t ON t.id = a.transfer_id JOIN dossier d ON d.id = t.dossier_id
       WHERE d.code = $1 AND t.system_id = $3 ORDER BY a.lease_token DESC LIMIT 1)
     SELECT g.paused_at IS NOT NULL AS paused,
       coalesce((SELECT count(*) FROM transfer f WHERE f.system_id = $3 AND f.state = 'SENDING') > g.max_in_flight, false) AS crowded,
       coalesce((SELECT count(*) FROM attempt a JOIN transfer f ON f.id = a.transfer_id WHERE f.system_id = $3 AND a.started_at > g.set_at)
         > 1 + g.max_per_second * (extract(epoch FROM app_now() - g.set_at) + 0.03), false) AS hasty,
       EXISTS (SELECT 1 FROM mine JOIN system_breaker b ON b.system_id = $3 AND b.class = mine.kind
         WHERE b.opened_at < mine.started_at AND mine.started_at < b.open_until) AS shut,
       NOT EXISTS (SELECT 1 FROM mine WHERE kind = $2 AND ended_at IS NULL) AS unwritten,
       EXISTS (SELECT 1 FROM mine JOIN LATERAL (
           SELECT * FROM attempt a WHERE a.transfer_id = mine.transfer_id AND a.number < mine.number AND a.kind = 'SEND'
             AND a.outcome IS DISTINCT FROM 'UNAVAILABLE' AND a.outcome IS DISTINCT FROM 'NOT_SENT' ORDER BY a.number DESC LIMIT 1) last ON true
         WHERE mine.kind = 'SEND' AND coalesce(last.outcome, 'LOST') IN ('LOST', 'INDETERMINATE', 'ACCEPTED')
           AND (SELECT count(*) FROM attempt i WHERE i.transfer_id = mine.transfer_id AND i.number > last.number AND i.kind = 'INQUIRE'
             AND i.outcome = 'ABSENT' AND NOT i.late AND i.started_at >= last.started_at + $4::int * interval '1 millisecond') < 2
           AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.transfer_id = mine.transfer_id AND e.act = 'CONFIRM_ABSENT' AND e.at >= last.started_at)
       ) AS unconfirmed
     FROM system_gate g WHERE g.system_id = $3`,
    [dossierCode, kind, systemId, ABSENT_COUNTS_AFTER_MS],
  )
  const broken = Object.entries(found ?? { unwritten: true }).filter(([, is]) => is)
  if (broken.length > 0)
    throw new Error(`a call (${kind}) to ${systemId} about ${dossierCode} that should not be: ${broken.map(([why]) => why).join(', ')}`)
}

/** What a stalled worker brings when its right has passed on is kept, and where another has the transfer `inHand` meanwhile it is as that one left it. */
export const checkLateAnswer = async (db: Database, { systemId, key, answer }: Stalled, inHand: boolean): Promise<void> => {
  const [found] = await db.query<{ state: TransferState; late: boolean; outcome: string | null }>(
    `SELECT t.state, a.late, a.outcome FROM transfer t JOIN attempt a ON a.transfer_id = t.id AND a.kind = 'SEND'
     WHERE t.system_id = $1 AND t.idempotency_key = $2 ORDER BY a.number DESC LIMIT 1`,
    [systemId, key],
  )
  if (!found?.late || found.outcome !== answer)
    throw new Error(`${systemId}: the late answer (${answer}) to ${key} is not kept: ${found?.outcome}${found?.late ? '' : ', in time'}`)
  if (inHand && found.state !== 'SENDING')
    throw new Error(`${systemId}: the late answer (${answer}) to ${key} has moved it to ${found.state}`)
}
