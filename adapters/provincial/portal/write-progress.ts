import type { SyncProgressBody } from '../../../src/model/transfer-body.js'
import type { DeliveryOutcome } from '../../../src/ports/target-system.js'
import { outcomeOfCall } from '../../soap/outcome-of.js'
import { type Asked, judgeKey, judgeProgress } from './compare.js'
import { FAULTS, otherThanSent, verdictOf } from './faults.js'
import type { PortalCalls } from './portal-calls.js'
import { readRecord } from './read-record.js'
import type { BuocTienDo } from './wire.js'
import { outcomeOfAnswer } from './write-dossier.js'

/** Cập nhật tiến độ: one line. A line that "already exists" is looked for in the portal's record before it counts as ours. */
export async function writeProgress(calls: PortalCalls, asked: Asked<SyncProgressBody>, step: BuocTienDo): Promise<DeliveryOutcome> {
  const answer = await calls.write('CapNhatTienDoHoSoMC', false, step)
  if (answer.kind !== 'READ') return outcomeOfCall(answer, FAULTS)
  const verdict = verdictOf(answer.reply)
  if (verdict.kind === 'REFUSED') return verdict.outcome
  const { row } = verdict
  if (row && row.MaHoSo !== step.MaHoSo)
    return { kind: 'INDETERMINATE', code: 'OTHER_DOSSIER', cause: 'Trả lời của Cổng dịch vụ công là của hồ sơ khác (MaHoSo).' }
  if (verdict.kind === 'DONE') {
    const accepted = { kind: 'ACCEPTED' as const, alreadyHad: false, ...(row?.MaTiepNhan && { externalRef: row.MaTiepNhan }) }
    return otherThanSent(asked.sending, row) ?? accepted
  }
  const told = row && judgeKey(asked.sending, row)
  if (told && told.kind !== 'UNKNOWN') return outcomeOfAnswer(told)
  const found = readRecord(await calls.lookUp(calls.leftMs), step.MaHoSo)
  if (found.kind === 'FAILED') return { kind: 'INDETERMINATE', code: found.code, cause: `Cổng dịch vụ công báo đã tồn tại. ${found.cause}` }
  const held = judgeProgress(asked, found.record)
  return held.kind === 'ABSENT'
    ? { kind: 'INDETERMINATE', code: 'EXISTS_UNSEEN', cause: 'Cổng dịch vụ công báo đã tồn tại nhưng tra cứu thì không thấy bước này.' }
    : outcomeOfAnswer(held)
}
