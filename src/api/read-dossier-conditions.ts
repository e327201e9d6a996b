import { seesPersonalData } from '../access/masking.js'
import { requirePermission } from '../access/permissions.js'
import { invalidInput } from '../errors.js'
import { canonicalSerial, procedureKey } from '../model/dossier-code.js'
import { searchWords } from '../model/search-words.js'
import type { RequestContext } from './request-context.js'

interface DossierConditions {
  readonly applicant?: string
  readonly certificateSerial?: string
  readonly procedureCode?: string
  readonly text?: string
}

/**
 * What filters of dossiers and of their transfers have in common, in the form that is searched for: serials canonical, procedures by their first eight
 * characters, persons only for whom they are not masked.
 */
export const readDossierConditions = (given: DossierConditions, context: RequestContext) => {
  if (given.applicant !== undefined) requirePermission(context.caller, 'dossiers.applicant')
  if (given.text !== undefined && searchWords(given.text).length === 0)
    throw invalidInput('TEXT_EMPTY', 'text', 'Chưa nhập nội dung cần tìm.')
  let serial: string | undefined
  if (given.certificateSerial !== undefined) {
    serial = canonicalSerial(given.certificateSerial) ?? undefined
    if (!serial) throw invalidInput('SERIAL_INVALID', 'certificateSerial', 'Số phát hành giấy chứng nhận không đúng dạng.')
  }
  return {
    certificateSerial: serial,
    procedureCode: given.procedureCode && procedureKey(given.procedureCode),
    textFindsPersons: seesPersonalData(context.caller),
  }
}
