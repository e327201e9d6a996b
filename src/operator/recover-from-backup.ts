import { type Database, LONG_WORK, type Sql, type Tx } from '../platform/database.js'
import {
  closeEpoch,
  countRecovery,
  findOpenEpoch,
  holdTransfers,
  lockOpenEpoch,
  newestInstant,
  openEpoch,
  type RecoveryCounts,
  type RecoveryEpoch,
} from '../transfer/recovery-repository.js'

/**
 * Khôi phục từ bản sao lưu: opening and closing a recovery epoch (`transfer/recovery-repository.ts`), each with a name, a reason and an
 * audit entry in the same database transaction. A process that notices a restored database opens one by itself.
 */
export interface OpenRecovery {
  /** The backup's instant; absent: the newest instant that the tables know. For people: nothing is computed from it. */
  readonly backupAt?: Date
  readonly by: string
  readonly reason: string
}

/** An epoch that is open already is closed by it. */
export const openRecovery = (db: Database, recovery: OpenRecovery): Promise<{ id: string; inquired: number }> =>
  db.transaction((tx) => openToldRecovery(tx, recovery), LONG_WORK)

export type FirstOpening =
  | { readonly kind: 'OPENED'; readonly id: string; readonly inquired: number }
  | { readonly kind: 'OPEN_ALREADY'; readonly epoch: RecoveryEpoch }

/** Leaves an epoch that is open already as it is. */
export const openFirstRecovery = (db: Database, recovery: OpenRecovery): Promise<FirstOpening> =>
  db.transaction(async (tx) => {
    await holdTransfers(tx)
    const epoch = await findOpenEpoch(tx)
    return epoch ? { kind: 'OPEN_ALREADY', epoch } : { kind: 'OPENED', ...(await openToldRecovery(tx, recovery)) }
  }, LONG_WORK)

const openToldRecovery = async (tx: Tx, { backupAt, by, reason }: OpenRecovery): Promise<{ id: string; inquired: number }> => {
  // Told by a person: the processes that start now need not notice it once more (`platform/database-watch.ts`).
  await tx.query(`UPDATE database_identity SET cluster = NULL, timeline = NULL, database_oid = NULL RETURNING 1 AS done`)
  return openRecoveryIn(tx, { backupAt: backupAt ?? (await newestInstant(tx)), by, reason })
}

/** By a process that has noticed the restore, in the transaction in which it noticed, which has the time for it (`LONG_WORK`). */
export const openRecoveryNoticed = async (tx: Tx, by: string, reason: string): Promise<{ id: string; inquired: number }> =>
  openRecoveryIn(tx, { backupAt: await newestInstant(tx), by, reason })

const openRecoveryIn = async (tx: Tx, { backupAt, by, reason }: Required<OpenRecovery>): Promise<{ id: string; inquired: number }> => {
  const opened = await openEpoch(tx, { backupAt, by, reason })
  await audit(tx, 'OPEN_RECOVERY', by, reason, {}, { epoch: opened.id, backupAt: backupAt.toISOString(), inquired: opened.inquired })
  return opened
}

export type RecoveryStatus = { readonly open: false } | ({ readonly open: true } & RecoveryEpoch & RecoveryCounts)

export const readRecovery = async (sql: Sql): Promise<RecoveryStatus> => {
  const epoch = await findOpenEpoch(sql)
  return epoch ? { open: true, ...epoch, ...(await countRecovery(sql, epoch.id)) } : { open: false }
}

export type CloseResult = { readonly kind: 'CLOSED' } | { readonly kind: 'REFUSED'; readonly message: string }

/** Refused while something is not known yet, unless forced. What is INDETERMINATE then stays so and is inquired all the same. */
export const closeRecovery = (
  db: Database,
  { by, reason, force }: { readonly by: string; readonly reason: string; readonly force: boolean },
): Promise<CloseResult> =>
  db.transaction(async (tx) => {
    const id = await lockOpenEpoch(tx)
    if (id === undefined) return refused('Không có đợt khôi phục nào đang mở.')
    const counts = await countRecovery(tx, id)
    if (!force && counts.remaining > 0) return refused(`Còn ${counts.remaining} lượt liên thông chưa hỏi xong; --force để đóng dù vậy.`)
    if (!force && counts.unread.length > 0)
      return refused(`Chưa đọc lại hết thay đổi của ${counts.unread.join(', ')}; --force để đóng dù vậy.`)
    await closeEpoch(tx, id, by)
    await audit(tx, 'CLOSE_RECOVERY', by, reason, { epoch: id, ...counts }, { forced: force })
    return { kind: 'CLOSED' }
  })

const refused = (message: string): CloseResult => ({ kind: 'REFUSED', message })

const audit = async (tx: Tx, act: string, actor: string, reason: string, before: object, after: object): Promise<void> => {
  await tx.orm.auditEntry.create({ data: { actor, role: 'OPERATOR', act, reason, before: { ...before }, after: { ...after } } })
}
