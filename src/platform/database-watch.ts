import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, LONG_WORK, type Sql, type Tx } from './database.js'
import { makeFolder } from './make-folder.js'
import { errorCode } from './start-error.js'

/**
 * Nhận ra cơ sở dữ liệu đã bị phục hồi: is this still the database that we know, as far as it had come? Two proofs, each of what the other
 * cannot see:
 *
 * - The database keeps which cluster, timeline and database it is. A dump restored elsewhere, a clone, a point-in-time recovery and a
 *   promoted standby (asynchronous replication may have lost commits) carry another identity than they were written under.
 * - Each process counts a mark up in the database and then keeps it in its state folder. A data folder that was put back has its old
 *   identity and a mark behind the kept one.
 *
 * The mark is written to the file after its commit, so it is never ahead by itself: a restart, a crash and an empty or foreign state folder
 * prove nothing. What was committed after the last look (a second) is not covered by the mark; nor is a state folder that was put back
 * together with the data: then a person has to say it (`lienthong recovery open`).
 */
export interface DatabaseWatch {
  /** Compares, and lets `onRestored` act in the same transaction when it was restored. At most once a second; else it answers at once. */
  look(): Promise<void>
}

export interface DatabaseWatchOptions {
  readonly db: Database
  readonly stateDir: string
  /** Opens the recovery epoch, for which it has the time (`LONG_WORK`). `why` is a sentence. Returns the epoch's id. */
  readonly onRestored: (tx: Tx, why: string) => Promise<string>
  /** Of the newest recovery epoch, and whether one of that id exists. */
  readonly epochs: (tx: Sql, id: string | null) => Promise<{ readonly newest: string | null; readonly exists: boolean }>
  readonly onWarning: (sentence: string) => void
  readonly now?: () => number
}

interface Identity {
  readonly cluster: string | null
  readonly timeline: number | null
  readonly databaseOid: string
}

interface Kept extends Identity {
  readonly installationId: string
  readonly mark: string
  readonly fresh: boolean
}

/** What a process remembers of a database, in `<state folder>/database-marks/<installation>.json`. */
interface Mark {
  readonly mark: string
  /** The newest recovery epoch at that time: a later one has dealt with every mark of before it. */
  readonly epoch: string | null
}

const LOOK_EVERY_MS = 1_000

export const watchDatabase = (options: DatabaseWatchOptions): DatabaseWatch => {
  const now = options.now ?? (() => performance.now())
  let looked: { at: number; done: Promise<void> } | undefined
  const warned = new Set<string>()
  const warnOnce = (sentence: string): void => {
    if (!warned.has(sentence)) options.onWarning(sentence)
    warned.add(sentence)
  }
  const look = async (): Promise<void> => {
    const identity = await readIdentity(options.db, warnOnce)
    // Who comes while another process deals with a restore waits for it.
    const { installationId, mark } = await options.db.transaction((tx) => compare(tx, identity, options), LONG_WORK)
    // Without the file (a full disk) the kept mark stays behind and proves less; nothing wrong follows from it.
    await keepMark(options.stateDir, installationId, mark).catch((error: unknown) =>
      warnOnce(
        `Không ghi được mốc của cơ sở dữ liệu vào STATE_DIR (${errorCode(error) ?? 'lỗi'}): việc phục hồi có thể không được nhận ra.`,
      ),
    )
  }
  return {
    look: () => {
      if (looked && now() - looked.at < LOOK_EVERY_MS) return looked.done
      const done = look()
      const current = { at: now(), done }
      looked = current
      // A failed look is not kept: the next call looks again.
      done.catch(() => {
        if (looked === current) looked = undefined
      })
      return done
    },
  }
}

const compare = async (
  tx: Tx,
  identity: Identity,
  { stateDir, epochs, onRestored }: DatabaseWatchOptions,
): Promise<{ installationId: string; mark: Mark }> => {
  const kept = await countUp(tx, identity)
  const remembered = await readMark(stateDir, kept.installationId)
  const known = await epochs(tx, remembered?.epoch ?? null)
  const isOther = kept.fresh ? undefined : otherIdentity(kept, identity)
  const why = kept.fresh ? undefined : (isOther ?? behindMark(kept, remembered, known))
  if (why === undefined) return { installationId: kept.installationId, mark: { mark: kept.mark, epoch: known.newest } }
  const epoch = await onRestored(tx, why)
  // The database that this one was copied from may live on: its marks are its own.
  const installationId = isOther === undefined ? kept.installationId : randomUUID()
  await tx.query(
    `UPDATE database_identity SET installation_id = $1::uuid, cluster = $2, timeline = $3::int, database_oid = $4::bigint WHERE id = 1
     RETURNING 1 AS done`,
    [installationId, identity.cluster, identity.timeline, identity.databaseOid],
  )
  return { installationId, mark: { mark: kept.mark, epoch } }
}

