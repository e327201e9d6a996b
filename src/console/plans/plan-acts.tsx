import { Button, Card, Group, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  ApprovePlanDocument,
  CancelPlanDocument,
  DryRunPlanDocument,
  PausePlanDocument,
  type PlanFactsFragment,
  type ReplayPlanState,
  ResumePlanDocument,
  StartPlanDocument,
} from '../generated/graphql.js'
import { useSession } from '../session/session.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'

const DOCUMENTS = {
  dryRun: DryRunPlanDocument,
  approve: ApprovePlanDocument,
  start: StartPlanDocument,
  pause: PausePlanDocument,
  resume: ResumePlanDocument,
  cancel: CancelPlanDocument,
} as const
type PlanAct = keyof typeof DOCUMENTS

/** What is offered in a state, the next step first. The gateway decides, by the plan's version. */
const OFFERED: Record<ReplayPlanState, readonly PlanAct[]> = {
  DRAFT: ['dryRun', 'cancel'],
  DRY_RUNNING: ['cancel'],
  READY: ['start', 'dryRun', 'cancel'],
  AWAITING_APPROVAL: ['approve', 'dryRun', 'cancel'],
  RUNNING: ['pause', 'cancel'],
  PAUSED: ['resume', 'cancel'],
  STOPPED: ['resume', 'cancel'],
  DONE: [],
  CANCELLED: [],
}

/** One that has stopped itself goes on as long as a transfer waits for its turn. */
const offeredOf = ({ state, results }: PlanFactsFragment): readonly PlanAct[] => {
  const isLeft = results.some(({ result, count }) => result === 'WAITING' && count > 0)
  return OFFERED[state].filter((act) => act !== 'resume' || state !== 'STOPPED' || isLeft)
}

interface PlanActsProps {
  readonly plan: PlanFactsFragment
  readonly again: () => void
}

const Dialog = ({ act, plan, again, onClose }: PlanActsProps & { readonly act: PlanAct; readonly onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [version] = useState(plan.version)
  return (
    <ActDialog
      title={t(`plan.act.${act}.name`)}
      lead={t(`plan.act.${act}.lead`)}
      submit={t(`plan.act.${act}.name`)}
      danger={act === 'cancel'}
      act={async (given) => {
        const input = { ...given, planId: plan.id, version }
        const { data, error } = await client.mutation(asDocument(DOCUMENTS[act]), { input })
        return answerOf(data?.acted, error, {
          done: () => {
            again()
            return t(`plan.act.${act}.done`)
          },
          onStale: again,
        })
      }}
      onDone={(sentence) => {
        notifications.show({ message: sentence, color: 'green' })
        onClose()
      }}
      onClose={onClose}
    />
  )
}

/** The acts that a plan offers in its state, each with a reason; an approval is never one's own. */
export const PlanActs = ({ plan, again }: PlanActsProps) => {
  const { t } = useTranslation()
  const { name, subject } = useSession()
  const [acting, setActing] = useState<PlanAct>()
  const acts = offeredOf(plan)
  const isOwn = plan.createdBy === (name === subject ? subject : `${name} (${subject})`)
  return (
    <Card component="section" aria-labelledby="plan-acts">
      <Title order={2} size="h4" id="plan-acts" mb="xs">
        {t('plan.acts')}
      </Title>
      {acts.length === 0 && <Text size="sm">{t('plan.over')}</Text>}
      <Group gap="xs">
        {acts.map((act, index) => {
          const isBarred = act === 'approve' && isOwn
          return (
            <Button
              key={act}
              variant={index === 0 && act !== 'cancel' ? 'filled' : 'default'}
              disabled={isBarred}
              aria-describedby={isBarred ? 'own-plan' : undefined}
              onClick={() => setActing(act)}
            >
              {t(`plan.act.${act}.name`)}
            </Button>
          )
        })}
      </Group>
      {acts.includes('approve') && (
        <Text size="sm" mt="xs" id="own-plan">
          {isOwn ? t('plan.ownPlan') : t('plan.needsApproval')}
        </Text>
      )}
      {acting && <Dialog act={acting} plan={plan} again={again} onClose={() => setActing(undefined)} />}
    </Card>
  )
}
