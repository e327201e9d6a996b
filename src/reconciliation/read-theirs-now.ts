import { databaseNow } from '../dossier/dossier-repository.js'
import type { ComparedField, ComparedRecord } from '../model/compared-record.js'
import { describeComparedField, describeDiscrepancyClass } from '../model/discrepancy.js'
import { lowerFirst, upperFirst } from '../model/first-letter.js'
import { SYSTEM_IN_SENTENCE, type SystemId } from '../model/system.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Sql, Tx } from '../platform/database.js'
import { type DiscrepancyRow, lookAgainSoon, type Seen, updateSeen } from './discrepancy-repository.js'
import { readOurSide } from './our-side-repository.js'
import type { RepairDependencies } from './reconciliation-dependencies.js'
import { type RepairRefusal, refused } from './refuse-repair.js'
import { seeBothSides } from './see-both-sides.js'
import type { TheirSide } from './their-side.js'

/**
 * Đọc lại bên kia lúc sửa: whoever repairs acts on what a look has shown, be it of last night. So the other side is asked once more before anything is begun, and when it
 * holds something else by now the repair is refused, and what it holds is kept for whoever looks again.
 */
export interface TheirsNow {
  readonly kind: 'READ'
  readonly fields: readonly ComparedField[]
  /** Before they were asked. */
  readonly askedAt: Date
  readonly recordsOf: (dossierCode: string) => readonly ComparedRecord[]
  readonly isSpoilt: (dossierCode: string) => boolean
}

/** Throws UPSTREAM_UNAVAILABLE. */
export const readTheirsNow = async (
  deps: Pick<RepairDependencies, 'db' | 'theirSide'>,
  systemId: SystemId,
  codes: readonly string[],
): Promise<TheirsNow | RepairRefusal> => {
  const their = deps.theirSide(systemId)
  if (!their)
    return refused(
      'NOT_COMPARED',
      `${upperFirst(SYSTEM_IN_SENTENCE[systemId])} nay không được đối soát (cấu hình), nên không đọc lại được để sửa.`,
    )
  return askThem(deps.db, their, codes)
}

export const askThem = async (sql: Sql, their: TheirSide, codes: readonly string[]): Promise<TheirsNow> => {
  const askedAt = await databaseNow(sql)
  const { records, unreadable } = await their.ofCodes([...new Set(codes)])
  return {
    kind: 'READ',
    fields: their.fields,
    askedAt,
    recordsOf: (code) => records.filter(({ dossierCode }) => dossierCode === code),
    isSpoilt: (code) => unreadable.has(code),
  }
}

/** Under the discrepancy's lock, once our side is known to be as it was seen. `runId`: of the run that repairs by policy; null: a person does. */
export const refusalByTheirsNow = async (
  deps: Pick<RepairDependencies, 'feedOf' | 'graceMs'>,
  tx: Tx,
  row: DiscrepancyRow,
  theirs: TheirsNow,
  runId: string | null,
): Promise<RepairRefusal | undefined> => {
  const { systemId, dossierCode } = row
  const { fields, askedAt } = theirs
  const there = upperFirst(SYSTEM_IN_SENTENCE[systemId])
  const records = theirs.recordsOf(dossierCode)
  const isSpoilt = theirs.isSpoilt(dossierCode)
  if (isSpoilt && records.length === 0)
    return refused('UNREADABLE_THERE', `${there} có bản ghi của hồ sơ này mà nay không đọc được: không sửa theo điều đã thấy trước đó.`)
  const facts = (await readOurSide(tx, systemId, fields, [dossierCode], new Date(askedAt.getTime() - deps.graceMs))).get(dossierCode)
  if (!facts) return undefined
  // What stands still has no repair.
  const seen = seeBothSides(
    { feedOf: deps.feedOf },
    { systemId, fields, facts, theirs: records, isSpoilt, at: askedAt, staleBefore: new Map() },
  )
  const same = seen.find(({ class: of }) => of === row.class)
  if (same?.fingerprint === row.fingerprint) return undefined
  if (askedAt > row.seenAt) await keepSeen(tx, row, same, { runId, at: askedAt })
  const when = describeInstant(askedAt)
  const [other] = seen
  if (!same && other)
    return refused(
      'STALE_WRITE',
      `${there}, đọc lại lúc ${when}, nay lệch theo cách khác (${describeDiscrepancyClass(other.class).vi}): chưa sửa gì, lượt đối soát sau xem lại.`,
    )
  if (!same)
    return refused(
      'STALE_WRITE',
      `${there}, đọc lại lúc ${when}, không còn sai lệch này: chưa sửa gì, lượt đối soát sau kiểm lại rồi đóng.`,
    )
  const changed = same.fields.map(({ field }) => lowerFirst(describeComparedField(field))).join(', ')
  const what = changed === '' ? '' : ` (${changed})`
  return refused(
    'STALE_WRITE',
    `${there}, đọc lại lúc ${when}, nay khác với điều đã thấy${what}: chưa sửa gì, hãy xem giá trị mới rồi quyết định.`,
  )
}

/** What was ignored were other values. Those of an open one are confirmed by the next run, whatever its days. */
const keepSeen = async (
  tx: Tx,
  row: DiscrepancyRow,
  seen: Seen | undefined,
  look: { readonly runId: string | null; readonly at: Date },
): Promise<void> => {
  if (seen) await updateSeen(tx, row, seen, row.state === 'IGNORED' ? 'SUSPECTED' : 'OPEN', look)
  else await lookAgainSoon(tx, row.id, look.at)
}
