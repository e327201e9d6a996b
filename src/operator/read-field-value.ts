import { isEmail } from 'class-validator'
import { type ReferenceData, resolveUnit } from '../dossier/reference-data.js'
import type { FormLine, LineValue } from '../model/amend-body.js'
import type { TextField } from '../model/body-fields.js'
import { COMMUNE_CODE } from '../model/field-limits.js'
import { readInstant } from '../model/read-instant.js'

/** What a value is judged by beside the line that it is for. */
export interface FieldContext {
  readonly reference: ReferenceData
  /** Local date by which communes are named. */
  readonly receivedOn: string
  /** ISO UTC. */
  readonly receivedAt: string
}

export type ReadValue = { readonly value: LineValue } | { readonly fault: string }

const EMPTY = 'Không được bỏ trống trường này.'
/** What a masked value looks like: nobody means to send that. */
const MASK = '***'

/** Giá trị của một trường as a person has written it: of the kind and within the limits of its line, in the form in which bodies keep it. */
export const readFieldValue = ({ field, optional }: FormLine, given: string | null, context: FieldContext): ReadValue => {
  const text = (given ?? '').normalize('NFC').trim()
  const mayBeEmpty = field.kind === 'TEXT' && field.limit.least === 0
  if (text === '') return optional ? { value: undefined } : mayBeEmpty ? { value: '' } : { fault: EMPTY }
  switch (field.kind) {
    case 'FIXED':
      return { fault: 'Trường này không được sửa: nó cho biết lượt này là của hồ sơ nào, việc gì, hoặc do nguồn khác giữ.' }
    case 'TEXT':
      return readText(field, text)
    case 'INSTANT':
      return readMoment(text, field.afterReception === true, context)
    case 'CHOICE':
      return Object.hasOwn(field.values, text)
        ? { value: text }
        : {
            fault: `Chỉ nhận một trong: ${Object.entries(field.values)
              .map(([code, vi]) => `${code} (${vi})`)
              .join(', ')}.`,
          }
    case 'COUNT':
      return /^\d{1,9}$/.test(text) && Number(text) <= field.most
        ? { value: Number(text) }
        : { fault: `Phải là số nguyên từ 0 đến ${field.most}.` }
    case 'COMMUNE':
      return readCommune(text, context)
  }
}

const readText = ({ limit, canonical, format, holds }: TextField, text: string): ReadValue => {
  if (holds && text.includes(MASK)) return { fault: 'Giá trị còn dấu che (***): hãy nhập lại đầy đủ.' }
  const length = [...text].length
  if (length < limit.least || length > limit.most || (limit.pattern && !limit.pattern.test(text))) return { fault: limit.message }
  if (format === 'EMAIL' && !isEmail(text)) return { fault: limit.message }
  const written = canonical ? canonical(text) : text
  return written === null ? { fault: 'Số phát hành không đúng mẫu, ví dụ CD 12345678.' } : { value: written }
}

const readMoment = (text: string, afterReception: boolean, { receivedAt }: FieldContext): ReadValue => {
  const instant = readInstant(text)
  if (typeof instant === 'string') return { fault: instant }
  const value = instant.toISOString()
  return afterReception && value < receivedAt ? { fault: 'Sớm hơn ngày tiếp nhận hồ sơ.' } : { value }
}

const readCommune = (code: string, { reference, receivedOn }: FieldContext): ReadValue => {
  if (!COMMUNE_CODE.pattern.test(code)) return { fault: COMMUNE_CODE.message }
  const found = resolveUnit(reference, { code }, receivedOn)
  if (found.kind !== 'FOUND') return { fault: 'Không có đơn vị hành chính mã này vào ngày tiếp nhận hồ sơ.' }
  const { validFrom, name } = found.unit
  return { value: { code, validFrom, name } }
}
