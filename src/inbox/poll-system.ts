import { randomUUID } from 'node:crypto'
import type { InboundMessage, InboundPayload } from '../model/inbound.js'
import type { SystemId } from '../model/system.js'
import { type Database, isUnwritable, type Tx, tookTooLong } from '../platform/database.js'
import type { FailedRead } from '../ports/failed-read.js'
import type { ChangePage, PolledSystem } from '../ports/inbound.js'
import { type ApplyDependencies, applyPending, UNWRITABLE_SENTENCE } from './apply-pending.js'
import { type StoredMessage, settledAlready, storeMessage, storeUnreadable } from './inbox-repository.js'
import type { PageSize } from './page-size.js'
import {
  advanceCursor,
  beginReread,
  markReread,
  markStalled,
  type PollCursor,
  reachedEnd,
  readCursor,
  settleAsKnownFact,
} from './poll-cursor-repository.js'
import { inStoringTurn } from './storing-turn.js'

/**
 * Đọc thay đổi: asks a system what has changed since our cursor. Polls read an overlap again (`reread-pace.ts`), since a change may be committed
 * there later than its position says; what is known already is stored once. Rows and cursor commit together. A feed whose end
 * lies behind our cursor, or that gives event ids out again, was restored to an earlier state over there: that is an alarm, and it is read again
 * from its start, page by page over as many polls as it takes. Nothing known is applied a second time, also not when it comes under another event id,
 * and nothing that the feed no longer shows is undone: how much that is stands beside the alarm (`poll-cursor-repository.ts`).
 */
export interface PollDependencies extends ApplyDependencies {
  readonly onApplied: () => void
  readonly onApplyError: (error: unknown, dossierCode: string) => void
  readonly pageSize: PageSize
  /** True: what is read is stored and not applied yet (`reread-feeds.ts`). */
  readonly storeOnly?: boolean
  /** A shutdown has begun: what was stored is kept, the next poll goes on from there, and the guardian applies what is left. */
  readonly isStopping?: () => boolean
}

export type PollResult =
  | {
      readonly kind: 'READ'
      readonly fresh: number
      readonly pages: number
      readonly ranBackwards: boolean
      /** Read beyond where the poll before it had come to. */
      readonly gotOn: boolean
      /** Read to the end of the feed; false: the next poll goes on. */
      readonly atEnd: boolean
      /** A reading of the whole feed, after it ran backwards, has come to its end with this poll. */
      readonly reread?: { readonly lostChanges: number }
    }
  /** `stalled`: this poll has raised the alarm of that name. */
  | (FailedRead & { readonly stalled?: string })

/** Pages that one poll reads at most; the next poll goes on. */
const MAX_PAGES = 50

/** More is there and can be read: the next poll need not wait for its turn. */
export const goesOn = (result: PollResult): boolean =>
  result.kind === 'READ' ? result.gotOn && !result.atEnd : result.tooManyRows !== undefined && result.tooManyRows > 1

export const pollSystem = async (deps: PollDependencies, system: PolledSystem): Promise<PollResult> => {
  const { pageSize } = deps
  const { pace } = pageSize
  const overlap = pageSize.overlapOf(system.overlap)
  const found = await readCursor(deps.db, system.id)
  const { position: cursor, rereadSince, hasLastRow } = found
  const beginning = pace.begin(cursor, overlap)
  let position = beginning.from
  let fresh = 0
  let bytesAgain = 0
  let highest = 0n
  let idsReused = false
  // Read from before the cursor on, the feed shows what we have read there.
  let isKnownFeed = !hasLastRow || beginning.from >= cursor
  for (let pages = 1; pages <= MAX_PAGES; pages += 1) {
    const page = await system.readChanges(position, pageSize.rows)
    if (page.kind === 'FAILED') {
      if (page.tooManyRows === undefined) return page
      pageSize.shrinkBelow(page.tooManyRows)
      return page.tooManyRows === 1 && pageSize.isStalledAt(position) ? stalledAt(deps.db, system.id, position, page) : page
    }
    const kept = await storePage(deps.db, system.id, page, found).catch((error: unknown) => {
      // A busy database: the poll after this one asks for less.
      if (tookTooLong(error)) pageSize.shrinkBelow(page.messages.length)
      throw error
    })
    pageSize.grow()
    fresh += kept.filter(({ stored }) => stored.fresh).length
    for (const { message, stored } of kept) if (!stored.fresh) bytesAgain += weightOf(message.payload)
    idsReused ||= kept.some(({ stored }) => stored.fresh && stored.idReused)
    isKnownFeed ||= page.unreadable.length > 0 || kept.some(({ stored, isKnownFact }) => isKnownFact || !stored.fresh)
    const codes = deps.storeOnly
      ? new Set<string>()
      : new Set(kept.filter(({ stored }) => stored.state === 'STORED').map(({ message }) => message.dossierCode))
    for (const code of codes) {
      if (deps.isStopping?.()) break
      await applyPending(deps, code).catch((error: unknown) => deps.onApplyError(error, code))
    }
    if (codes.size > 0) deps.onApplied()
    if (page.nextPosition > highest) highest = page.nextPosition
    const gotOn = highest > cursor
    if (deps.isStopping?.()) return { kind: 'READ', fresh, pages, ranBackwards: false, gotOn, atEnd: false }
    position = page.nextPosition
    if (!page.more) {
      const ranBackwards = await checkDirection(deps.db, system.id, { cursor, highest, idsReused, isOther: fresh > 0 && !isKnownFeed })
      if (ranBackwards) return { kind: 'READ', fresh, pages, ranBackwards, gotOn: false, atEnd: false }
      pace.ended(beginning, highest > cursor ? highest : cursor, bytesAgain)
      const ended = await reachedEnd(deps.db, system.id, rereadSince)
      return { kind: 'READ', fresh, pages, ranBackwards, gotOn, atEnd: ended !== undefined, reread: ended?.reread }
    }
  }
  pace.ended(beginning, highest > cursor ? highest : cursor, bytesAgain)
  return { kind: 'READ', fresh, pages: MAX_PAGES, ranBackwards: false, gotOn: highest > cursor, atEnd: false }
}

