import { databaseNow } from '../dossier/dossier-repository.js'
import { decideAlerts, type OpenAlert, type Trouble } from '../model/alert.js'
import type { SystemId } from '../model/system.js'
import type { Database, Tx } from '../platform/database.js'
import { lockAlerts, markLooked, markTold, planNotices, readLastTold, readOpenAlerts, writeAlerts } from './alert-repository.js'
import { type AlertThresholds, findHushed, findTroubles } from './find-troubles-repository.js'
import { noticeOf } from './notice-text.js'

/**
 * Xét cảnh báo: one look at all rules, by one process at a time. What is newly broken opens an alert, what is broken still renews it, what is mended closes
 * it; the notices that people are to get of it are kept in the same database transaction and sent afterwards (`send-notices.ts`). So a notice
 * is planned exactly once, whatever dies in between.
 */
export interface AlertWatch {
  readonly db: Database
  readonly thresholds: AlertThresholds
  readonly quietMs: number
  readonly systems: readonly SystemId[]
  readonly polled: readonly SystemId[]
  /** Names of the channels over which people are told. */
  readonly channels: readonly string[]
  readonly consoleUrl: string | undefined
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

const fieldsOf = ({ rule, systemId, value, threshold }: Trouble): object => ({ rule, systemId, value, threshold })

export const evaluateAlerts = async ({ db, logger, ...watch }: AlertWatch): Promise<void> => {
  const { opened, closed } = await db.transaction((tx) => look(tx, watch))
  for (const alert of opened) logger.warn(fieldsOf(alert), 'cảnh báo mở')
  for (const alert of closed) logger.info(fieldsOf(alert), 'cảnh báo đã hết')
}

const look = async (
  tx: Tx,
  watch: Omit<AlertWatch, 'db' | 'logger'>,
): Promise<{ opened: readonly Trouble[]; closed: readonly OpenAlert[] }> => {
  if (!(await lockAlerts(tx))) return { opened: [], closed: [] }
  const hushed = await findHushed(tx, watch.thresholds)
  const isHeard = ({ rule, systemId }: Pick<Trouble, 'rule' | 'systemId'>): boolean =>
    !hushed.some((one) => one.rule === rule && one.systemId === systemId)
  const before = (await readOpenAlerts(tx)).filter(isHeard)
  const [found, now] = [(await findTroubles(tx, watch)).filter(isHeard), await databaseNow(tx)]
  const decision = decideAlerts(before, found, { lastTold: await readLastTold(tx, found), now, quietMs: watch.quietMs })
  const open = await writeAlerts(tx, decision)
  const tell = decision.tell.flatMap(({ kind, rule, systemId }) => {
    const alert = open.find((one) => one.rule === rule && one.systemId === systemId)
    return alert ? [{ kind, alert }] : []
  })
  const about = { now, consoleUrl: watch.consoleUrl }
  const mended = decision.close.filter(({ toldAt }) => toldAt !== null).map((alert) => noticeOf(alert, 'CLOSED', about))
  await planNotices(tx, [...tell.map(({ alert, kind }) => noticeOf(alert, kind, about)), ...mended], watch.channels)
  await markTold(
    tx,
    tell.map(({ alert }) => alert.id),
  )
  await markLooked(tx)
  return { opened: decision.open, closed: decision.close }
}
