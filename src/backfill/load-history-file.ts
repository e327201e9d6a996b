import { readReferenceData } from '../dossier/reference-repository.js'
import { GatewayError } from '../errors.js'
import type { Database, Tx } from '../platform/database.js'
import { advanceRun, type BackfillCounts, type BackfillRun, endRun, holdRun } from './backfill-run-repository.js'
import { fieldsThatDiffer } from './compare-known.js'
import type { HistoryDossier } from './history-dossier.js'
import { insertHistory, knownDossiers, Overtaken, type UnitIds, unitIdsOf } from './history-repository.js'
import { type ReadRow, readHistoryRow } from './history-row.js'
import { type FileRow, type HistoryFile, readHistoryRows } from './read-history-file.js'
import { openRejectedFile, type RejectedFile, type RejectedRow } from './rejected-file.js'

/**
 * Nạp lịch sử từ tệp: rows are checked, gathered into batches, and a batch commits whole: its dossiers, the run's position, and how long the file of rejected rows is.
 * A process that dies at any moment has committed so many batches; the next one goes on at the row behind them. A dossier that is there is never written: the same is passed over,
 * another content is a rejected row. Nobody is told of history: no transfer is planned.
 */
export interface BackfillDependencies {
  readonly db: Database
  /** After each batch. */
  readonly onProgress: (run: BackfillRun) => void
  /** In the transaction that ends the run. */
  readonly onEnd: (tx: Tx, run: BackfillRun) => Promise<void>
}

const BATCH_ROWS = 500
/** Of rows of the usual size a batch has a fraction of it; of very long ones it has fewer rows. */
const BATCH_BYTES = 8_000_000
/** A deadline for one batch on a busy server; the lock is that of a dossier that comes in at this moment. */
const BATCH_LIMITS = { timeoutMs: 120_000, lockTimeoutMs: 20_000 }

export const loadHistoryFile = async (deps: BackfillDependencies, file: HistoryFile, begun: BackfillRun): Promise<BackfillRun> => {
  const { db } = deps
  const reference = await readReferenceData(db)
  const [clock] = await db.query<{ now: Date }>('SELECT app_now() AS now')
  const now = clock?.now ?? new Date()
  const rejected = await openRejectedFile(begun.rejectedPlace, file)
  const loader = { db, rejected, unitIds: unitIdsOf(reference) }
  let run = begun
  let batch: Read[] = []
  const codes = new Set<string>()
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    run = { ...run, ...(await commitBatch(loader, run, batch)) }
    batch = []
    codes.clear()
    deps.onProgress(run)
  }
  const broken: { fault?: GatewayError } = {}
  let isOver = false
  try {
    for await (const row of readableRows(readHistoryRows(file, run.position), (fault) => Object.assign(broken, { fault }))) {
      const read: ReadRow = row.fault === undefined ? readHistoryRow(row.told, reference, now) : { kind: 'REFUSED', reason: row.fault }
      // What stands twice in the file is compared with what the first has left in the tables.
      if (read.kind === 'READ' && codes.has(read.dossier.content.code)) await flush()
      if (read.kind === 'READ') codes.add(read.dossier.content.code)
      batch.push({ row, read })
      if (batch.length >= BATCH_ROWS || row.bytes - run.bytesDone >= BATCH_BYTES) await flush()
    }
    await flush()
    isOver = true
  } finally {
    // Whoever goes on with it writes over what was not committed; it may be at work by now.
    await rejected.close(isOver ? run.rejectedBytes : undefined)
  }
  const { fault } = broken
  if (!fault) return end(deps, run, { state: 'DONE' })
  const error = `${fault.message}${whatWasDone(run)}`
  await end(deps, run, { state: 'FAILED', error })
  throw new GatewayError('INVALID_INPUT', error)
}

/** What stands before the place where a file cannot be read on is good, and is loaded. */
async function* readableRows(rows: AsyncIterable<FileRow>, onFault: (error: GatewayError) => void): AsyncGenerator<FileRow> {
  try {
    yield* rows
  } catch (error) {
    if (!(error instanceof GatewayError && error.code === 'INVALID_INPUT')) throw error
    onFault(error)
  }
}

const whatWasDone = ({ position, loaded, present, rejected, conflicting, rejectedBytes, rejectedPlace }: BackfillRun): string => {
  if (position === 0) return ''
  const kept = rejectedBytes > 0 ? ` Các dòng không nạp, kèm lý do: ${rejectedPlace}.` : ''
  return ` Các hàng trước đó: nạp ${loaded} hồ sơ; đã có sẵn ${present}; loại ${rejected} dòng; mâu thuẫn ${conflicting}.${kept} Sửa tệp rồi nạp lại: hồ sơ đã nạp được nhận ra và bỏ qua.`
}

const end = ({ db, onEnd }: BackfillDependencies, { id }: BackfillRun, how: Parameters<typeof endRun>[2]): Promise<BackfillRun> =>
  db.transaction(async (tx) => {
    const ended = await endRun(tx, id, how)
    await onEnd(tx, ended)
    return ended
  })

interface Read {
  readonly row: FileRow
  readonly read: ReadRow
}

interface Loader {
  readonly db: Database
  readonly rejected: RejectedFile
  readonly unitIds: UnitIds
}

/** Somebody who brings in one of these dossiers at this very moment makes it be looked at again; thrice in a row nobody does. */
const TRIES = 3

const commitBatch = async (
  loader: Loader,
  before: BackfillCounts & { readonly id: string },
  batch: readonly Read[],
): Promise<BackfillCounts> => {
  for (let tries = 1; ; tries += 1)
    try {
      return await loader.db.transaction((tx) => loadBatch(tx, loader, before, batch), BATCH_LIMITS)
    } catch (error) {
      if (!(error instanceof Overtaken) || tries === TRIES) throw error
    }
}

const loadBatch = async (
  tx: Tx,
  { rejected, unitIds }: Loader,
  before: BackfillCounts & { readonly id: string },
  batch: readonly Read[],
): Promise<BackfillCounts> => {
  await holdRun(tx, before.id)
  const known = await knownDossiers(
    tx,
    batch.flatMap(({ read }) => (read.kind === 'READ' ? [read.dossier.content.code] : [])),
  )
  const fresh: HistoryDossier[] = []
  const refused: RejectedRow[] = []
  const counts = { present: before.present, rejected: before.rejected, conflicting: before.conflicting }
  for (const { row, read } of batch) {
    if (read.kind === 'REFUSED') {
      counts.rejected += 1
      refused.push({ row, reason: read.reason })
      continue
    }
    const there = known.get(read.dossier.content.code)
    const differing = there && fieldsThatDiffer(there, read.dossier)
    if (!differing) fresh.push(read.dossier)
    else if (differing.length === 0) counts.present += 1
    else {
      counts.conflicting += 1
      refused.push({ row, reason: `Hồ sơ đã có với nội dung khác ở: ${differing.join(', ')}. Không ghi đè.` })
    }
  }
  await insertHistory(tx, unitIds, fresh)
  const last = batch.at(-1) as Read
  const { bytesTotal } = before
  const next: BackfillCounts = {
    ...counts,
    bytesTotal,
    position: last.row.row,
    bytesDone: Math.min(last.row.bytes, bytesTotal),
    loaded: before.loaded + fresh.length,
    rejectedBytes: await rejected.write(before.rejectedBytes, refused),
  }
  await advanceRun(tx, before.id, before, next)
  return next
}
