import { type Difference, differencesOf, type FormLine, formOf, type LineValue, withValues } from '../model/amend-body.js'
import { digestBody } from '../model/digest.js'
import { unusedKeyOf } from '../model/idempotency-key.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { LookAhead } from '../transfer/look-ahead.js'
import type { FrozenTransfer } from '../transfer/superseding-repository.js'
import { type FieldContext, readFieldValue } from './read-field-value.js'

/**
 * Kiểm tra nội dung sửa: each value by the kind and limits of its field, then the whole body by what the adapter itself asks before it sends (its contract,
 * its files, the mapping of its codes). What the adapter finds is said of the field whose new value brings it about: its own names are those of the wire.
 */
export interface AmendmentChange {
  /** Path of a line (`amend-body.ts`). */
  readonly field: string
  /** Null or empty: taken out. */
  readonly value: string | null
}

export interface FieldFault {
  /** Null: no change of one field brings it about, such as a mapping that is missing anyway. */
  readonly field: string | null
  readonly reason: 'UNKNOWN_FIELD' | 'FIELD_FIXED' | 'GIVEN_TWICE' | 'INVALID' | 'NOT_SENDABLE'
  /** A sentence that does not quote the value. */
  readonly message: string
}

/** What is amended: the body as its source says now, and what an earlier amendment of the same transfer still changes of it. */
export interface Amendable {
  readonly source: TransferBody
  readonly kept: readonly Difference[]
  readonly frozen: FrozenTransfer
}

export type Judgement =
  | { readonly kind: 'FIT'; readonly body: TransferBody; readonly differences: readonly Difference[] }
  | { readonly kind: 'INVALID'; readonly faults: readonly FieldFault[] }

type Values = Map<string, LineValue>

/** What an earlier amendment still changes, in the form in which bodies keep it. */
export const keptValues = ({ source, kept }: Pick<Amendable, 'source' | 'kept'>, context: FieldContext): Values => {
  const lines = new Map(formOf(source).map((line) => [line.path, line]))
  const values: Values = new Map()
  for (const { field, after } of kept) {
    const line = lines.get(field)
    const read = line && readFieldValue(line, after, context)
    if (read && 'value' in read) values.set(field, read.value)
  }
  return values
}

/** Reads the changes into values, or says what is wrong with each. */
const readChanges = (
  source: TransferBody,
  changes: readonly AmendmentChange[],
  context: FieldContext,
): { readonly values: Values; readonly faults: readonly FieldFault[] } => {
  const lines = new Map(formOf(source).map((line) => [line.path, line]))
  const values: Values = new Map()
  const faults: FieldFault[] = []
  for (const { field, value } of changes) {
    const read = readOne(lines.get(field), values.has(field), value, context)
    if ('value' in read) values.set(field, read.value)
    else faults.push({ field, ...read })
  }
  return { values, faults }
}

const readOne = (
  line: FormLine | undefined,
  isKnown: boolean,
  given: string | null,
  context: FieldContext,
): { readonly value: LineValue } | Omit<FieldFault, 'field'> => {
  if (!line) return { reason: 'UNKNOWN_FIELD', message: 'Nội dung của lượt này không có trường đó.' }
  if (isKnown) return { reason: 'GIVEN_TWICE', message: 'Trường này được cho hai giá trị.' }
  const read = readFieldValue(line, given, context)
  if ('value' in read) return read
  return { reason: line.field.kind === 'FIXED' ? 'FIELD_FIXED' : 'INVALID', message: read.fault }
}

/** Calls nobody: the adapter only prepares what it would send. */
export const judgeAmendment = async (
  check: LookAhead['check'],
  amendable: Amendable,
  changes: readonly AmendmentChange[],
  context: FieldContext,
): Promise<Judgement> => {
  const { source, frozen } = amendable
  const { values: changed, faults } = readChanges(source, changes, context)
  const values: Values = new Map([...keptValues(amendable, context), ...changed])
  const found = [...faults, ...(await contractFaults(check, source, frozen, values))]
  if (found.length > 0) return { kind: 'INVALID', faults: found }
  const body = withValues(source, values)
  return { kind: 'FIT', body, differences: differencesOf(source, body) }
}

/** Value after value that the adapter would refuse, each by leaving it away: what it refuses then still is another one's, or nobody's. */
const contractFaults = async (
  check: LookAhead['check'],
  source: TransferBody,
  frozen: FrozenTransfer,
  values: Values,
): Promise<FieldFault[]> => {
  const refusalOf = (of: Values) => check(sendingOf(withValues(source, of), frozen))
  const faults: FieldFault[] = []
  const left: Values = new Map(values)
  for (;;) {
    const refusal = await refusalOf(left)
    if (refusal === null) return faults
    if (refusal === undefined)
      return [{ field: null, reason: 'NOT_SENDABLE', message: 'Hệ thống nhận đang tắt trong cấu hình: chưa kiểm tra được nội dung.' }]
    const culprit = await findCulprit(refusalOf, left, refusal)
    faults.push({ field: culprit ?? null, reason: 'NOT_SENDABLE', message: sentenceOf(refusal) })
    if (culprit === undefined) return faults
    left.delete(culprit)
  }
}

type Refusal = Exclude<Awaited<ReturnType<LookAhead['check']>>, null | undefined>

const findCulprit = async (
  refusalOf: (values: Values) => ReturnType<LookAhead['check']>,
  values: Values,
  { code, field }: Refusal,
): Promise<string | undefined> => {
  for (const path of values.keys()) {
    const without: Values = new Map(values)
    without.delete(path)
    const other = await refusalOf(without)
    if (other === null || (other && (other.code !== code || other.field !== field))) return path
  }
  return undefined
}

const sentenceOf = ({ reason, field }: Refusal): string =>
  field === undefined || reason.includes(field) ? reason : `${reason.replace(/\.$/, '')} (${field}).`

const sendingOf = (body: TransferBody, { dossierCode, usedKeys, correlationId }: FrozenTransfer) => ({
  operation: body.operation,
  idempotencyKey: unusedKeyOf(dossierCode, body.operation, body.dossierVersion, usedKeys),
  dossierCode,
  body,
  digest: digestBody(body),
  correlationId,
  adopting: false,
})
