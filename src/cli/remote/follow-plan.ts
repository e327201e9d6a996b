import type { Session } from '../session.js'
import type { PlanStateFragment, ReplayPlanState } from './generated/graphql.js'
import { settledOf } from './show-plan.js'

/** States in which it moves by itself. */
const MOVING: readonly ReplayPlanState[] = ['DRY_RUNNING', 'RUNNING']
const EVERY_MS = 1_000
const BAR = 30

const triedOf = ({ forecasts }: PlanStateFragment): number => forecasts.reduce((sum, { count }) => sum + count, 0)

export const progressOf = (plan: PlanStateFragment, { say }: Session): string => {
  // Before anything has been sent it says how many were tried.
  const done = settledOf(plan) > 0 || plan.state === 'RUNNING' ? settledOf(plan) : triedOf(plan)
  const filled = plan.rowCount === 0 ? BAR : Math.round((done / plan.rowCount) * BAR)
  const left =
    typeof plan.remainingSeconds === 'number' ? say(`, còn ${plan.remainingSeconds} giây`, `, ${plan.remainingSeconds} s left`) : ''
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${done}/${plan.rowCount} ${plan.stateLabel}${left}`
}

/** Shows how far it is until it stands still: a bar on a screen, else a line when something has changed. Returns it as it is then. */
export const followPlan = async (session: Session, read: () => Promise<PlanStateFragment>): Promise<PlanStateFragment> => {
  let shown = ''
  for (;;) {
    const plan = await read()
    const progress = progressOf(plan, session)
    if (progress !== shown) session.terminal.progress(progress)
    shown = progress
    if (!MOVING.includes(plan.state)) {
      session.terminal.progress(null)
      return plan
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  }
}
