import { seesPersonalData } from '../access/masking.js'
import { requirePermission } from '../access/permissions.js'
import { invalidInput } from '../errors.js'
import { canonicalSerial, procedureKey } from '../model/dossier-code.js'
import { searchWords } from '../model/search-words.js'
import type { RequestContext } from './request-context.js'

interface Ranges {
  readonly dueFrom?: Date
  readonly dueTo?: Date
  readonly receivedFrom?: Date
  readonly receivedTo?: Date
  readonly createdFrom?: Date
  readonly createdTo?: Date
}

interface DossierConditions extends Ranges {
  readonly applicant?: string
  readonly certificateSerial?: string
  readonly procedureCode?: string
  readonly text?: string
}

const checkRanges = (given: Ranges): void => {
  for (const name of ['due', 'received', 'created'] as const) {
    const [from, to] = [given[`${name}From`], given[`${name}To`]]
    if (from !== undefined && to !== undefined && from > to)
      throw invalidInput('RANGE_REVERSED', `${name}To`, 'Mốc cuối của khoảng thời gian đứng trước mốc đầu, nên không có gì trong đó.')
  }
}

/**
 * What filters of dossiers and of their transfers have in common, in the form that is searched for: serials canonical, procedures by their first eight
 * characters, persons only for whom they are not masked. A range that ends before it begins is a slip, not an empty list.
 */
export const readDossierConditions = (given: DossierConditions, context: RequestContext) => {
  if (given.applicant !== undefined) requirePermission(context.caller, 'dossiers.applicant')
  checkRanges(given)
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
