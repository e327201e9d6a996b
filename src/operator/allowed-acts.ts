import { type ActName, TRANSFER_ACTS } from '../model/transfer-acts.js'
import type { Database } from '../platform/database.js'
import { type ActFacts, readActFacts } from '../transfer/act-facts-repository.js'
import { dossierCodeOf } from '../transfer/transfer-repository.js'
import { type ActRefusal, type MaxProcessingMs, rulesOf } from './act-rules.js'
import { readAmendable } from './read-amendable.js'
import { readPresent } from './supersede-transfer.js'

/** Thao tác được phép lúc này: whether an act would be done if it came now, and why not. Whoever acts is judged anew, under the lock. */
export interface JudgedAct {
  readonly transferId: string
  readonly act: ActName
  readonly refusal: ActRefusal | undefined
}

export interface JudgedFor {
  readonly maxProcessingMs: MaxProcessingMs
  /** Who would act: nobody approves his own amendment. */
  readonly subject: string
}

/** The acts on each of these transfers, in the order of `TRANSFER_ACTS`. Changes nothing. */
export const judgeActs = async (
  db: Database,
  transferIds: readonly string[],
  { maxProcessingMs, subject }: JudgedFor,
): Promise<JudgedAct[]> => {
  const rules = rulesOf(maxProcessingMs, subject)
  const judged: JudgedAct[] = []
  for (const transfer of await readActFacts(db, transferIds))
    for (const act of TRANSFER_ACTS) {
      const refusal = rules[act](transfer) ?? (await contentRefusal(db, transfer, act))
      judged.push({ transferId: transfer.id, act, refusal })
    }
  return judged
}

/** Superseding and amending are decided by what the sources say by now, so it has to be looked at. */
const contentRefusal = async (db: Database, transfer: ActFacts, act: ActName): Promise<ActRefusal | undefined> => {
  if (act !== 'SUPERSEDE' && act !== 'AMEND') return undefined
  return db.transaction(async (tx) => {
    const code = await dossierCodeOf(tx, transfer.id)
    if (code === undefined) return undefined
    const present = act === 'SUPERSEDE' ? await readPresent(tx, transfer, code) : await readAmendable(tx, transfer, code)
    return present.kind === 'REFUSED' ? present : undefined
  })
}
