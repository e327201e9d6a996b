import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'

/** What a transaction needs of its connection. */
export interface LentConnection extends Pick<pg.PoolClient, 'on' | 'removeListener' | 'release'> {
  query(asked: pg.QueryConfig): Promise<pg.QueryResult>
  readonly isCommitSent: boolean
}

interface Loan {
  connection?: LentConnection
}

export interface Lent {
  /** Once the pool has lent it. */
  connection(): LentConnection
  /** Until then certainly nothing of the transaction is stored, whatever becomes of its connection. */
  isCommitSent(): boolean
}

const COMMIT = 'COMMIT'
const ENDS = [COMMIT, 'ROLLBACK']

/**
 * For one transaction alone. What Prisma or our own work still wants once its end is on its way (the rest of a call of several statements, one that nobody has waited for) would run behind
 * it: for itself, or in the midst of what another does on the same connection. And a COMMIT that is answered by a rollback has stored nothing.
 */
const lend = (connection: pg.PoolClient): LentConnection => {
  let isOver = false
  let isCommitSent = false
  return {
    query: async (asked) => {
      if (isOver) throw new Error('a statement for a transaction that is over')
      isOver = ENDS.includes(asked.text)
      const isCommit = asked.text === COMMIT
      isCommitSent ||= isCommit
      const result = await connection.query(asked)
      if (isCommit && result.command !== COMMIT) throw new Error('a failure was passed over: its transaction stores nothing')
      return result
    },
    get isCommitSent() {
      return isCommitSent
    },
    on: connection.on.bind(connection),
    removeListener: connection.removeListener.bind(connection),
    release: connection.release,
  }
}

/**
 * Kết nối đang mượn: tells on which connection of the pool a transaction of Prisma's runs, so that the plain SQL of the same transaction goes there straight: each statement that goes
 * through Prisma's client costs this process several times what `pg` costs. Of a transaction's work it is the first connection asked for that is the transaction's own.
 */
export const followLoans = (pool: pg.Pool): (<Result>(work: (lent: Lent) => Promise<Result>) => Promise<Result>) => {
  const loans = new AsyncLocalStorage<Loan>()
  const connect = pool.connect.bind(pool) as (...callback: unknown[]) => Promise<pg.PoolClient>
  Object.assign(pool, {
    connect: (...callback: unknown[]) => {
      const loan = loans.getStore()
      if (callback.length > 0 || !loan || loan.connection) return connect(...callback)
      return connect().then((connection) => {
        loan.connection = lend(connection)
        return loan.connection
      })
    },
  })
  return (work) => {
    const loan: Loan = {}
    const lent: Lent = {
      connection: () => {
        if (!loan.connection) throw new Error('Prisma began a transaction on no connection of our pool')
        return loan.connection
      },
      isCommitSent: () => loan.connection?.isCommitSent === true,
    }
    return loans.run(loan, () => work(lent))
  }
}
