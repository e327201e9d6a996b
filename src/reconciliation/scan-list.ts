import { type ComparedRecord, digestRecord } from '../model/compared-record.js'
import type { Sql } from '../platform/database.js'
import type { ReceptionRange } from '../ports/comparison-source.js'
import { ownByCode } from './own-record-repository.js'
import type { Scanned } from './scan-days.js'
import type { TheirSide } from './their-side.js'

/**
 * So theo danh sách: both sides of one window by day and code, next to each other, as two sorted streams are merged. In memory stand a page of theirs and one of
 * ours. A list that is not in its order costs a suspicion that the closer look lifts, nothing more.
 */
export async function* scanList(sql: Sql, their: TheirSide, range: ReceptionRange): AsyncGenerator<Scanned> {
  const ours = ownByCode(sql, { system: their.id, fields: their.fields }, range)
  let own = await ours.next()
  let compared = 0
  let codes: string[] = []
  let before: ComparedRecord | undefined
  const nextOwn = async (): Promise<void> => {
    compared += 1
    own = await ours.next()
  }
  for await (const page of their.list(range)) {
    for (const record of page) {
      if (before?.dossierCode === record.dossierCode) {
        codes.push(record.dossierCode)
        continue
      }
      before = record
      for (; !own.done && isBefore(own.value, record); await nextOwn()) codes.push(own.value.dossierCode)
      if (own.done || isBefore(record, own.value)) codes.push(record.dossierCode)
      else {
        if (digestRecord(own.value, their.fields) !== digestRecord(record, their.fields)) codes.push(record.dossierCode)
        await nextOwn()
      }
    }
    yield { codes: [...new Set(codes)], compared, groupsDiffering: 0 }
    codes = []
    compared = 0
  }
  for (; !own.done; await nextOwn()) {
    codes.push(own.value.dossierCode)
    if (codes.length < MOST_CODES) continue
    yield { codes, compared, groupsDiffering: 0 }
    codes = []
    compared = 0
  }
  yield { codes, compared, groupsDiffering: 0 }
}

const MOST_CODES = 500

const isBefore = (a: ComparedRecord, b: ComparedRecord): boolean =>
  a.receivedOn < b.receivedOn || (a.receivedOn === b.receivedOn && a.dossierCode < b.dossierCode)
