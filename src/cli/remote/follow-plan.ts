import type { Session } from '../session.js'
import { barOf, followUntilStill } from './follow-until-still.js'
import type { PlanStateFragment, ReplayPlanState } from './generated/graphql.js'
import { settledOf } from './show-plan.js'

/** States in which it moves by itself. */
const MOVING: readonly ReplayPlanState[] = ['DRY_RUNNING', 'RUNNING']

const triedOf = ({ forecasts }: PlanStateFragment): number => forecasts.reduce((sum, { count }) => sum + count, 0)

const progressOf = (plan: PlanStateFragment, { say }: Session): string => {
  // Before anything has been sent it says how many were tried.
  const done = settledOf(plan) > 0 || plan.state === 'RUNNING' ? settledOf(plan) : triedOf(plan)
  const left =
    typeof plan.remainingSeconds === 'number' ? say(`, còn ${plan.remainingSeconds} giây`, `, ${plan.remainingSeconds} s left`) : ''
  return `${barOf(plan.rowCount === 0 ? 1 : done / plan.rowCount)} ${done}/${plan.rowCount} ${plan.stateLabel}${left}`
}

export const followPlan = (session: Session, read: () => Promise<PlanStateFragment>): Promise<PlanStateFragment> =>
  followUntilStill(session, read, {
    isMoving: ({ state }) => MOVING.includes(state),
    progressOf: (plan) => progressOf(plan, session),
  })
