import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { type Column, linesOf } from '../printer.js'
import type { Session } from '../session.js'
import type { PlanRowsQuery, PlanStateFragment } from './generated/graphql.js'

export type PlanRow = NonNullable<PlanRowsQuery['replayPlan']>['rows']['edges'][number]['node']

/** How many have an outcome already. */
export const settledOf = ({ results }: PlanStateFragment): number =>
  results.reduce((sum, { result, count }) => (result === 'WAITING' || result === 'QUEUED' ? sum : sum + count), 0)

export const planColumns = (say: Say): Column<PlanStateFragment>[] => [
  { heading: say('kế hoạch', 'plan'), of: ({ id }) => id },
  { heading: say('tên', 'name'), of: ({ name }) => name },
  { heading: say('trạng thái', 'state'), of: ({ state }) => state },
  { heading: say('xong', 'settled'), of: (plan) => `${settledOf(plan)}/${plan.rowCount}` },
  { heading: say('người lập', 'by'), of: ({ createdBy }) => createdBy },
  { heading: say('lập lúc', 'made'), of: ({ createdAt }) => localInstant(createdAt) },
  { heading: say('điều kiện', 'filter'), of: ({ filterText }) => filterText },
]

export const rowColumns = (say: Say): Column<PlanRow>[] => [
  { heading: '#', of: ({ position }) => position },
  { heading: say('lượt', 'transfer'), of: ({ transfer }) => transfer.id },
  { heading: say('hồ sơ', 'dossier'), of: ({ transfer }) => transfer.dossier.code },
  { heading: say('hệ thống', 'system'), of: ({ transfer }) => transfer.systemId },
  { heading: say('nghiệp vụ', 'operation'), of: ({ transfer }) => transfer.operation },
  { heading: say('dự báo', 'forecast'), of: ({ forecast }) => forecast },
  { heading: say('kết quả', 'result'), of: ({ result }) => result },
  { heading: say('vì sao', 'why'), of: ({ forecastReason, resultReason }) => resultReason ?? forecastReason },
]

const percent = (share: number): string => `${Math.round(share * 1_000) / 10}%`

const stopRule = ({ stopAtFailureShare: share, stopAfterSettled: after }: PlanStateFragment, say: Say): string | null =>
  typeof share === 'number'
    ? say(`lỗi quá ${percent(share)}, sau ${after} kết quả`, `more than ${percent(share)} have failed, after ${after} results`)
    : null

/** One plan for a person, and what can be done with it next. */
export const describePlan = (plan: PlanStateFragment, { say }: Session): string => {
  const counts = (all: readonly [string, number][]): string => all.map(([name, count]) => `${name} ${count}`).join(', ')
  const facts: [string, string | null | undefined][] = [
    [say('Tên', 'Name'), plan.name],
    [say('Trạng thái', 'State'), `${plan.state}: ${plan.stateLabel}`],
    [say('Tự dừng vì', 'Stopped because'), plan.stoppedBecause],
    [say('Điều kiện', 'Filter'), plan.filterText],
    [say('Số lượt', 'Transfers'), String(plan.rowCount)],
    [say('Dự báo', 'Forecast'), counts(plan.forecasts.map(({ forecast, count }) => [forecast, count]))],
    [say('Kết quả', 'Results'), counts(plan.results.map(({ result, count }) => [result, count]))],
    [
      say('Khung giờ', 'Hours'),
      plan.windowFrom && `${plan.windowFrom}-${plan.windowTo}${plan.outsideWindow ? say(', đang ở ngoài', ', outside of it now') : ''}`,
    ],
    [say('Nhiều nhất mỗi giây', 'Most in a second'), plan.perSecond ? String(plan.perSecond) : null],
    [say('Tự dừng khi', 'Stops when'), stopRule(plan, say)],
    [
      say('Còn khoảng', 'Remaining'),
      typeof plan.remainingSeconds === 'number' ? `${Math.ceil(plan.remainingSeconds / 60)} ${say('phút', 'min')}` : null,
    ],
    [
      say('Người duyệt', 'Approved by'),
      plan.approvedBy ?? (plan.needsApproval ? say('cần người thứ hai duyệt', 'a second person has to') : null),
    ],
    [say('Lập', 'Made'), `${localInstant(plan.createdAt)}, ${plan.createdBy}: ${plan.reason}`],
    [say('Phiên bản', 'Version'), String(plan.version)],
  ]
  const lines = linesOf(
    facts.filter(([, value]) => value),
    [
      { heading: say('Kế hoạch', 'Plan'), of: ([name]) => name },
      { heading: plan.id, of: ([, value]) => value },
    ],
  )
  const next = NEXT[plan.state]
  return [...lines, ...(next ? ['', `lienthong plans ${next} ${plan.id} --version ${plan.version} --reason "…"`] : [])].join('\n')
}

const NEXT: Partial<Record<PlanStateFragment['state'], string>> = {
  DRAFT: 'dry-run',
  READY: 'start',
  AWAITING_APPROVAL: 'approve',
  PAUSED: 'resume',
  STOPPED: 'resume',
}
