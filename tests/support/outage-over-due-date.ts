import { ledgerRulesOf } from '../../src/ledger.js'
import { localDateOf, localInstant, type WorkingCalendar } from '../../src/model/working-calendar.js'
import { DAY_MS, HOUR_MS } from './dossier-journey.js'
import { openTestSystem, type TestSystem } from './test-system.js'

const STEP_MS = 6 * HOUR_MS
export const APPLICANT = 'Nguyễn Thị Thủy Mẫu'

export interface Outage {
  readonly system: TestSystem
  readonly calendar: WorkingCalendar
  /** Of the dossier that was taken in meanwhile. */
  readonly code: string
  /** The first of three working days in a row: the dossier is received on it at 08:30, and due on the second at 16:00. */
  readonly day: string
  /** The first attempt that failed. */
  readonly downAt: Date
  readonly deliveredAt: Date
  /** An instant of that day, or so many days later. */
  on(offset: number, time: string): Date
  /** Our clock and the twins' come to this instant; what is due on the way is done every few hours. */
  comeTo(instant: Date): Promise<void>
}

const firstOfThree = (calendar: WorkingCalendar, from: Date): string => {
  for (let at = +from + DAY_MS; ; at += DAY_MS)
    if ([0, 1, 2].every((offset) => calendar.isWorkingDay(localDateOf(new Date(at + offset * DAY_MS))))) return localDateOf(new Date(at))
}

/** A real outage: ViLIS is down from one morning to the next while a dossier is taken in; it is delivered five hours before the dossier is due. */
export const sufferOutage = async (): Promise<Outage> => {
  const system = await openTestSystem({ gateway: true })
  const { calendar } = await ledgerRulesOf(system.context.options.configuration, system.context.db)()
  const now = async (): Promise<Date> => (await system.context.db.query<{ now: Date }>('SELECT app_now() AS now'))[0]?.now ?? new Date()
  const day = firstOfThree(calendar, await now())
  const on = (offset: number, time: string): Date =>
    localInstant(localDateOf(new Date(+localInstant(day, '12:00') + offset * DAY_MS)), time)
  const comeTo = async (instant: Date): Promise<void> => {
    for (let left = +instant - +(await now()); left > 0; left = +instant - +(await now())) {
      await system.pass(Math.min(STEP_MS, left))
      await system.drain()
    }
  }
  await system.pass(+on(0, '09:00') - +(await now()))
  await system.twins.VILIS.offline()
  const overrides = {
    unitCode: '28594',
    unitName: 'Xã Chợ Gạo',
    procedureCode: '1.012783',
    receivedAt: on(0, '08:30').toISOString(),
    dueAt: on(1, '16:00').toISOString(),
    applicant: {
      kind: 1,
      name: APPLICANT,
      idNumber: '082177000111',
      phone: '0900000111',
      email: 'mau@vi-du.vn',
      address: 'Ấp Thử, Xã Chợ Gạo',
    },
  }
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })
  await system.drain()
  await comeTo(on(1, '10:00'))
  await system.twins.VILIS.online()
  await comeTo(on(1, '11:15'))
  const [row] = await system.context.db.query<{ downAt: Date; deliveredAt: Date }>(
    `SELECT (SELECT min(a.started_at) FROM attempt a WHERE a.transfer_id = t.id) AS "downAt", t.settled_at AS "deliveredAt"
     FROM transfer t WHERE t.idempotency_key = $1 AND t.state = 'DELIVERED'`,
    [`${code}.RECEIVE.1`],
  )
  if (!row) throw new Error('it was not delivered')
  return { system, calendar, code, day, ...row, on, comeTo }
}
