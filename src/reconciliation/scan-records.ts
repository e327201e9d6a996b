import { type ComparedField, type ComparedRecord, digestRecord } from '../model/compared-record.js'

/** The codes of records that only one side has, that both have otherwise, or that one has more than once. */
export const differingCodes = (
  ours: readonly ComparedRecord[],
  theirs: readonly ComparedRecord[],
  fields: readonly ComparedField[],
): string[] => {
  const digestsOf = (records: readonly ComparedRecord[]): Map<string, string[]> => {
    const found = new Map<string, string[]>()
    for (const record of records) found.set(record.dossierCode, [...(found.get(record.dossierCode) ?? []), digestRecord(record, fields)])
    return found
  }
  const [here, there] = [digestsOf(ours), digestsOf(theirs)]
  return [...new Set([...here.keys(), ...there.keys()])].filter(
    (code) => (here.get(code) ?? []).sort().join() !== (there.get(code) ?? []).sort().join(),
  )
}
