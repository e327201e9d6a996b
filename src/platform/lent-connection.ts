import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'

/** What a transaction needs of its connection. */
export interface LentConnection extends Pick<pg.PoolClient, 'on' | 'removeListener' | 'release'> {
  query(asked: pg.QueryConfig): Promise<pg.QueryResult>
}

interface Loan {
  connection?: LentConnection
}

/** What runs on the pool's connection, given by the first argument once it is lent. */
export type LentWork<Result> = (connection: () => LentConnection) => Promise<Result>

const COMMIT = 'COMMIT'
const ENDS = [COMMIT, 'ROLLBACK']

/**
 * For one transaction alone. What Prisma or our own work still wants once its end is on its way (the rest of a call of several statements, one that nobody has waited for) would run behind
 * it: for itself, or in the midst of what another does on the same connection. And a COMMIT that is answered by a rollback has stored nothing.
 */
const lend = (connection: pg.PoolClient): LentConnection => {
  let isOver = false
  return {
    query: async (asked) => {
      if (isOver) throw new Error('a statement for a transaction that is over')
      isOver = ENDS.includes(asked.text)
      const result = await connection.query(asked)
      if (asked.text === COMMIT && result.command !== COMMIT) throw new Error('a failure was passed over: its transaction stores nothing')
      return result
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
export const followLoans = (pool: pg.Pool): (<Result>(work: LentWork<Result>) => Promise<Result>) => {
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
    const connection = (): LentConnection => {
      if (!loan.connection) throw new Error('Prisma began a transaction on no connection of our pool')
      return loan.connection
    }
    return loans.run(loan, () => work(connection))
  }
}