/** The row as it was before this process, its mark one further. The first process of all makes it; a part that is not known yet is filled in. */
const countUp = async (tx: Tx, { cluster, timeline, databaseOid }: Identity): Promise<Kept> => {
  const rows = await tx.query<Kept>(
    `INSERT INTO database_identity AS known (id, installation_id, cluster, timeline, database_oid)
     VALUES (1, $1::uuid, $2, $3::int, $4::bigint)
     ON CONFLICT (id) DO UPDATE SET mark = known.mark + 1, cluster = coalesce(known.cluster, excluded.cluster),
       timeline = coalesce(known.timeline, excluded.timeline), database_oid = coalesce(known.database_oid, excluded.database_oid)
     RETURNING installation_id::text AS "installationId", mark::text, cluster, timeline, database_oid::text AS "databaseOid", (xmax = 0) AS fresh`,
    [randomUUID(), cluster, timeline, databaseOid],
  )
  return rows[0] as Kept
}

const otherIdentity = (kept: Kept, now: Identity): string | undefined => {
  if (now.cluster !== null && kept.cluster !== now.cluster) return 'Cơ sở dữ liệu nằm ở một cụm PostgreSQL khác với trước.'
  if (kept.databaseOid !== now.databaseOid) return 'Cơ sở dữ liệu được tạo lại từ một bản sao.'
  if (now.timeline !== null && kept.timeline !== now.timeline)
    return 'PostgreSQL đã chuyển dòng thời gian (phục hồi hoặc chuyển máy dự phòng).'
  return undefined
}

const behindMark = (kept: Kept, remembered: Mark | undefined, known: { newest: string | null; exists: boolean }): string | undefined => {
  if (!remembered) return undefined
  if (remembered.epoch !== null && !known.exists) return 'Cơ sở dữ liệu không còn đợt khôi phục mà tiến trình này đã thấy.'
  const dealtWith = known.newest !== remembered.epoch
  const behind = !dealtWith && BigInt(kept.mark) <= BigInt(remembered.mark)
  return behind ? `Cơ sở dữ liệu ở mốc ${kept.mark}, tiến trình này đã thấy mốc ${remembered.mark}.` : undefined
}

const readIdentity = async (sql: Sql, warn: (sentence: string) => void): Promise<Identity> => {
  const [base] = await sql.query<{ databaseOid: string; allowed: boolean }>(
    `SELECT oid::text AS "databaseOid", has_function_privilege('pg_control_system()', 'EXECUTE')
       AND has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE') AND has_function_privilege('pg_current_wal_lsn()', 'EXECUTE') AS allowed FROM pg_database WHERE datname = current_database()`,
  )
  const databaseOid = base?.databaseOid ?? '0'
  if (!base?.allowed) {
    warn(
      'Không được phép đọc danh tính cụm PostgreSQL (pg_control_system): phục hồi từ bản sao lưu chỉ nhận ra được qua mốc trong STATE_DIR.',
    )
    return { cluster: null, timeline: null, databaseOid }
  }
  // The name of a log file begins with the timeline, at once after a promotion; the control file learns of it with the next checkpoint.
  const [control] = await sql.query<{ cluster: string; timeline: number }>(
    `SELECT (SELECT system_identifier::text FROM pg_control_system()) AS cluster,
       ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline`,
  )
  return { cluster: control?.cluster ?? null, timeline: control?.timeline ?? null, databaseOid }
}

const fileOf = (stateDir: string, installationId: string): string => join(stateDir, 'database-marks', `${installationId}.json`)

/** Undefined when there is none, and when it cannot be read as one: then it proves nothing. Writing it anew will tell. */
const readMark = async (stateDir: string, installationId: string): Promise<Mark | undefined> => {
  try {
    const { mark, epoch } = JSON.parse(await readFile(fileOf(stateDir, installationId), 'utf8')) as Mark
    return typeof mark === 'string' && /^\d{1,18}$/.test(mark) ? { mark, epoch: typeof epoch === 'string' ? epoch : null } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) !== undefined) return undefined
    throw error
  }
}

/** The databases that the processes of this state folder have worked on. */
export const listMarkedDatabases = async (stateDir: string): Promise<string[]> => {
  try {
    return (await readdir(join(stateDir, 'database-marks'))).filter((name) => name.endsWith('.json'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

const keepMark = async (stateDir: string, installationId: string, mark: Mark): Promise<void> => {
  const file = fileOf(stateDir, installationId)
  await makeFolder(join(stateDir, 'database-marks'), 0o700)
  const draft = `${file}.${process.pid}.${randomUUID().slice(0, 8)}.new`
  await writeFile(draft, JSON.stringify(mark), { mode: 0o600 })
  await rename(draft, file)
}
