import { type ActName, TRANSFER_ACTS } from '../model/transfer-acts.js'
import type { Database } from '../platform/database.js'
import { type ActFacts, readActFacts } from '../transfer/act-facts-repository.js'
import { dossierCodeOf } from '../transfer/transfer-repository.js'
import { type ActRefusal, type MaxProcessingMs, rulesOf } from './act-rules.js'
import { readPresent } from './supersede-transfer.js'

/** Thao tác được phép lúc này: whether an act would be done if it came now, and why not. Whoever acts is judged anew, under the lock. */
export interface JudgedAct {
  readonly transferId: string
  readonly act: ActName
  readonly refusal: ActRefusal | undefined
}

/** The acts on each of these transfers, in the order of `TRANSFER_ACTS`. Changes nothing. */
export const judgeActs = async (db: Database, transferIds: readonly string[], maxProcessingMs: MaxProcessingMs): Promise<JudgedAct[]> => {
  const rules = rulesOf(maxProcessingMs)
  const judged: JudgedAct[] = []
  for (const transfer of await readActFacts(db, transferIds))
    for (const act of TRANSFER_ACTS) {
      const refusal = rules[act](transfer) ?? (act === 'SUPERSEDE' ? await contentRefusal(db, transfer) : undefined)
      judged.push({ transferId: transfer.id, act, refusal })
    }
  return judged
}

/** Superseding is decided by what the sources say by now, so it has to be looked at. */
const contentRefusal = (db: Database, transfer: ActFacts): Promise<ActRefusal | undefined> =>
  db.transaction(async (tx) => {
    const code = await dossierCodeOf(tx, transfer.id)
    if (code === undefined) return undefined
    const present = await readPresent(tx, transfer, code)
    return present.kind === 'REFUSED' ? present : undefined
  })
