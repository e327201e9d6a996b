import { findDossierByCode, wasMadeByMessage } from '../dossier/dossier-reads-repository.js'
import { findUnitInScope } from '../dossier/reference-reads-repository.js'
import { canonicalSerial, isDossierCode, isProcedureCode } from '../model/dossier-code.js'
import type { InboundPayload } from '../model/inbound.js'
import { localDateOf } from '../model/working-calendar.js'
import { changeDossier, eventIdsOf } from './change-dossier.js'
import { checkDocuments } from './document-intake.js'
import type { SubmitDossierInput } from './dossier-change.input.js'
import type { DossierChangeAnswer } from './mutation-result.type.js'
import { InputRefused } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import { withoutNulls } from './without-nulls.js'

const refuse = (reason: string, field: string, message: string): InputRefused => new InputRefused({ reason, field, message })

/** The wire form of what was sent; what it means (procedure, commune, version) is decided by the inbox. */
const badForm = (input: SubmitDossierInput): InputRefused | null => {
  if (!isDossierCode(input.code))
    return refuse('DOSSIER_CODE_INVALID', 'code', 'Mã hồ sơ không đúng dạng, ví dụ 000.00.22.H58-260315-0001 hoặc H58.22-260315-0001.')
  if (!isProcedureCode(input.procedureCode))
    return refuse('PROCEDURE_CODE_INVALID', 'procedureCode', 'Mã thủ tục không đúng dạng, ví dụ 1.012783.')
  if (input.dueAt <= input.receivedAt) return refuse('DUE_BEFORE_RECEPTION', 'dueAt', 'Ngày hẹn trả phải sau ngày tiếp nhận.')
  const bad = input.certificates.findIndex((certificate) => canonicalSerial(certificate.serialNumber) === null)
  return bad < 0
    ? null
    : refuse('SERIAL_INVALID', `certificates.${bad}.serialNumber`, 'Số phát hành giấy chứng nhận không đúng dạng, ví dụ BX 123456.')
}

/**
 * A caller writes where it may: an officer for communes of theirs, and over no dossier that lies elsewhere; a citizen's application
 * over no dossier that it did not hand in itself.
 */
const outOfReach = async (context: RequestContext, input: SubmitDossierInput): Promise<InputRefused | null> => {
  const { db } = context.deps
  const anywhere = { communes: null }
  const known = await findDossierByCode(db, anywhere, input.code)
  const notHere = known && !(await findDossierByCode(db, context.scope, input.code))
  const { role, subject } = context.caller
  if (notHere || (known && role === 'CITIZEN_APP' && !(await wasMadeByMessage(db, known.code, eventIdsOf(subject)))))
    return refuse('DOSSIER_CODE_TAKEN', 'code', 'Mã hồ sơ này đã được dùng.')
  const day = localDateOf(input.receivedAt)
  const unit = await findUnitInScope(db, anywhere, input.receivingUnit.code, day)
  if (unit && !(await findUnitInScope(db, context.scope, input.receivingUnit.code, day)))
    return refuse('COMMUNE_OUT_OF_SCOPE', 'receivingUnit.code', 'Xã tiếp nhận không thuộc địa bàn của bạn.')
  return null
}

export const submitDossier = async (context: RequestContext, input: SubmitDossierInput): Promise<DossierChangeAnswer> => {
  const refusal = badForm(input) ?? (await outOfReach(context, input))
  if (refusal) return refusal
  const documents = checkDocuments(input.documents, context.deps.limits.maxDocumentBytes)
  if (documents instanceof InputRefused) return documents
  const { clientKey, receivedAt, dueAt, certificates, ...given } = withoutNulls(input)
  const payload: InboundPayload = {
    kind: 'DOSSIER',
    dossier: {
      ...given,
      // What a citizen hands in (1) is received by an officer at the desk; what an officer hands in has been received (2).
      status: context.caller.role === 'CITIZEN_APP' ? 'SUBMITTED' : 'ACCEPTED',
      receivedAt: receivedAt.toISOString(),
      dueAt: dueAt.toISOString(),
      certificates: certificates.map((certificate) => ({
        ...certificate,
        serialNumber: canonicalSerial(certificate.serialNumber) ?? certificate.serialNumber,
      })),
      documents: documents.map((document) => document.content),
    },
  }
  return changeDossier(context, { operation: 'submitDossier', clientKey, dossierCode: input.code, payload, documents })
}