/** Bytes of its files. */
const weightOf = (payload: InboundPayload): number => {
  const documents = payload.kind === 'DOSSIER' ? payload.dossier.documents : 'documents' in payload ? payload.documents : []
  return documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

type Page = Extract<ChangePage, { kind: 'PAGE' }>

interface Kept {
  readonly message: InboundMessage
  readonly stored: StoredMessage
  /** It has come under another event id before. */
  readonly isKnownFact: boolean
}

/** From here on people must look, and the row is tried again with each poll. */
const stalledAt = async (db: Database, systemId: SystemId, position: bigint, failed: FailedRead): Promise<PollResult> => {
  const alarm = `Một thay đổi ngay sau vị trí ${position}, hỏi riêng một mình nó, vẫn không đọc được: hệ thống nguồn treo, hoặc tệp của nó quá lớn. ${failed.cause}`
  return (await markStalled(db, systemId, alarm)) ? { ...failed, stalled: alarm } : failed
}

/** Rows and cursor in one commit. A row that no column can hold must not stop the feed: then the page is stored again and it alone is kept raw. */
const storePage = async (db: Database, systemId: SystemId, page: Page, found: PollCursor): Promise<Kept[]> => {
  try {
    return await inStoringTurn(db, systemId, async (tx) => {
      const settled = await settledAlready(tx, systemId, page.messages)
      return storeRows(tx, systemId, page, found, async (message) => settled.get(message) ?? storeMessage(tx, message))
    })
  } catch (error) {
    if (!isUnwritable(error)) throw error
    return inStoringTurn(db, systemId, (tx) => storeRows(tx, systemId, page, found, (message) => storeOrKeepRaw(tx, systemId, message)))
  }
}

const storeRows = async (
  tx: Tx,
  systemId: SystemId,
  page: Page,
  { rereading, rereadSince }: PollCursor,
  store: (message: InboundMessage) => Promise<StoredMessage | undefined>,
): Promise<Kept[]> => {
  const kept: Kept[] = []
  const shown: string[] = []
  let last: StoredMessage | undefined
  for (const message of page.messages) {
    const stored = await store(message)
    last = stored
    if (!stored) continue
    const known = stored.fresh && stored.state === 'STORED' ? await settleAsKnownFact(tx, stored.id) : undefined
    shown.push(stored.id, ...(known === undefined ? [] : [known]))
    const isKnownFact = known !== undefined
    kept.push({ message, stored: isKnownFact ? { ...stored, state: 'NO_CHANGE' } : stored, isKnownFact })
  }
  if (rereading) await markReread(tx, shown)
  for (const row of page.unreadable)
    await storeUnreadable(tx, { ...row, source: systemId, channel: 'POLL', operation: 'LayThayDoi', correlationId: randomUUID() })
  await advanceCursor(tx, systemId, page.nextPosition, {
    rereadSince,
    lastMessageId: page.unreadable.length === 0 ? (last?.id ?? null) : null,
  })
  return kept
}

const storeOrKeepRaw = async (tx: Tx, source: SystemId, message: InboundMessage): Promise<StoredMessage | undefined> => {
  await tx.savepoint('SET')
  try {
    const stored = await storeMessage(tx, message)
    await tx.savepoint('RELEASE')
    return stored
  } catch (error) {
    if (!isUnwritable(error)) throw error
    await tx.savepoint('ROLL_BACK')
    const { operation, raw, externalEventId, correlationId } = message
    await storeUnreadable(tx, { source, channel: 'POLL', operation, raw, externalEventId, correlationId, reason: UNWRITABLE_SENTENCE })
    return undefined
  }
}

/**
 * The overlap shows the last rows again as long as the feed is the one that we read. When the feed ends before our cursor, shows other
 * events under ids that we know, or nothing of what we have read just before our cursor (it was set back and has grown beyond it since), it was restored: the
 * cursor goes back to the start, with an alarm, and the whole feed is compared.
 */
const checkDirection = async (
  db: Database,
  systemId: SystemId,
  { cursor, highest, idsReused, isOther }: { cursor: bigint; highest: bigint; idsReused: boolean; isOther: boolean },
): Promise<boolean> => {
  if (highest >= cursor && !idsReused && !isOther) return false
  const other = idsReused ? 'dùng lại mã sự kiện cho nội dung khác' : `không còn dòng nào đã đọc ngay trước vị trí ${cursor}`
  const seen = highest < cursor ? `lùi từ vị trí ${cursor} về ${highest}` : other
  await beginReread(db, systemId, `Dòng thay đổi ${seen}: hệ thống nguồn đã được phục hồi; đọc lại từ đầu.`)
  return true
}
