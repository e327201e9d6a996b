import { databaseNow } from '../dossier/dossier-repository.js'
import { textOfField } from '../model/compared-record.js'
import { DISCREPANCY_MOVES, type DiscrepancyAct, describeDiscrepancyState, textOfValue } from '../model/discrepancy.js'
import { rightsAbout } from '../model/field-authority.js'
import { SYSTEM_IN_SENTENCE } from '../model/system.js'
import { describeInstant, localDateOf } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import type { DiscrepancyRow } from './discrepancy-repository.js'
import { type OurFacts, readOurSide } from './our-side-repository.js'
import type { RepairDependencies } from './reconciliation-dependencies.js'

/** Vì sao không sửa được: of a repair by whomever, as the discrepancy and our side stand. `message` is a sentence in Vietnamese. */
export interface RepairRefusal {
  readonly kind: 'REFUSED'
  readonly reason: string
  readonly message: string
}

export const refused = (reason: string, message: string): RepairRefusal => ({ kind: 'REFUSED', reason, message })

export const refusalOf = (row: DiscrepancyRow, act: DiscrepancyAct, expectedVersion: number): RepairRefusal | undefined => {
  const state = describeDiscrepancyState(row.state)
  if (row.version !== expectedVersion) return refused('STALE_WRITE', changedSince(row, state))
  const { from, words } = DISCREPANCY_MOVES[act]
  return from.includes(row.state) ? undefined : refused('ILLEGAL_TRANSITION', `Không thể ${words} sai lệch đang ở trạng thái "${state}".`)
}

/** By an act, whose time and doer are known, or by a look, of which the latest may be a later one. */
const changedSince = ({ lastActAt, lastActBy, seenAt }: DiscrepancyRow, state: string): string => {
  const [acted, seen] = [describeInstant(lastActAt), describeInstant(seenAt)]
  const by = lastActBy === '' ? '' : ` (${lastActBy})`
  if (lastActAt > seenAt) return `Sai lệch này đã thay đổi lúc ${acted}${by}, nay "${state}": hãy xem lại rồi quyết định.`
  return by === ''
    ? `Sai lệch này đã thay đổi và được xem lại lúc ${seen}, nay "${state}": hãy xem lại rồi quyết định.`
    : `Sai lệch này đã thay đổi và được xem lại lúc ${seen}; lần xử lý cuối lúc ${acted}${by}, nay "${state}": hãy xem lại rồi quyết định.`
}

export const refusalAsItStands = async (
  deps: Pick<RepairDependencies, 'graceMs'>,
  tx: Tx,
  row: DiscrepancyRow,
  act: DiscrepancyAct,
): Promise<RepairRefusal | undefined> => {
  const now = await databaseNow(tx)
  const since = new Date(now.getTime() - deps.graceMs)
  const fields = row.fields.map(({ field }) => field)
  const facts = (await readOurSide(tx, row.systemId, fields, [row.dossierCode], since)).get(row.dossierCode)
  if (facts?.inFlight) return refused('IN_FLIGHT', 'Hồ sơ đang có thay đổi trên đường đi: hãy chờ lượt đối soát sau xem lại.')
  if (!facts || hasMovedOn(row, facts))
    return refused('MOVED_ON', 'Hồ sơ ở cổng liên thông đã khác so với lần đối soát gần nhất: hãy chờ lượt đối soát sau xem lại.')
  return refusalByAuthority(row, act, facts, localDateOf(now))
}

/** What the table says plainly no person turns round, one by one or by the hundred: a mirror tells us nothing, and nobody writes over what is theirs to decide. */
const refusalByAuthority = (
  { systemId, fields }: DiscrepancyRow,
  act: DiscrepancyAct,
  { ours }: OurFacts,
  onDate: string,
): RepairRefusal | undefined => {
  if (!ours) return undefined
  const rights = rightsAbout(systemId, fields, { origin: ours.origin, registryHolds: ours.registryHolds, onDate })
  const there = SYSTEM_IN_SENTENCE[systemId]
  if (act === 'REPAIR_HERE' && rights.includes('OURS'))
    return refused(
      'NOT_THEIRS_TO_DECIDE',
      `Theo bảng thẩm quyền, điều này không do ${there} quyết định: không sửa ở cổng liên thông theo bên đó.`,
    )
  if (act === 'REPAIR_THERE' && rights.includes('THEIRS'))
    return refused('THEIRS_TO_DECIDE', `Theo bảng thẩm quyền, điều này do ${there} quyết định: không gửi đè lên.`)
  return undefined
}

/** What we hold is not what it was when both sides were looked at. */
const hasMovedOn = ({ ourStatus, fields }: DiscrepancyRow, { ours }: OurFacts): boolean =>
  (ours?.record.status ?? null) !== ourStatus ||
  fields.some(({ field, ours: seen }) => textOfValue(field, seen) !== (ours ? textOfField(ours.record, field) : ''))
