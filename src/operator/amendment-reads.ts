import { notFound } from '../errors.js'
import { type Difference, type FormLine, formOf } from '../model/amend-body.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { Database } from '../platform/database.js'
import { readActFacts } from '../transfer/act-facts-repository.js'
import type { LookAhead } from '../transfer/look-ahead.js'
import { dossierCodeOf } from '../transfer/transfer-repository.js'
import type { ActRefusal } from './act-rules.js'
import { judgeChanges, readForm } from './amend-transfer.js'
import type { AmendmentChange, FieldFault } from './check-amendment.js'
import { compareWithSource, type KeptDifference, shownBody } from './read-amendable.js'
import { readNow } from './supersede-transfer.js'

/** A line of the form, with what the source says beside what would go. */
export interface AmendmentLine extends FormLine {
  readonly sourceValue: string | null
}

export interface CheckedChanges {
  readonly refusal?: ActRefusal
  readonly faults: readonly FieldFault[]
  readonly differences: readonly ComparedDifference[]
}

/** Đọc để sửa: the form of a transfer, what would come of changes to it, and how what was amended stands beside its source. Changes nothing, calls nobody. */
export interface AmendmentReads {
  form(transferId: string): Promise<readonly AmendmentLine[] | ActRefusal>
  check(transferId: string, changes: readonly AmendmentChange[]): Promise<CheckedChanges>
  /** What was amended beside what the source says now, with the lines of the body that they are. */
  compare(transferId: string, differences: readonly Difference[]): Promise<readonly ComparedDifference[]>
}

export interface ComparedDifference extends KeptDifference {
  readonly line: FormLine | undefined
}

const linesOf = (body: TransferBody): Map<string, FormLine> => new Map(formOf(body).map((line) => [line.path, line]))

export const amendmentReads = (db: Database, check: LookAhead['check']): AmendmentReads => ({
  form: async (transferId) => {
    const form = await readForm(db, transferId)
    if (form.kind === 'REFUSED') return form
    const told = new Map(formOf(form.source).map(({ path, value }) => [path, value]))
    return formOf(shownBody(form)).map((line) => ({ ...line, sourceValue: told.get(line.path) ?? null }))
  },
  check: async (transferId, changes) => {
    const judged = await judgeChanges({ db, check }, { transferId, changes })
    if (judged.kind === 'REFUSED') return { refusal: judged, faults: [], differences: [] }
    if (judged.kind === 'INVALID') return { faults: judged.faults, differences: [] }
    const lines = linesOf(judged.body)
    return {
      faults: [],
      differences: compareWithSource(judged.differences, judged.on.source).map((one) => ({ ...one, line: lines.get(one.field) })),
    }
  },
  compare: (transferId, differences) =>
    db.transaction(async (tx) => {
      const code = await dossierCodeOf(tx, transferId)
      const [transfer] = await readActFacts(tx, [transferId])
      if (code === undefined || !transfer) throw notFound('lượt liên thông này')
      const now = await readNow(tx, transfer, code, { evenOvertaken: true })
      const frozen = now.kind === 'REFUSED' ? undefined : now.frozen.body
      const source = now.kind === 'REFROZEN' ? now.body : undefined
      const lines = frozen ? linesOf(frozen) : new Map<string, FormLine>()
      const compared = source ? compareWithSource(differences, source) : differences.map((one) => ({ ...one, sourceNow: one.before }))
      return compared.map((one) => ({ ...one, line: lines.get(one.field) }))
    }),
})
