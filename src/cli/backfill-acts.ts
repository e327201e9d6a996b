import { resolve as absolute, basename } from 'node:path'
import { type BackfillRun, createRun, latestRuns, lockBackfillOf, takeRun, unfinishedRun } from '../backfill/backfill-run-repository.js'
import { loadHistoryFeed } from '../backfill/load-history-feed.js'
import { type BackfillDependencies, loadHistoryFile } from '../backfill/load-history-file.js'
import { openHistoryFile } from '../backfill/read-history-file.js'
import { rejectedPlaceOf } from '../backfill/rejected-file.js'
import type { SystemId } from '../model/system.js'
import { auditFromTerminal, terminalAccount } from '../operator/audit-from-terminal.js'
import type { Database, Tx } from '../platform/database.js'
import type { Answered } from './declare-command.js'
import { CommandFailed, EXIT } from './exit-code.js'
import { localInstant } from './local-date.js'
import { printerFor } from './printer.js'
import type { Session } from './session.js'

/** What `lienthong backfill` does. The same file, or the same days of the same system, asked for again goes on with a run that was cut off. */
export interface BackfillOptions {
  readonly fromFile?: string
  readonly fromSystem?: SystemId
  readonly from?: string
  readonly to?: string
}

export const load = async (session: Session, options: Answered & BackfillOptions): Promise<void> => {
  const { fromFile, fromSystem, from, to } = options
  const { say } = session
  if (fromFile !== undefined) return loadFile(session, options, fromFile)
  if (from !== undefined && to !== undefined && from > to)
    throw new CommandFailed(EXIT.USAGE, say(`--from ${from} sau --to ${to}.`, `--from ${from} comes after --to ${to}.`))
  if (fromSystem === undefined || from === undefined || to === undefined)
    throw new CommandFailed(
      EXIT.USAGE,
      say(
        'Cần --from-file <tệp>, hoặc --from-system <hệ thống> --from <ngày> --to <ngày>.',
        'Needs --from-file <file>, or --from-system <system> --from <day> --to <day>.',
      ),
    )
  return loadFeed(session, options, fromSystem, { from, to })
}

const loadFile = async (session: Session, answered: Answered, path: string): Promise<void> => {
  const file = await openHistoryFile(absolute(path))
  const db = await session.database()
  const run = await begin(db, {
    source: 'FILE',
    place: file.path,
    fingerprint: file.fingerprint,
    rejectedPlace: rejectedPlaceOf(file.path),
    bytesTotal: file.bytes,
  })
  report(session, answered, await loadHistoryFile(dependenciesOf(session, db, run), file, run))
}

const loadFeed = async (
  session: Session,
  answered: Answered,
  systemId: SystemId,
  range: { readonly from: string; readonly to: string },
): Promise<void> => {
  const db = await session.database()
  const feed = await session.feed(systemId, db)
  try {
    const place = `${range.from}..${range.to}`
    const run = await begin(db, { source: systemId, place, fingerprint: `${systemId} ${place}`, rejectedPlace: '', bytesTotal: 0 })
    report(session, answered, await loadHistoryFeed({ ...dependenciesOf(session, db, run), ...feed }, range, run))
  } finally {
    await feed.close()
  }
}

const begin = (
  db: Database,
  order: Parameters<typeof createRun>[1] extends infer Order ? Omit<Order, 'startedBy'> : never,
): Promise<BackfillRun> =>
  db.transaction(async (tx) => {
    await lockBackfillOf(tx, order.fingerprint)
    const cutOff = await unfinishedRun(tx, order.fingerprint)
    if (cutOff) return takeRun(tx, cutOff.id)
    const run = await createRun(tx, { ...order, startedBy: terminalAccount() })
    const reason = reasonOf(run)
    await auditFromTerminal(tx, { act: 'LOAD_HISTORY', reason, before: {}, after: { run: run.id, fingerprint: run.fingerprint } })
    return run
  })

const reasonOf = ({ source, place }: BackfillRun): string =>
  source === 'FILE' ? `backfill --from-file ${basename(place)}` : `backfill --from-system ${source} ${place}`

const BAR = 30
const dependenciesOf = ({ terminal, say }: Session, db: Database, begun: BackfillRun): BackfillDependencies => {
  const startedAt = performance.now()
  return {
    db,
    onProgress: (run) => {
      const counted = say(
        `đã nạp ${run.loaded}, có sẵn ${run.present}, loại ${run.rejected}, mâu thuẫn ${run.conflicting}`,
        `loaded ${run.loaded}, there already ${run.present}, rejected ${run.rejected}, conflicting ${run.conflicting}`,
      )
      if (run.bytesTotal === 0) return terminal.progress(say(`vị trí ${run.position}: ${counted}`, `position ${run.position}: ${counted}`))
      const filled = Math.round((run.bytesDone / run.bytesTotal) * BAR)
      const rate = (run.bytesDone - begun.bytesDone) / (performance.now() - startedAt)
      const left = Math.ceil((run.bytesTotal - run.bytesDone) / rate / 1_000)
      terminal.progress(
        `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${counted}${Number.isFinite(left) ? say(`, còn ${left} giây`, `, ${left} s left`) : ''}`,
      )
    },
    onEnd: (tx: Tx, run) => {
      const { id, loaded, present, rejected, conflicting, state } = run
      const after = { run: id, state, loaded, present, rejected, conflicting }
      return auditFromTerminal(tx, { act: 'LOAD_HISTORY_DONE', reason: reasonOf(run), before: {}, after })
    },
  }
}

