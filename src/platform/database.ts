import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { GatewayError, lockedTooLong, unavailable } from '../errors.js'
import { codesOf, databaseFaultOf } from './database-fault.js'
import { followLoans, type LentConnection } from './lent-connection.js'
import { IN_UTC, openPool } from './pool.js'
import { Prisma, PrismaClient } from './prisma-client/client.js'
import { endSilence } from './server-silence.js'
import { limitTime, TOO_LONG } from './transaction-time.js'

/**
 * PostgreSQL, seen two ways over one pool: Prisma (`orm`) for typed reads and writes, plain SQL (`query`) for the hot path and for
 * what Prisma cannot say (claims with SKIP LOCKED, keyset searches). `Tx` is an open transaction, both ways on its one connection: a function
 * that must not run outside of one asks for it by type.
 */
export interface Sql {
  /** Throws UNAVAILABLE when the database cannot be used. Positional parameters `$1…`, cast in the text (`$1::uuid`) where PostgreSQL cannot know their type. */
  query<Row>(text: string, parameters?: readonly unknown[], plan?: PlanKept): Promise<Row[]>
}

/** The server keeps the plan under this name, for the few statements of the hot path whose planning costs as much as their work. */
export interface PlanKept {
  readonly planName: string
}

export interface Tx extends Sql {
  readonly orm: Prisma.TransactionClient
  readonly isTransaction: true
  /** One level deep. After ROLL_BACK the transaction goes on as it was at SET. */
  savepoint(step: keyof typeof SAVEPOINT): Promise<void>
}

const SAVEPOINT = { SET: 'SAVEPOINT step', RELEASE: 'RELEASE SAVEPOINT step', ROLL_BACK: 'ROLLBACK TO SAVEPOINT step' } as const

export interface Database extends Sql {
  readonly orm: PrismaClient
  /** Read committed. An error rolls everything back and is thrown on; UNAVAILABLE (PERHAPS_STORED) when nobody can say whether the commit happened. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, limits?: TransactionLimits): Promise<Result>
  close(): Promise<void>
}

/** Of one transaction, in place of those that hold for all. Each of its statements has the same time as any other. */
export interface TransactionLimits {
  readonly timeoutMs: number
  readonly lockTimeoutMs: number
}

/** For the few acts that go through a whole backlog. A lock is waited for less long than a statement may take: it is told as what it is. */
export const LONG_WORK: TransactionLimits = { timeoutMs: 15 * 60_000, lockTimeoutMs: 30_000 }

export interface DatabaseOptions {
  readonly url: string
  readonly poolSize: number
  /** False behind a pooler that gives each transaction another connection: then no plan is kept. Default true. */
  readonly keepPlans?: boolean
  /** Longest that a statement waits for a lock. Default ten seconds. */
  readonly lockTimeoutMs?: number
  /** Longest that a transaction takes that names no limits of its own. Default fifteen seconds. */
  readonly transactionTimeoutMs?: number
  /** Called for errors of idle connections (a restarted server): the pool opens new ones by itself. */
  readonly onError: (error: Error) => void
}

const TRANSACTION_TIMEOUT_MS = 15_000
/** Whose process stands still, or is gone without a word, keeps its locks no longer. */
const IDLE_IN_TRANSACTION_MS = TRANSACTION_TIMEOUT_MS * 2
/** Prisma has a limit of its own, which must not end what ours has not: the plain SQL would not know. */
const BESIDE_OURS_MS = 60_000
/** Who holds a lock longer than this stands still: whoever waits for it is told so, and has changed nothing. */
const LOCK_TIMEOUT_MS = 10_000
/** Longer than any statement takes: then the server ends it. */
const STATEMENT_TIMEOUT_MS = 40_000
/** A server that has not even ended it by then is as good as gone. */
const SILENCE_MS = 5_000

/** A statement without a name is planned each time. */
const UNNAMED = ''

/** What Prisma joins is asked for by its key, in a text that stays the same, and costs many times as much to plan as to answer. */
const isJoined = (sql: string): boolean => sql.startsWith('SELECT "t0".')
/** More than the program has. */
const MOST_JOINED = 20

/** A fault of the database itself becomes UNAVAILABLE; what is wrong with a statement or its data stays what it is. */
const throwFault = (error: unknown, isPerhapsDone = true): never => {
  const fault = databaseFaultOf(error)
  if (fault === undefined || error instanceof GatewayError) throw error
  if (fault === 'LOCKED') throw lockedTooLong(error)
  throw unavailable(fault === 'NOT_DONE' || !isPerhapsDone ? 'NOT_STORED' : 'PERHAPS_STORED', error)
}

export const openDatabase = (options: DatabaseOptions): Database => {
  const {
    url,
    poolSize,
    onError,
    keepPlans = true,
    lockTimeoutMs = LOCK_TIMEOUT_MS,
    transactionTimeoutMs = TRANSACTION_TIMEOUT_MS,
  } = options
  const pool = openPool(
    {
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: 10_000,
      query_timeout: STATEMENT_TIMEOUT_MS + SILENCE_MS,
      // A pooler refuses or drops what is asked for at the start of a connection: behind one, each transaction asks for itself.
      ...(keepPlans && {
        lock_timeout: lockTimeoutMs,
        statement_timeout: STATEMENT_TIMEOUT_MS,
        idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
        options: IN_UTC,
      }),
      application_name: 'lienthong',
    },
    onError,
  )
  endSilence(pool, url)
  const joined = new Map<string, string>()
  const nameOf = (sql: string): string => {
    const known = joined.get(sql)
    if (known !== undefined || !keepPlans || !isJoined(sql) || joined.size === MOST_JOINED) return known ?? UNNAMED
    const name = `joined-${joined.size + 1}`
    joined.set(sql, name)
    return name
  }
  const lending = followLoans(pool)
  const orm = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: false, statementNameGenerator: ({ sql }) => nameOf(sql) }),
  })
  const asked = (text: string, parameters: readonly unknown[], plan?: PlanKept): pg.QueryConfig => ({
    text,
    values: [...parameters],
    ...(plan && keepPlans && { name: plan.planName }),
  })
  const begin = async (
    connection: LentConnection,
    orm: Prisma.TransactionClient,
    limits: TransactionLimits | undefined,
    assertOpen: () => void,
  ): Promise<Tx> => {
    const run = async (statement: string): Promise<void> => {
      assertOpen()
      await connection.query({ text: statement })
    }
    const ofLock = `SET LOCAL lock_timeout = ${limits?.lockTimeoutMs ?? lockTimeoutMs}`
    if (!keepPlans)
      await run(`${ofLock}; SET LOCAL idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}; SET LOCAL TimeZone = 'UTC'`)
    else if (limits) await run(ofLock)
    return {
      orm,
      isTransaction: true,
      query: async <Row>(text: string, parameters: readonly unknown[] = [], plan?: PlanKept) => {
        assertOpen()
        return (await connection.query(asked(text, parameters, plan))).rows as Row[]
      },
      savepoint: (step) => run(SAVEPOINT[step]),
    }
  }
  return {
    orm,
    query: async <Row>(text: string, parameters: readonly unknown[] = [], plan?: PlanKept) =>
      (await pool.query(asked(text, parameters, plan)).catch((error: unknown) => throwFault(error))).rows as Row[],
    transaction: (work, limits) => {
      const timeoutMs = limits?.timeoutMs ?? transactionTimeoutMs
      return lending((lent) =>
        orm
          .$transaction(
            (client) => limitTime(timeoutMs, async (assertOpen) => work(await begin(lent.connection(), client, limits, assertOpen))),
            {
              timeout: timeoutMs + BESIDE_OURS_MS,
              maxWait: TRANSACTION_TIMEOUT_MS,
            },
          )
          .catch((error: unknown) => throwFault(error, lent.isCommitSent())),
      )
    },
    close: async () => {
      await orm.$disconnect()
      await pool.end()
    },
  }
}

