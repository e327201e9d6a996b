import { expect, test } from '@jest/globals'
import { databaseFaultOf } from '../../../src/platform/database-fault.js'

const errorWith = (message: string, fields: object = {}): Error => Object.assign(new Error(message), fields)
const asPrismaTells = (code: string): Error =>
  errorWith('Raw query failed', {
    code: 'P2010',
    meta: { driverAdapterError: errorWith('postgres', { cause: { kind: 'postgres', originalCode: code } }) },
  })

test.each([
  ['nobody listens', errorWith('connect', { code: 'ECONNREFUSED' }), 'NOT_DONE'],
  ['of several addresses none answers', new AggregateError([errorWith('connect', { code: 'ECONNREFUSED' })]), 'NOT_DONE'],
  ['no connection is free', errorWith('timeout exceeded when trying to connect'), 'NOT_DONE'],
  ['read-only', errorWith('cannot execute INSERT', { code: '25006' }), 'NOT_DONE'],
  ['read-only, through Prisma', asPrismaTells('25006'), 'NOT_DONE'],
  ['disk full', asPrismaTells('53100'), 'NOT_DONE'],
  ['deadlock', asPrismaTells('40P01'), 'NOT_DONE'],
  ['a lock that is not let go', errorWith('canceling statement', { code: '55P03' }), 'LOCKED'],
  ['a lock that is not let go, through Prisma', asPrismaTells('55P03'), 'LOCKED'],
  ['starting', errorWith('starting up', { code: '57P03' }), 'NOT_DONE'],
  ['told to end', errorWith('terminating', { code: '57P01' }), 'PERHAPS_DONE'],
  ['statement time-out', asPrismaTells('57014'), 'PERHAPS_DONE'],
  ['cut', errorWith('Connection terminated unexpectedly'), 'PERHAPS_DONE'],
  ['cut, through Prisma', errorWith('closed', { code: 'P1017' }), 'PERHAPS_DONE'],
  ['unique violation', asPrismaTells('23505'), undefined],
  ['an exception of a trigger', errorWith('disk full at 10.0.0.7', { code: 'P0001' }), undefined],
  ['a fault of our own', new TypeError('x is not a function'), undefined],
  ['nothing', undefined, undefined],
])('%s: %#', (_, error, fault) => {
  expect(databaseFaultOf(error)).toBe(fault)
})
