import { setTimeout as wait } from 'node:timers/promises'
import { lockDossierCode } from '../dossier/dossier-repository.js'
import type { ReferenceData } from '../dossier/reference-data.js'
import { readReferenceData } from '../dossier/reference-repository.js'
import { GatewayError } from '../errors.js'
import { applyPending } from '../inbox/apply-pending.js'
import { storeMessage, storeUnreadable } from '../inbox/inbox-repository.js'
import { readCursor } from '../inbox/poll-cursor-repository.js'
import { inStoringTurn } from '../inbox/storing-turn.js'
import type { InboundMessage } from '../model/inbound.js'
import { SYSTEM_IN_SENTENCE } from '../model/system.js'
import { localDateOf } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import type { ChangePage, PolledSystem } from '../ports/inbound.js'
import { advanceRun, type BackfillCounts, type BackfillRun, endRun } from './backfill-run-repository.js'
import { aboutToBeApplied, countKnown, countTransfers, interlinkedCodes, knownCodes } from './feed-repository.js'
import type { BackfillDependencies } from './load-history-file.js'

/**
 * Nạp lịch sử từ một hệ thống: its feed is read from the beginning by a cursor of its own, and applied by the rules of the inbox to the dossiers that were received within the wanted days.
 * A page is stored, applied and left behind in one transaction, in turn with the polls and with no routing rule at all: nobody is told of history, also not by a sweep that finds a message half done. The polls'
 * own cursor stays where it is; what they have read already is known by its event id. Once polls have begun it is read no further than they have: what comes behind that is
 * no history, and theirs to tell. So is what has happened since the load was begun, and all of a dossier that is interlinked by now; what another way in has stored of a
 * dossier and not applied yet is left to whoever stored it.
 */
/** The feed, and how it may be read. */
export interface Feed {
  readonly system: PolledSystem
  readonly perSecond: number
  readonly pageRows: number
  /** Through the gate that polls pass; undefined: it is closed now. */
  readonly pass: (ask: () => Promise<ChangePage>) => Promise<ChangePage | undefined>
  readonly clockToleranceMs: number
}

export interface OpenedFeed extends Feed {
  close(): Promise<void>
}

export type FeedDependencies = BackfillDependencies & Feed

interface Days {
  readonly from: string
  readonly to: string
}

const PAGE_LIMITS = { timeoutMs: 120_000, lockTimeoutMs: 20_000 }

export const loadHistoryFeed = async (deps: FeedDependencies, days: Days, begun: BackfillRun): Promise<BackfillRun> => {
  const { db, system, perSecond, pageRows } = deps
  let run = begun
  const { position: polled } = await readCursor(db, system.id)
  const isPolledTo = (position: bigint): boolean => polled > 0n && position >= polled
  const rowsFrom = (position: bigint): number =>
    polled > position && polled - position < BigInt(pageRows) ? Number(polled - position) : pageRows
  if (isPolledTo(BigInt(run.position))) return end(deps, run)
  for (let more = true; more; ) {
    const askedAt = performance.now()
    const page = await deps.pass(() => system.readChanges(BigInt(run.position), rowsFrom(BigInt(run.position))))
    const unavailable = (cause: string): GatewayError =>
      new GatewayError('UPSTREAM_UNAVAILABLE', `Chưa đọc được ${SYSTEM_IN_SENTENCE[system.id]}: ${cause} Chạy lại để nạp tiếp.`, {
        system: system.id,
      })
    if (page === undefined) throw unavailable('cầu dao đang mở.')
    if (page.kind === 'FAILED') throw unavailable(page.cause)
    if (page.more && page.nextPosition <= BigInt(run.position)) throw unavailable('vị trí trang không tiến lên.')
    run = { ...run, ...(await inStoringTurn(db, system.id, (tx) => loadPage(tx, deps, days, run, page), PAGE_LIMITS)) }
    deps.onProgress(run)
    more = page.more && !isPolledTo(page.nextPosition)
    await wait(more ? Math.max(0, 1_000 / perSecond - (performance.now() - askedAt)) : 0)
  }
  return end(deps, run)
}

const end = ({ db, onEnd }: FeedDependencies, { id }: BackfillRun): Promise<BackfillRun> =>
  db.transaction(async (tx) => {
    const ended = await endRun(tx, id, { state: 'DONE' })
    await onEnd(tx, ended)
    return ended
  })

type Page = Extract<ChangePage, { kind: 'PAGE' }>

const loadPage = async (tx: Tx, deps: FeedDependencies, days: Days, before: BackfillRun, page: Page): Promise<BackfillCounts> => {
  const { system, clockToleranceMs } = deps
  // From here on nobody else applies or plans anything for them, until this page is done.
  for (const code of [...new Set(page.messages.map(({ dossierCode }) => dossierCode))].sort()) await lockDossierCode(tx, code)
  const wanted = await wantedOf(tx, days, page.messages, before.startedAt)
  const codes = [...new Set(wanted.map(({ dossierCode }) => dossierCode))]
  const leaves = await aboutToBeApplied(tx, codes)
  const [knownBefore, transfersBefore] = [await countKnown(tx, codes), await countTransfers(tx, codes)]
  let present = 0
  for (const message of wanted) if (!(await storeMessage(tx, message)).fresh) present += 1
  const reference: ReferenceData = { ...(await readReferenceData(tx)), routing: [] }
  // One transaction for all of the page: each message is stored, applied and passed, or none.
  const within = { transaction: (work: (tx: Tx) => Promise<unknown>) => work(tx) } as unknown as Database
  for (const code of codes) await applyPending({ db: within, reference: async () => reference, clockToleranceMs, leaves }, code)
  if ((await countTransfers(tx, codes)) !== transfersBefore)
    throw new GatewayError('ILLEGAL_TRANSITION', 'Danh mục vừa được nạp lại giữa chừng: chưa nạp trang này, hãy chạy lại.')
  for (const row of page.unreadable)
    await storeUnreadable(tx, { ...row, source: system.id, channel: 'POLL', operation: 'LayThayDoi', correlationId: before.id })
  const next: BackfillCounts = {
    position: Number(page.nextPosition),
    bytesDone: 0,
    bytesTotal: 0,
    rejectedBytes: 0,
    loaded: before.loaded + (await countKnown(tx, codes)) - knownBefore,
    present: before.present + present,
    rejected: before.rejected + page.unreadable.length,
    conflicting: before.conflicting,
  }
  await advanceRun(tx, before.id, before, next)
  return next
}

/** Messages of dossiers that were received within the days: told by this page, or known from one before it. History alone. */
const wantedOf = async (tx: Tx, { from, to }: Days, messages: readonly InboundMessage[], begunAt: Date): Promise<InboundMessage[]> => {
  const told = new Map<string, boolean>()
  for (const { dossierCode, payload } of messages) {
    if (payload.kind !== 'DOSSIER') continue
    const day = localDateOf(new Date(payload.dossier.receivedAt))
    told.set(dossierCode, day >= from && day <= to)
  }
  const codes = [...new Set(messages.map(({ dossierCode }) => dossierCode))]
  const known = await knownCodes(tx, { from, to }, codes)
  const interlinked = await interlinkedCodes(tx, codes)
  const isHistory = ({ dossierCode, eventAt }: InboundMessage): boolean =>
    !interlinked.has(dossierCode) && Date.parse(eventAt) <= begunAt.getTime()
  return messages.filter((message) => isHistory(message) && (told.get(message.dossierCode) ?? known.has(message.dossierCode)))
}