const report = ({ terminal, say }: Session, { json }: Answered, run: BackfillRun): void => {
  terminal.progress(null)
  const { id, source, loaded, present, rejected, conflicting, rejectedPlace, rejectedBytes } = run
  // A feed tells changes, of which a dossier has several.
  const changes = source === 'FILE' ? '' : say(' thay đổi', ' changes')
  const kept =
    rejectedBytes > 0 ? say(` Các dòng không nạp, kèm lý do: ${rejectedPlace}`, ` Rows not loaded, with reasons: ${rejectedPlace}`) : ''
  const left =
    source === 'FILE'
      ? ''
      : say(
          ' Không nạp: thay đổi của hồ sơ đã liên thông (việc đọc định kỳ áp dụng), hoặc của hồ sơ tiếp nhận ngoài các ngày này.',
          ' Not loaded: changes of dossiers that are interlinked already (polls apply them), or were received on other days.',
        )
  printerFor(json, terminal).result(
    { id, loaded, present, rejected, conflicting, ...(rejectedBytes > 0 && { rejectedFile: rejectedPlace }) },
    say(
      `Đã nạp ${loaded} hồ sơ; đã có sẵn ${present}${changes}; loại ${rejected} dòng; mâu thuẫn với hồ sơ đã có ${conflicting}.${left}${kept}`,
      `${loaded} dossiers are loaded; ${present}${changes} were there; ${rejected} rows are rejected; ${conflicting} conflict with what is there.${left}${kept}`,
    ),
  )
  const leftOut = rejected + conflicting
  if (leftOut > 0)
    throw new CommandFailed(
      EXIT.WARNED,
      source === 'FILE'
        ? say(`Có ${leftOut} dòng không được nạp: hãy xem lý do.`, `${leftOut} rows were not loaded: see why.`)
        : say(
            `Có ${leftOut} thay đổi không đọc được hoặc mâu thuẫn: lý do ở các thông báo đến (inboxMessages, QUARANTINED và CONFLICT).`,
            `${leftOut} changes cannot be read or conflict: why is told by the inbox messages (inboxMessages, QUARANTINED and CONFLICT).`,
          ),
    )
}

export const resume = async (session: Session, answered: Answered): Promise<void> => {
  const { say, database } = session
  const run = await unfinishedRun(await database())
  if (!run) return printerFor(answered.json, session.terminal).result({}, say('Không có lượt nạp nào dở dang.', 'No run was cut off.'))
  if (run.source !== 'FILE') {
    const [from = '', to = ''] = run.place.split('..')
    return loadFeed(session, answered, run.source, { from, to })
  }
  const { fingerprint } = await openHistoryFile(run.place)
  if (fingerprint !== run.fingerprint)
    throw new CommandFailed(
      EXIT.REFUSED,
      say(
        `Tệp ${run.place} đã thay đổi từ khi nạp dở. Nạp tệp mới bằng --from-file: hồ sơ đã nạp được nhận ra và bỏ qua.`,
        `The file ${run.place} has changed since. Load it by --from-file: dossiers that are there are passed over.`,
      ),
    )
  return loadFile(session, answered, run.place)
}

export const showRuns = async ({ database, terminal, say }: Session, { json }: Answered): Promise<void> => {
  const states = {
    RUNNING: say('đang nạp hoặc dở dang', 'running or cut off'),
    DONE: say('xong', 'done'),
    FAILED: say('hỏng', 'failed'),
  }
  printerFor(json, terminal).table(
    await latestRuns(await database()),
    [
      { heading: say('bắt đầu', 'started'), of: ({ startedAt }) => localInstant(startedAt) },
      { heading: say('tình trạng', 'state'), of: ({ state }) => states[state] },
      {
        heading: say('xong', 'done'),
        of: ({ bytesDone, bytesTotal, position }) => (bytesTotal > 0 ? `${Math.floor((bytesDone / bytesTotal) * 100)}%` : `@${position}`),
      },
      { heading: say('đã nạp', 'loaded'), of: ({ loaded }) => loaded },
      { heading: say('có sẵn', 'there'), of: ({ present }) => present },
      { heading: say('loại', 'rejected'), of: ({ rejected }) => rejected },
      { heading: say('mâu thuẫn', 'conflicts'), of: ({ conflicting }) => conflicting },
      { heading: say('nguồn', 'source'), of: ({ source, place, error }) => `${source} ${place}${error === null ? '' : `: ${error}`}` },
    ],
    say('Chưa nạp lịch sử lần nào.', 'No history has been loaded yet.'),
  )
}
