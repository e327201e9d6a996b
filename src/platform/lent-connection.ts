import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'

interface Loan {
  connection?: pg.PoolClient
}

/** What runs on the pool's connection, given by the first argument once it is lent. */
export type LentWork<Result> = (connection: () => pg.PoolClient) => Promise<Result>

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
        loan.connection = connection
        return connection
      })
    },
  })
  return (work) => {
    const loan: Loan = {}
    const connection = (): pg.PoolClient => {
      if (!loan.connection) throw new Error('Prisma began a transaction on no connection of our pool')
      return loan.connection
    }
    return loans.run(loan, () => work(connection))
  }
}
