import { carriedBy, type Operation, type Origin } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { Tx } from '../platform/database.js'
import { commitChange } from './commit-change.js'
import { supplementChange } from './decide-change.js'
import { databaseNow } from './dossier-repository.js'
import type { DossierChange, DossierSnapshot } from './dossier-snapshot.js'
import { readReferenceData } from './reference-repository.js'
import { acceptContradiction, readContradiction, readTellingInForce, type Telling } from './telling-repository.js'
import { type Fact, isFactKind } from './told-fact.js'
import { bodyOf } from './transfer-bodies.js'

/**
 * Sửa việc đã báo: what somebody did is a fact that its source owns. When the source has told it again with another content, that stands in the
 * inbox as a conflict until a person decides that it holds (by superseding the transfer that carries the fact). Then the dossier takes it as a
 * change like any other: its files, its timeline and what the other systems are told of it.
 */

/** The fact that a transfer carries to its system; undefined: it tells how things stand, or of notices, which correct each other. */
export const factCarriedBy = ({ operation }: Pick<TransferBody, 'operation'>): Fact['kind'] | undefined => {
  const carried = carriedBy(operation)
  return isFactKind(carried) ? carried : undefined
}

/** Who owns the fact of a transfer, and what he says of it by now where that is another content. */
export const readFactOf = async (
  tx: Tx,
  dossier: DossierSnapshot,
  body: TransferBody,
): Promise<{ readonly source: Origin; readonly contradiction?: Telling } | undefined> => {
  const kind = factCarriedBy(body)
  if (kind === undefined) return undefined
  const inForce = await readTellingInForce(tx, dossier.id, { kind, supplementNo: 'supplementNo' in body ? body.supplementNo : undefined })
  return inForce && { source: inForce.source, contradiction: await readContradiction(tx, dossier.content.code, inForce) }
}

/**
 * The contradiction holds: changes the dossier and plans what its other systems are to hear, and returns the body for the transfer in whose place the
 * correction goes. The caller holds the dossier's lock and audits.
 */
export const correctFact = async (
  tx: Tx,
  dossier: DossierSnapshot,
  told: Telling,
  { operation, correlationId }: { readonly operation: Operation; readonly correlationId: string },
): Promise<TransferBody> => {
  const change: DossierChange = { ...changeOf(dossier, told), corrects: true }
  const from = { source: told.source, eventAt: told.eventAt, messageId: told.messageId, correlationId, now: await databaseNow(tx) }
  const after = await commitChange(tx, await readReferenceData(tx), dossier, change, from, { without: operation })
  await acceptContradiction(tx, dossier.content.code, told)
  return bodyOf(operation, after, change, told.eventAt)
}

/** No status: the dossier has it from the first telling. */
const changeOf = (dossier: DossierSnapshot, { fact, eventAt, supplementNo }: Telling): DossierChange => {
  switch (fact.kind) {
    case 'SUPPLEMENT_HANDED_IN':
      return supplementChange(dossier, fact, supplementNo ?? dossier.supplementCount, { eventAt })
    case 'WITHDRAWN':
      return { events: ['WITHDRAWN'], note: fact.reason }
    case 'RESULT_RETURNED':
      return { events: ['RESULT_RETURNED'], note: fact.note, returnMethod: fact.method, returnedAt: eventAt }
    case 'RESULT_ISSUED':
      return {
        events: ['RESULT_ISSUED'],
        note: fact.note,
        officer: fact.officer,
        finishedAt: eventAt,
        documents: { role: 'RESULT', items: fact.documents },
      }
  }
}
