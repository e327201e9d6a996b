import type { SyncDossierBody } from '../../../src/model/transfer-body.js'
import type { DeliveryOutcome, InquiryAnswer } from '../../../src/ports/target-system.js'
import { outcomeOfCall } from '../../soap/outcome-of.js'
import { type Asked, decideAfterExists, decideWrite, expectedFiles, judgeKey, sameFiles } from './compare.js'
import { FAULTS, otherThanSent, type Verdict, verdictOf } from './faults.js'
import type { PortalCalls } from './portal-calls.js'
import { readRecord } from './read-record.js'
import type { HoSo, KetQuaGhi } from './wire.js'

/** Đồng bộ hồ sơ: looks up, writes, and writes at most once more when the look-up proved stale and an update is safe. */
export async function writeDossier(
  calls: PortalCalls,
  asked: Asked<SyncDossierBody>,
  record: HoSo,
  lookUpMs: number,
): Promise<DeliveryOutcome> {
  const found = readRecord(await calls.lookUp(lookUpMs), record.MaHoSo)
  if (found.kind === 'FAILED') return found.outcome
  const decision = decideWrite(asked, found.record)
  if (decision.kind === 'ANSWERED') return outcomeOfAnswer(decision.answer)
  const first = await write(calls, asked, record, decision.kind === 'UPDATE')
  if (first.kind === 'OUTCOME') return first.outcome
  const told = first.row && judgeKey(asked.sending, first.row)
  if (told && told.kind !== 'UNKNOWN') return lostFiles(asked.body, first.row) ?? outcomeOfAnswer(told)

  const again = readRecord(await calls.lookUp(lookUpMs), record.MaHoSo)
  if (again.kind === 'FAILED') return { kind: 'INDETERMINATE', code: again.code, cause: `Cổng dịch vụ công báo đã tồn tại. ${again.cause}` }
  const next = decideAfterExists(asked, again.record)
  if (next.kind === 'ANSWERED') return outcomeOfAnswer(next.answer)
  if (decision.kind === 'UPDATE')
    return { kind: 'INDETERMINATE', code: 'EXISTS_UNSEEN', cause: 'Cổng dịch vụ công trả lời lần cập nhật là đã tồn tại.' }
  const second = await write(calls, asked, record, true)
  if (second.kind === 'OUTCOME') return second.outcome
  const toldAgain = second.row && judgeKey(asked.sending, second.row)
  if (toldAgain) return lostFiles(asked.body, second.row) ?? outcomeOfAnswer(toldAgain)
  return { kind: 'INDETERMINATE', code: 'EXISTS_UNSEEN', cause: 'Cổng dịch vụ công trả lời cả lần thêm và lần cập nhật là đã tồn tại.' }
}

type Written = { readonly kind: 'OUTCOME'; readonly outcome: DeliveryOutcome } | Extract<Verdict, { kind: 'EXISTS' }>

async function write(calls: PortalCalls, asked: Asked<SyncDossierBody>, record: HoSo, updating: boolean): Promise<Written> {
  const answer = await calls.write('DongBoHoSoMC', updating, record)
  if (answer.kind !== 'READ') return { kind: 'OUTCOME', outcome: outcomeOfCall(answer, FAULTS) }
  const verdict = verdictOf(answer.reply)
  if (verdict.kind === 'EXISTS') return verdict
  if (verdict.kind === 'REFUSED') return { kind: 'OUTCOME', outcome: verdict.outcome }
  return { kind: 'OUTCOME', outcome: accepted(asked, verdict.row) }
}

/** Their word that it is done counts only for this dossier, and with all of its files. */
function accepted({ sending, body }: Asked<SyncDossierBody>, row: KetQuaGhi | undefined): DeliveryOutcome {
  if (row && row.MaHoSo !== body.dossierCode)
    return { kind: 'INDETERMINATE', code: 'OTHER_DOSSIER', cause: 'Trả lời của Cổng dịch vụ công là của hồ sơ khác (MaHoSo).' }
  const other = otherThanSent(sending, row) ?? lostFiles(body, row)
  return other ?? { kind: 'ACCEPTED', alreadyHad: false, ...(row?.MaTiepNhan && { externalRef: row.MaTiepNhan }) }
}

function lostFiles(body: SyncDossierBody, row: KetQuaGhi | undefined): DeliveryOutcome | undefined {
  const files = expectedFiles(body)
  if (row?.SoTep === undefined || sameFiles(files, row.Tep ?? [])) return undefined
  return { kind: 'CONFLICT', code: 'OTHER_FILES', theirs: `Cổng giữ ${row.SoTep} tập tin, không khớp ${files.length} tập tin đã gửi` }
}

/** What they have answers the sending: nothing needs to be written. */
export function outcomeOfAnswer(answer: Exclude<InquiryAnswer, { kind: 'ABSENT' }>): DeliveryOutcome {
  if (answer.kind === 'SAME') return { ...answer, kind: 'ACCEPTED', alreadyHad: true }
  if (answer.kind === 'DIFFERENT') return { ...answer, kind: 'CONFLICT' }
  return { ...answer, kind: 'INDETERMINATE' }
}
