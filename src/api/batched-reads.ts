import DataLoader from 'dataloader'
import type { LinkedUnit } from '../dossier/unit-lineage-repository.js'

/** Readings of an answer, each kind in one statement however many keys it needs. */
type Read<Key, Row> = (keys: readonly Key[]) => Promise<readonly Row[]>

/** One row a key, null when there is none. */
export const one = <Key extends string | number, Row>(read: Read<Key, Row>, keyOf: (row: Row) => Key): DataLoader<Key, Row | null> =>
  new DataLoader(async (keys) => {
    const found = new Map((await read(keys)).map((row) => [keyOf(row), row]))
    return keys.map((key) => found.get(key) ?? null)
  })

/** All rows of a key, in the order of the read. */
export const many = <Row extends { readonly dossierId: string }>(read: Read<string, Row>): DataLoader<string, readonly Row[]> =>
  grouped(read, (row) => row.dossierId)

export const grouped = <Row>(read: Read<string, Row>, keyOf: (row: Row) => string): DataLoader<string, readonly Row[]> =>
  new DataLoader(async (keys) => {
    const groups = new Map<string, Row[]>(keys.map((key) => [key, []]))
    for (const row of await read(keys)) groups.get(keyOf(row))?.push(row)
    return keys.map((key) => groups.get(key) ?? [])
  })

export const linkedUnits = (read: Read<number, LinkedUnit>): DataLoader<number, readonly LinkedUnit[]> =>
  new DataLoader(async (ids) => {
    const rows = await read(ids)
    return ids.map((id) => rows.filter(({ ofId }) => ofId === id))
  })

/** Read when it is first asked for, then kept. */
export const onceAsked = <Value>(read: () => Promise<Value>): (() => Promise<Value>) => {
  let asked: Promise<Value> | undefined
  return () => {
    asked ??= read()
    return asked
  }
}
