import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { type Column, linesOf } from '../printer.js'
import type { Session } from '../session.js'
import { VERB_OF } from './discrepancy-verbs.js'
import type { BatchPreviewQuery, BatchStateFragment } from './generated/graphql.js'

/** How many of a batch have their result already. */
export const settledOfBatch = ({ results }: BatchStateFragment): number =>
  results.reduce((sum, { result, count }) => (result === 'WAITING' ? sum : sum + count), 0)

export const batchColumns = (say: Say): Column<BatchStateFragment>[] => [
  { heading: say('đợt', 'batch'), of: ({ id }) => id },
  { heading: say('thao tác', 'act'), of: ({ act }) => VERB_OF[act] },
  { heading: say('trạng thái', 'state'), of: ({ state }) => state },
  { heading: say('xong', 'settled'), of: (batch) => `${settledOfBatch(batch)}/${batch.rowCount}` },
  { heading: say('người lập', 'by'), of: ({ createdBy }) => createdBy },
  { heading: say('lập lúc', 'made'), of: ({ createdAt }) => localInstant(createdAt) },
  { heading: say('đang chờ', 'waits for'), of: ({ waitsFor }) => waitsFor.join(' ') },
  { heading: say('lý do', 'reason'), of: ({ reason }) => reason },
]

/** One batch for a person, and what can be done with it next. */
export const describeBatch = (batch: BatchStateFragment, { say }: Session): string => {
  const facts: [string, string | null | undefined][] = [
    [say('Thao tác', 'Act'), VERB_OF[batch.act]],
    [say('Trạng thái', 'State'), `${batch.state}: ${batch.stateLabel}`],
    [say('Số sai lệch', 'Discrepancies'), String(batch.rowCount)],
    [say('Kết quả', 'Results'), batch.results.map(({ result, count }) => `${result} ${count}`).join(', ')],
    [say('Đang chờ', 'Waits for'), batch.waitsFor.join(' ')],
    [
      say('Người duyệt', 'Approved by'),
      batch.approvedBy ?? (batch.needsApproval ? say('cần người thứ hai duyệt', 'a second person has to') : null),
    ],
    [say('Lập', 'Made'), `${localInstant(batch.createdAt)}, ${batch.createdBy}: ${batch.reason}`],
    [say('Kết thúc', 'Ended'), batch.finishedAt && localInstant(batch.finishedAt)],
    [say('Phiên bản', 'Version'), String(batch.version)],
  ]
  const lines = linesOf(
    facts.filter(([, value]) => value),
    [
      { heading: say('Đợt xử lý', 'Batch'), of: ([name]) => name },
      { heading: batch.id, of: ([, value]) => value },
    ],
  )
  const refusals = batch.refusals.map(({ because, count }) => `${count} × ${because}`)
  const next = batch.state === 'AWAITING_APPROVAL' ? [`lienthong discrepancies batch approve ${batch.id} --reason "…"`] : []
  return [lines, refusals, next]
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : ['', ...part]))
    .join('\n')
}

type Preview = BatchPreviewQuery['discrepancyPreview']

/** What each act would do with all that match. */
export const describePreview = (preview: Preview, { say }: Session): string => {
  const { count, countIsExact, judged, needsApproval, groups, acts } = preview
  const all = `${countIsExact ? '' : '> '}${count}`
  const kinds = groups.map((group) => `${group.systemId} ${group.class} ${group.count}`).join(', ')
  const head = [
    kinds === ''
      ? say('Không có sai lệch nào khớp.', 'No discrepancy matches.')
      : say(`${all} sai lệch khớp: ${kinds}.`, `${all} discrepancies match: ${kinds}.`),
    ...(judged < count ? [say(`Đã xét từng cái ${judged} sai lệch cũ nhất.`, `The oldest ${judged} were judged one by one.`)] : []),
    ...(needsApproval ? [say('Cần người thứ hai duyệt.', 'A second person has to approve.')] : []),
  ]
  const each = acts.flatMap(({ act, fit, operations, refusals }) => [
    '',
    `${VERB_OF[act]}: ${say(`làm được ${fit}`, `${fit} can be done`)}${operations.map((one) => `, ${one.operation} ${one.count}`).join('')}`,
    ...refusals.map((one) => `  ${one.count} × ${one.message}`),
  ])
  return [...head, ...(count > 0 ? each : [])].join('\n')
}
