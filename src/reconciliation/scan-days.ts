import { bucketOf, type ComparedRecord, digestGroup, digestRecord } from '../model/compared-record.js'
import type { Sql } from '../platform/database.js'
import type { ComparedGroup, GroupDigest, ReceptionRange, TheirGroup, TheirGroupDigest } from '../ports/comparison-source.js'
import { ownDigests } from './own-digest-repository.js'
import { type OwnRecord, ownByReception, ownOfGroups } from './own-record-repository.js'
import { differingCodes } from './scan-records.js'
import type { TheirSide } from './their-side.js'

/**
 * So theo mã băm: one window of days. First the digests of communes and days of both sides; of those that differ and hold much, the digests of their buckets; of what
 * differs then, the records. In memory stand the digests of one window, and the records of a handful of groups.
 */
export interface Scanned {
  /** Codes that one of both sides has otherwise, or not at all. Only a suspicion: both sides were read one after the other, and live on. */
  readonly codes: readonly string[]
  readonly compared: number
  readonly groupsDiffering: number
}

/** Records of a side that are asked for at once, as their counts foretell. */
const RECORDS_AT_ONCE = 2_000

/** `bucketsAbove`: groups that hold more are asked for by their buckets first. */
export async function* scanDays(sql: Sql, their: TheirSide, range: ReceptionRange, bucketsAbove: number): AsyncGenerator<Scanned> {
  const query = { system: their.id, fields: their.fields }
  // Both at once: they reckon while we do.
  const [asked, own] = await Promise.allSettled([their.days(range), ownDigests(sql, query, range, their.beat)])
  if (asked.status === 'rejected') throw asked.reason
  if (own.status === 'rejected') throw own.reason
  const differing = differingGroups(own.value.groups, asked.value)
  yield { codes: [], compared: own.value.compared, groupsDiffering: differing.length }
  for (const part of await inBuckets(sql, their, differing, bucketsAbove)) {
    const [there, here] = [await their.records(part.flatMap(({ theirs }) => theirs)), await ownOfGroups(sql, query, part)]
    yield { codes: differingCodes(within(here, part), there, their.fields), compared: 0, groupsDiffering: 0 }
  }
}

/** Of theirs without a commune of ours: all of a day are one group, which holds nothing here. */
const keyOf = ({ receivedOn, communeCode = '', bucket = '' }: Partial<ComparedGroup>): string => `${receivedOn}|${communeCode}|${bucket}`

interface Differing extends ComparedGroup {
  /** What stands at it over there. */
  readonly theirs: readonly TheirGroup[]
  /** Records of the side that holds more. */
  readonly most: number
}

/** Of several groups of theirs at one of ours no digest says what they hold together: it differs, and their records are read. */
const differingGroups = (ours: readonly GroupDigest[], theirs: readonly TheirGroupDigest[]): Differing[] => {
  const here = new Map(ours.map((group) => [keyOf(group), group]))
  const there = new Map<string, TheirGroupDigest[]>()
  for (const group of theirs) there.set(keyOf(group), [...(there.get(keyOf(group)) ?? []), group])
  const differing: Differing[] = []
  for (const key of new Set([...here.keys(), ...there.keys()])) {
    const own = here.get(key)
    const groups = there.get(key) ?? []
    const [only] = groups
    if (groups.length === 1 && own?.digest === only?.digest && own?.count === only?.count) continue
    const { communeCode = '', receivedOn, bucket } = (own ?? only) as TheirGroupDigest
    const group = bucket === undefined ? { communeCode, receivedOn } : { communeCode, receivedOn, bucket }
    const held = groups.reduce((sum, { count }) => sum + count, 0)
    differing.push({ ...group, theirs: groups, most: Math.max(own?.count ?? 0, held) })
  }
  return differing.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** Small groups as they are, of large ones the buckets that differ; in parts that may be held in memory. */
const inBuckets = async (sql: Sql, their: TheirSide, groups: readonly Differing[], bucketsAbove: number): Promise<Differing[][]> => {
  const wanted = groups.filter(({ most }) => most <= bucketsAbove)
  for (const group of groups.filter(({ most }) => most > bucketsAbove))
    wanted.push(...differingGroups(await ownBuckets(sql, their, group), await their.buckets(group.theirs)))
  return inParts(wanted, their.batchLimit)
}

const ownBuckets = async (sql: Sql, their: TheirSide, { communeCode, receivedOn }: ComparedGroup): Promise<GroupDigest[]> => {
  const digests = new Map<string, string[]>()
  if (communeCode !== '')
    for await (const page of ownByReception(sql, { system: their.id, fields: their.fields }, { from: receivedOn, to: receivedOn }))
      for (const record of page)
        if (record.communeCode === communeCode) {
          const bucket = bucketOf(record.dossierCode)
          digests.set(bucket, [...(digests.get(bucket) ?? []), digestRecord(record, their.fields)])
        }
  return [...digests].map(([bucket, of]) => ({ communeCode, receivedOn, bucket, count: of.length, digest: digestGroup(of) }))
}

const inParts = (groups: readonly Differing[], batchLimit: number): Differing[][] => {
  const parts: Differing[][] = []
  let part: Differing[] = []
  let held = 0
  for (const group of groups) {
    if (part.length > 0 && (held + group.most > RECORDS_AT_ONCE || part.length >= batchLimit)) {
      parts.push(part)
      part = []
      held = 0
    }
    part.push(group)
    held += group.most
  }
  return part.length > 0 ? [...parts, part] : parts
}

/** Our records are read by days; of a day that was asked for by buckets the others are left out. */
const within = (records: readonly OwnRecord[], groups: readonly ComparedGroup[]): readonly ComparedRecord[] => {
  const asked = new Set(groups.map(keyOf))
  return records.filter((record) => asked.has(keyOf(record)) || asked.has(keyOf({ ...record, bucket: bucketOf(record.dossierCode) })))
}
