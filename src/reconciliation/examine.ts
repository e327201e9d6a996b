import { databaseNow } from '../dossier/dossier-repository.js'
import type { ComparedRecord } from '../model/compared-record.js'
import type { Database, Tx } from '../platform/database.js'
import { closeUnseen, type DiscrepancyRow, insertSeen, lockLiveOf, markChecked, type Seen, updateSeen } from './discrepancy-repository.js'
import { feedReadToEndAt, type OurFacts, readOurSide, type StaleBefore } from './our-side-repository.js'
import { type SeeDependencies, seeBothSides } from './see-both-sides.js'
import type { TheirSide } from './their-side.js'

/**
 * Xem kỹ: whatever a scan suspects is read again on both sides, theirs first and ours after it, and judged; what is in flight is left alone. A difference is
 * SUSPECTED at first. It counts as found (OPEN) when the same values are seen again after the grace time and, where the system tells us of
 * its changes in a feed, after that feed has been read to its end since: nothing that was on its way then can be on its way still. A
 * system that never tells us anything cannot have anything on its way to us, so what differs there is found at once.
 */
export interface ExamineDependencies extends SeeDependencies {
  readonly db: Database
  readonly graceMs: number
  /** By the working calendar in force. */
  readonly staleBefore: (now: Date) => Promise<StaleBefore>
}

export interface Examined {
  readonly examined: number
  /** Codes that are on their way: nothing was said of them. */
  readonly inFlight: readonly string[]
}

export const examine = async (deps: ExamineDependencies, their: TheirSide, runId: string, codes: readonly string[]): Promise<Examined> => {
  const inFlight: string[] = []
  // Each once, for who is asked twice may answer twice; in one order, so that two runs which find the same at once do not wait for each other.
  const asked = [...new Set(codes)].sort()
  for (let start = 0; start < asked.length; start += their.batchLimit) {
    const batch = asked.slice(start, start + their.batchLimit)
    const begunAt = await databaseNow(deps.db)
    const { records, unreadable } = await their.ofCodes(batch)
    const staleBefore = await deps.staleBefore(begunAt)
    const byCode = new Map<string, ComparedRecord[]>()
    for (const record of records) byCode.set(record.dossierCode, [...(byCode.get(record.dossierCode) ?? []), record])
    inFlight.push(
      ...(await deps.db.transaction((tx) => judgeBatch(deps, tx, { their, runId, batch, begunAt, byCode, unreadable, staleBefore }))),
    )
  }
  return { examined: asked.length, inFlight }
}

interface Batch {
  readonly their: TheirSide
  readonly runId: string
  readonly batch: readonly string[]
  /** Before they were asked. */
  readonly begunAt: Date
  readonly byCode: ReadonlyMap<string, readonly ComparedRecord[]>
  readonly unreadable: ReadonlySet<string>
  readonly staleBefore: StaleBefore
}

/** Returns those that were in flight. The discrepancies are locked first: who acts upon one waits for this look, or is seen by it. */
const judgeBatch = async (deps: ExamineDependencies, tx: Tx, look: Batch): Promise<string[]> => {
  const { their, batch, begunAt, byCode, unreadable, runId, staleBefore } = look
  const live = await lockLiveOf(tx, their.id, batch)
  const facts = await readOurSide(tx, their.id, their.fields, batch, new Date(begunAt.getTime() - deps.graceMs))
  const feed = deps.feedOf(their.id)
  const readToEndAt = feed === 'READ' ? await feedReadToEndAt(tx, their.id) : undefined
  const isOver = (since: Date): boolean =>
    feed === 'NONE' ||
    (begunAt.getTime() >= since.getTime() + deps.graceMs && (feed !== 'READ' || (readToEndAt !== undefined && readToEndAt > since)))
  /** Somebody has looked at it since they were asked: what they said then is no news of it. */
  const isOlderThan = ({ seenAt }: DiscrepancyRow): boolean => begunAt < seenAt
  const inFlight: string[] = []
  for (const code of batch) {
    const known = live.filter(({ dossierCode }) => dossierCode === code)
    const ours = facts.get(code) as OurFacts
    const theirs = byCode.get(code) ?? []
    const isSpoilt = unreadable.has(code)
    if (ours.inFlight || (isSpoilt && theirs.length === 0)) {
      if (ours.inFlight) inFlight.push(code)
      await markChecked(
        tx,
        known.map(({ id }) => id),
        runId,
      )
      continue
    }
    const found = seeBothSides(deps, { systemId: their.id, fields: their.fields, facts: ours, theirs, isSpoilt, at: begunAt, staleBefore })
    for (const seen of found) {
      const row = known.find(({ class: of }) => of === seen.class)
      if (row && isOlderThan(row)) await markChecked(tx, [row.id], runId)
      else if (row) await seeAgain(tx, row, seen, { runId, at: begunAt, isOver })
      else await insertSeen(tx, seen, feed === 'NONE' ? 'OPEN' : 'SUSPECTED', runId, begunAt)
    }
    for (const row of known.filter((one) => !isOlderThan(one) && !found.some(({ class: of }) => of === one.class)))
      await closeUnseen(tx, row, { runId, at: begunAt, isMended: !found.some((one) => isOfTheSame(row, one)) })
  }
  return inFlight
}

/** What it was about differs still, and has another class by now; or the whole of it is gone from one side. */
const isOfTheSame = (row: DiscrepancyRow, seen: Seen): boolean =>
  row.fields.length > 0 &&
  (seen.class === 'MISSING_THERE' ||
    seen.class === 'MISSING_HERE' ||
    seen.fields.some(({ field }) => row.fields.some((one) => one.field === field)))

const STILL_DIFFERS = 'Đã sửa nhưng lần xem lại sau vẫn lệch.'

const seeAgain = async (
  tx: Tx,
  row: DiscrepancyRow,
  seen: Seen,
  /** `isOver`: whatever was on its way at that moment has come by now. */
  { runId, at, isOver }: { readonly runId: string; readonly at: Date; readonly isOver: (since: Date) => boolean },
): Promise<void> => {
  const isSame = row.fingerprint === seen.fingerprint
  switch (row.state) {
    case 'SUSPECTED':
      return updateSeen(tx, row, seen, isSame && isOver(row.suspectedAt) ? 'OPEN' : 'SUSPECTED', { runId, at })
    case 'REPAIRING':
      if (!isOver(row.repairedAt ?? row.suspectedAt)) return updateSeen(tx, row, seen, 'REPAIRING', { runId, at })
      return updateSeen(tx, row, seen, 'OPEN', { runId, at, repairError: STILL_DIFFERS })
    case 'IGNORED':
      // What was ignored were those values.
      return updateSeen(tx, row, seen, isSame ? 'IGNORED' : 'SUSPECTED', { runId, at })
    default:
      return updateSeen(tx, row, seen, 'OPEN', { runId, at })
  }
}