/** Prisma's codes of a value that is too long, breaks a constraint, has another type or does not fit its column. */
const UNWRITABLE_CODES = new Set(['P2000', 'P2002', 'P2003', 'P2004', 'P2006', 'P2007', 'P2011', 'P2019', 'P2020', 'P2023'])

/** SQLSTATE classes: 22, data; 23, constraint; 54, larger than an index can hold. */
const UNWRITABLE_STATE = /^(?:2[23]|54)[0-9A-Z]{3}$/

/**
 * Whether writing failed by the data itself, so that trying again must fail again: a value that JavaScript or the client cannot turn into its column's
 * type, or that the server refuses. A lost connection, a deadlock or a full disk is none.
 */
export const isUnwritable = (error: unknown): boolean => {
  if (error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError) return true
  if (error instanceof Prisma.PrismaClientValidationError) return true
  if (error instanceof Prisma.PrismaClientKnownRequestError && UNWRITABLE_CODES.has(error.code)) return true
  return isRefusedByServer(error)
}

/** That the server refuses a value: no fault of our code, nor of the client's, can look like it. */
export const isRefusedByServer = (error: unknown): boolean => codesOf(error).some((code) => UNWRITABLE_STATE.test(code))

/** Whether a transaction was given up for the time that it took ({@link TransactionLimits}): the same work in smaller parts may pass. */
export const tookTooLong = (error: unknown): boolean => codesOf(error).includes(TOO_LONG)

/** As {@link SILENCE_MS}, of the queue. */
const QUEUE_SILENCE_MS = 2_000
/** A statement of the queue takes milliseconds. One that takes longer than this is undone by the server; nobody's wake-up is lost with it for good. */
const QUEUE_STATEMENT_TIMEOUT_MS = 10_000

/**
 * The queue's own pool on PostgreSQL: its tables stand in their own schema, and each consumer keeps a connection for LISTEN, on which it waits without
 * a statement: no limit cuts that. `patient`: for what may take its time, the queue's own migrations.
 */
export const openQueuePool = (url: string, size: number, onError: (error: Error) => void, patient = false): pg.Pool =>
  openPool(
    {
      connectionString: url,
      max: size,
      options: '-c search_path=bullmq',
      application_name: 'lienthong-queue',
      connectionTimeoutMillis: 10_000,
      ...(!patient && {
        statement_timeout: QUEUE_STATEMENT_TIMEOUT_MS,
        idle_in_transaction_session_timeout: QUEUE_STATEMENT_TIMEOUT_MS,
        query_timeout: QUEUE_STATEMENT_TIMEOUT_MS + QUEUE_SILENCE_MS,
      }),
    },
    onError,
  )
