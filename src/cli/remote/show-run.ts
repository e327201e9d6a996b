import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { type Column, linesOf } from '../printer.js'
import type { Session } from '../session.js'
import { barOf, followUntilStill } from './follow-until-still.js'
import type { ReconciliationState, RunStateFragment } from './generated/graphql.js'

/** States in which a run moves by itself. */
const MOVING: readonly ReconciliationState[] = ['QUEUED', 'RUNNING']

const percentOf = ({ share }: RunStateFragment): number => Math.floor(share * 100)

export const runColumns = (say: Say): Column<RunStateFragment>[] => [
  { heading: say('lượt', 'run'), of: ({ id }) => id },
  { heading: say('phạm vi', 'scope'), of: ({ scope }) => scope },
  { heading: say('từ', 'from'), of: ({ from }) => from },
  { heading: say('đến', 'to'), of: ({ to }) => to },
  { heading: say('trạng thái', 'state'), of: ({ state }) => state },
  { heading: '%', of: percentOf },
  { heading: say('mở lúc', 'started'), of: ({ createdAt }) => localInstant(createdAt) },
  { heading: say('người mở', 'by'), of: ({ startedBy }) => startedBy },
]

const SEEN_BEFORE = (say: Say): string =>
  say(
    'Đang thấy nhiều hơn xác nhận: phần còn lại do một lượt khác xác nhận trước, hoặc chưa được xác nhận.',
    'More seen than confirmed: the rest was confirmed by another run before, or is not confirmed yet.',
  )

/** What it waits for, and until when. */
const waitOf = ({ waitsFor, resumeAt }: Pick<RunStateFragment, 'waitsFor' | 'resumeAt'>, say: Say): string | null =>
  waitsFor && resumeAt ? `${waitsFor} (${say('đến', 'until')} ${localInstant(resumeAt)})` : (waitsFor ?? null)

/** One run for a person: how far it is, what it has cost and what it has found. */
export const describeRun = (run: RunStateFragment, { say }: Session): string => {
  const notes = run.progress.flatMap((one) => one.notes.map((note) => `${say('Chưa làm', 'Not done')}, ${one.systemId}: ${note}`))
  const facts: [string, string | null | undefined][] = [
    [say('Phạm vi', 'Scope'), `${run.scope}, ${run.from} - ${run.to}`],
    [say('Trạng thái', 'State'), `${run.state}: ${run.stateLabel} (${percentOf(run)}%)`],
    [say('Còn khoảng', 'Remaining'), typeof run.remainingSeconds === 'number' ? `${run.remainingSeconds} s` : null],
    [say('Đang chờ', 'Waits for'), waitOf(run, say)],
    // Of a run that is done the notes of its systems say the same, where it has any.
    [say('Ghi chú', 'Note'), run.state === 'DONE' && notes.length > 0 ? null : run.endedBecause],
    [say('Mở', 'Started'), `${localInstant(run.createdAt)}, ${run.startedBy}: ${run.reason}`],
    [say('Kết thúc', 'Finished'), run.finishedAt && localInstant(run.finishedAt)],
    [say('Phiên bản', 'Version'), String(run.version)],
  ]
  const head = linesOf(
    facts.filter(([, value]) => value),
    [
      { heading: say('Lượt đối soát', 'Run'), of: ([name]) => name },
      { heading: run.id, of: ([, value]) => value },
    ],
  )
  const systems = linesOf(run.progress, [
    { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
    { heading: say('bước', 'phase'), of: ({ phase }) => phase },
    { heading: say('đã so sánh', 'compared'), of: ({ compared }) => compared },
    { heading: say('lần gọi', 'calls'), of: ({ calls }) => calls },
    { heading: say('byte', 'bytes'), of: ({ bytes }) => bytes },
    { heading: say('đọc từng cái', 'examined'), of: ({ examined }) => examined },
    { heading: say('đang đi', 'in flight'), of: ({ inFlight }) => inFlight },
    { heading: say('không đọc được', 'unreadable'), of: ({ unreadable }) => unreadable },
    { heading: say('đang chờ', 'waits for'), of: ({ waitsFor, waitUntil }) => waitOf({ waitsFor, resumeAt: waitUntil }, say) },
  ])
  const findings = linesOf(run.findings, [
    { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
    { heading: say('loại', 'class'), of: (one) => one.class },
    { heading: say('lượt này xác nhận', 'confirmed by this run'), of: ({ found }) => found },
    { heading: say('đang thấy', 'seen by this run'), of: ({ seen }) => seen },
    { heading: say('đã kiểm lại', 'verified'), of: ({ verified }) => verified },
    { heading: say('tự hết', 'gone'), of: ({ gone }) => gone },
    { heading: say('lần sửa', 'repairs'), of: ({ repairsBegun }) => repairsBegun },
  ])
  const others = run.findings.some(({ found, seen }) => seen > found) ? [SEEN_BEFORE(say)] : []
  return [
    ...head,
    '',
    ...systems,
    ...(notes.length > 0 ? ['', ...notes] : []),
    ...(run.findings.length > 0 ? ['', ...findings, ...others] : []),
  ].join('\n')
}

const progressOf = (run: RunStateFragment, { say }: Session): string => {
  const left = typeof run.remainingSeconds === 'number' ? say(`, còn ${run.remainingSeconds} giây`, `, ${run.remainingSeconds} s left`) : ''
  const wait = waitOf(run, say)
  const waits = wait ? say(`, đang chờ: ${wait}`, `, waits for: ${wait}`) : ''
  return `${barOf(run.share)} ${percentOf(run)}% ${run.stateLabel}${left}${waits}`
}

export const followRun = (session: Session, read: () => Promise<RunStateFragment>): Promise<RunStateFragment> =>
  followUntilStill(session, read, { isMoving: ({ state }) => MOVING.includes(state), progressOf: (run) => progressOf(run, session) })
