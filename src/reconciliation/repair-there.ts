import { readTaxNotices } from '../dossier/dossier-reads-repository.js'
import { databaseNow } from '../dossier/dossier-repository.js'
import type { DossierSnapshot } from '../dossier/dossier-snapshot.js'
import { readSnapshot } from '../dossier/dossier-snapshot-repository.js'
import type { ReferenceData } from '../dossier/reference-data.js'
import { bodyOf } from '../dossier/transfer-bodies.js'
import { procedureKey } from '../model/dossier-code.js'
import { repairOperations } from '../model/repair-operations.js'
import { DOSSIER_EVENT_KINDS, routesOf } from '../model/routing.js'
import { carriedBy, describeOperation, type Operation, SYSTEM_IN_SENTENCE } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import { localDateOf } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import { planRepair } from '../transfer/plan-transfers.js'
import { lastDeliveredBody, openTransferOf } from '../transfer/transfer-repository.js'
import type { DiscrepancyRow } from './discrepancy-repository.js'

/**
 * Sửa bên kia: what we hold is told once more by ordinary transfers, in the order of the dossier and system like any other. Refused while anything of the
 * dossier is under way there or blocks the way, and where the routing of today does not send: a district that only observes repairs nothing by sending.
 */
export type Planned =
  | { readonly kind: 'PLANNED'; readonly transferIds: readonly string[] }
  | { readonly kind: 'REFUSED'; readonly reason: string; readonly message: string }

const refused = (reason: string, message: string): Extract<Planned, { kind: 'REFUSED' }> => ({ kind: 'REFUSED', reason, message })

/** What would be sent, when nothing stands in its way. */
export type FitToSend =
  | { readonly kind: 'FIT'; readonly dossier: DossierSnapshot; readonly operations: readonly Operation[]; readonly now: Date }
  | Extract<Planned, { kind: 'REFUSED' }>

/** Whether it could be repaired there now, and by what. Changes nothing: whoever shows a discrepancy asks the same as whoever repairs it. */
export const fitToSend = async (tx: Tx, reference: ReferenceData, row: DiscrepancyRow): Promise<FitToSend> => {
  const dossier = row.dossierId === null ? undefined : await readSnapshot(tx, row.dossierCode)
  if (!dossier) return refused('NOT_HERE', 'Cổng liên thông không có hồ sơ này, nên không có gì để gửi sang.')
  const there = SYSTEM_IN_SENTENCE[row.systemId]
  const operations = repairOperations({
    system: row.systemId,
    class: row.class,
    fields: row.fields.map(({ field }) => field),
    origin: dossier.origin,
    ourStatus: dossier.status,
  })
  if (!operations || operations.length === 0)
    return refused('NOT_REPAIRABLE_THERE', `Không có nghiệp vụ nào để sửa điều này ở ${there}: hãy sửa tại đó, hoặc ở cổng liên thông.`)
  if ((await openTransferOf(tx, dossier.id, row.systemId)) !== undefined)
    return refused('TRANSFER_OPEN', `Còn lượt liên thông tới ${there} chưa xong hoặc đang chặn: hãy xử lý lượt đó trước.`)
  const now = await databaseNow(tx)
  const notSent = operations.find((operation) => !isLiveToday(reference, dossier, operation, localDateOf(now)))
  if (notSent)
    return refused(
      'ROUTE_NOT_LIVE',
      `Tuyến "${describeOperation(notSent)}" hôm nay không ở chế độ gửi (LIVE), nên không gửi sang ${there}.`,
    )
  return { kind: 'FIT', dossier, operations, now }
}

/** The caller holds the dossier's lock and the discrepancy's, and audits. */
export const planRepairThere = async (tx: Tx, reference: ReferenceData, row: DiscrepancyRow, correlationId: string): Promise<Planned> => {
  const fit = await fitToSend(tx, reference, row)
  if (fit.kind === 'REFUSED') return fit
  const { dossier, operations, now } = fit
  const bodies: TransferBody[] = []
  for (const operation of operations) bodies.push(await repairBody(tx, dossier, operation, now))
  const context = { dossierId: dossier.id, dossierCode: row.dossierCode, dossierVersion: dossier.version, now, correlationId }
  return { kind: 'PLANNED', transferIds: await planRepair(tx, { ...context, dueAt: new Date(dossier.content.dueAt) }, bodies) }
}

const isLiveToday = ({ routing }: ReferenceData, dossier: DossierSnapshot, operation: Operation, onDate: string): boolean =>
  DOSSIER_EVENT_KINDS.some((kind) =>
    routesOf(routing, {
      kind,
      origin: dossier.origin,
      procedureKey: procedureKey(dossier.content.procedureCode),
      landRegistration: dossier.landRegistration,
      onDate,
    }).some((rule) => rule.operation === operation && rule.mode === 'LIVE'),
  )

/** How things stand is told as it stands; what somebody did is told as it was told before. */
const repairBody = async (tx: Tx, dossier: DossierSnapshot, operation: Operation, now: Date): Promise<TransferBody> => {
  const note = 'Gửi lại theo kết quả đối soát.'
  const carried = carriedBy(operation)
  if (carried === 'TAX_NOTICES') {
    const notices = (await readTaxNotices(tx, [dossier.id])).map(({ noticeNumber, taxKind, payerName, amountVnd, documentUrl }) => ({
      noticeNumber,
      taxKind,
      payerName,
      ...(amountVnd !== null && { amountVnd }),
      ...(documentUrl !== null && { documentUrl }),
    }))
    return bodyOf(operation, dossier, { events: [], note, notices }, now.toISOString())
  }
  if (carried === 'DOSSIER' || carried === 'STATUS_REPORTED') return bodyOf(operation, dossier, { events: [], note }, now.toISOString())
  const told = await lastDeliveredBody(tx, dossier.id, operation)
  if (told) return { ...told, dossierVersion: dossier.version }
  const at = carried === 'RESULT_RETURNED' ? dossier.returnedAt : dossier.finishedAt
  return bodyOf(operation, dossier, { events: [], note, documents: { role: 'RESULT', items: dossier.results } }, at ?? now.toISOString())
}
