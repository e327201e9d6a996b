import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type {
  CauseSide,
  DiscrepancyState,
  HeldReason,
  ReconciliationState,
  ReplayPlanState,
  SystemHealth,
  TransferState,
} from '../generated/graphql.js'

/** Colour never stands alone: each badge says in words what it means. */
const STATE_COLOURS: Record<TransferState, string> = {
  PLANNED: 'gray',
  QUEUED: 'gray',
  SENDING: 'blue',
  WAITING_RETRY: 'orange',
  INDETERMINATE: 'orange',
  HELD: 'red',
  DELIVERED: 'green',
  REJECTED: 'red',
  EXHAUSTED: 'red',
  ABANDONED: 'gray',
  SUPERSEDED: 'gray',
}

const HEALTH_COLOURS: Record<SystemHealth, string> = { UP: 'green', REFUSING: 'orange', DOWN: 'red', UNKNOWN: 'gray' }

interface StateBadgeProps {
  readonly state: TransferState
  readonly heldReason?: HeldReason | null
  /** It stands behind another one: its own turn has not come, whatever its state. */
  readonly behind?: boolean
}

const WAITING: readonly TransferState[] = ['PLANNED', 'QUEUED']

export const StateBadge = ({ state, heldReason, behind = false }: StateBadgeProps) => {
  const { t } = useTranslation()
  const says = heldReason === 'AWAITING_APPROVAL' ? t('transfer.awaitingApproval') : t(`transfer.state.${state}`)
  return (
    <Badge color={STATE_COLOURS[state]} title={heldReason ? t(`transfer.held.${heldReason}`) : undefined}>
      {behind && WAITING.includes(state) ? t('transfer.behind') : says}
    </Badge>
  )
}

export const HealthBadge = ({ health }: { readonly health: SystemHealth }) => {
  const { t } = useTranslation()
  return <Badge color={HEALTH_COLOURS[health]}>{t(`system.health.${health}`)}</Badge>
}

const SIDE_COLOURS: Record<CauseSide, string> = {
  THEIRS: 'orange',
  NETWORK: 'orange',
  OURS: 'red',
  DATA: 'grape',
  DESK: 'grape',
  UNKNOWN: 'gray',
}

export const SideBadge = ({ side }: { readonly side: CauseSide }) => {
  const { t } = useTranslation()
  return <Badge color={SIDE_COLOURS[side]}>{t(`cause.side.${side}`)}</Badge>
}

const PLAN_COLOURS: Record<ReplayPlanState, string> = {
  DRAFT: 'gray',
  DRY_RUNNING: 'blue',
  READY: 'blue',
  AWAITING_APPROVAL: 'orange',
  RUNNING: 'blue',
  PAUSED: 'orange',
  STOPPED: 'red',
  DONE: 'green',
  CANCELLED: 'gray',
}

export const PlanBadge = ({ state }: { readonly state: ReplayPlanState }) => {
  const { t } = useTranslation()
  return <Badge color={PLAN_COLOURS[state]}>{t(`plan.state.${state}`)}</Badge>
}

const DISCREPANCY_COLOURS: Record<DiscrepancyState, string> = {
  SUSPECTED: 'gray',
  OPEN: 'red',
  REPAIRING: 'blue',
  IGNORED: 'gray',
  VERIFIED: 'green',
  GONE: 'green',
}

export const DiscrepancyBadge = ({ state }: { readonly state: DiscrepancyState }) => {
  const { t } = useTranslation()
  return <Badge color={DISCREPANCY_COLOURS[state]}>{t(`discrepancy.states.${state}`)}</Badge>
}

const RUN_COLOURS: Record<ReconciliationState, string> = {
  QUEUED: 'gray',
  RUNNING: 'blue',
  PAUSED: 'orange',
  DONE: 'green',
  CANCELLED: 'gray',
  FAILED: 'red',
}

export const RunBadge = ({ state }: { readonly state: ReconciliationState }) => {
  const { t } = useTranslation()
  return <Badge color={RUN_COLOURS[state]}>{t(`run.states.${state}`)}</Badge>
}
