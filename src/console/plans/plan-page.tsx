import { Alert, Anchor, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { useLive } from '../data/use-live.js'
import { PlanChangesDocument, PlanDocument, type PlanFactsFragment, type ReplayRowResult } from '../generated/graphql.js'
import { PlanBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { PlanActs } from './plan-acts.js'
import { ForecastCounts, ResultCounts, type RowsShown } from './plan-counts.js'
import { PlanRows } from './plan-rows.js'

const Plan = asDocument(PlanDocument)
/** Beside the subscription, which a lost connection interrupts. */
const EVERY_MS = 15_000

const sum = (counts: readonly { readonly count: number }[]): number => counts.reduce((total, { count }) => total + count, 0)

const ENDED: readonly ReplayRowResult[] = ['DELIVERED', 'FAILED', 'BLOCKED']

/** How far the dry run or the run is, and how long it will take. */
const PlanProgress = ({ plan }: { readonly plan: PlanFactsFragment }) => {
  const { t } = useTranslation()
  const { count, duration } = useFormats()
  const { state, rowCount, results, forecasts, remainingSeconds } = plan
  if (state === 'DRAFT' || state === 'READY' || state === 'AWAITING_APPROVAL') return null
  const isDryRun = state === 'DRY_RUNNING'
  const done = isDryRun ? sum(forecasts) : sum(results.filter(({ result }) => ENDED.includes(result)))
  // What was left out, all that had not gone when a plan was cancelled too, is not done.
  const leftOut = sum(results.filter(({ result }) => result === 'SKIPPED'))
  const numbers = { done: count(done), total: count(rowCount), leftOut: count(leftOut) }
  const ofRun = leftOut > 0 ? t('plan.progressLeftOut', numbers) : t('plan.progress', numbers)
  const sentence = isDryRun ? t('plan.tried', numbers) : ofRun
  return (
    <div>
      <Progress value={(done / Math.max(rowCount, 1)) * 100} aria-label={sentence} />
      <Text size="sm" mt={4} role="status">
        {sentence}
        {remainingSeconds !== null && remainingSeconds !== undefined && `. ${t('plan.remaining', { time: duration(remainingSeconds) })}`}
      </Text>
    </div>
  )
}

const PlanSettings = ({ plan }: { readonly plan: PlanFactsFragment }) => {
  const { t } = useTranslation()
  const { count, moment } = useFormats()
  const { stopAtFailureShare: share, windowFrom, windowTo, perSecond } = plan
  return (
    <Card component="section" aria-labelledby="plan-facts">
      <Title order={2} size="h4" id="plan-facts" mb="xs">
        {t('plan.from')}
      </Title>
      <Text size="sm" mb="xs" lang={saidIn(plan.filterText)} style={{ overflowWrap: 'anywhere' }}>
        {plan.filterText}
      </Text>
      <Facts>
        <Fact name={t('plan.kind')}>{t(`plan.kinds.${plan.kind}`)}</Fact>
        <Fact name={t('plan.rows')}>{count(plan.rowCount)}</Fact>
        <Fact name={t('plan.perSecond')}>{perSecond === null || perSecond === undefined ? t('common.unlimited') : count(perSecond)}</Fact>
        <Fact name={t('plan.window')}>{windowFrom && windowTo ? `${windowFrom} - ${windowTo}` : t('plan.always')}</Fact>
        <Fact name={t('plan.stopShare')}>
          {share === null || share === undefined
            ? t('plan.never')
            : t('plan.stopRule', { share: count(share * 100), n: count(plan.stopAfterSettled) })}
        </Fact>
        <Fact name={t('common.reason')}>{plan.reason}</Fact>
        <Fact name={t('plan.createdBy')}>
          {plan.createdBy}, {moment(plan.createdAt)}
        </Fact>
        <Fact name={t('plan.forecastAt')}>{plan.forecastAt && <Moment at={plan.forecastAt} />}</Fact>
        <Fact name={t('plan.approvedBy')}>{plan.approvedBy && plan.approvedAt && `${plan.approvedBy}, ${moment(plan.approvedAt)}`}</Fact>
        <Fact name={t('plan.startedAt')}>{plan.startedAt && <Moment at={plan.startedAt} />}</Fact>
        <Fact name={t('plan.finishedAt')}>{plan.finishedAt && <Moment at={plan.finishedAt} />}</Fact>
        <Fact name={t('plan.lastAct')}>
          {plan.lastActBy}, {moment(plan.lastActAt)}
        </Fact>
      </Facts>
      <Anchor component={Link} to={`/audit?plan=${plan.id}`} size="sm">
        {t('plan.trail')}
      </Anchor>
    </Card>
  )
}

const OnePlan = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation()
  const { data, error, again } = useFresh(Plan, { id }, { everyMs: EVERY_MS })
  const [told, setTold] = useState<PlanFactsFragment>()
  const [shown, setShown] = useState<RowsShown>({})
  // Two ways of hearing: of two answers the later one is shown, and counts move within one version, so the last heard wins there.
  const tell = (plan: PlanFactsFragment): void => setTold((before) => (before && before.version > plan.version ? before : plan))
  useLive(PlanChangesDocument, { id }, ({ replayPlanChanged }) => tell(replayPlanChanged))
  const [read, setRead] = useState(data?.replayPlan)
  if (data?.replayPlan && data.replayPlan !== read) {
    setRead(data.replayPlan)
    tell(data.replayPlan)
  }
  const plan = told
  if (!plan)
    return (
      <Stack>
        <PageTitle text={t('plan.title')} />
        {error ? <Failure error={error} again={again} /> : <Loading height={240} />}
      </Stack>
    )
  return (
    <Stack>
      <Group justify="space-between">
        <PageTitle text={plan.name} />
        <PlanBadge state={plan.state} />
      </Group>
      {error && <Failure error={error} again={again} />}
      <PlanProgress plan={plan} />
      {plan.outsideWindow && (
        <Alert color="orange" variant="outline" p="xs">
          {t('plan.outsideWindow')}
        </Alert>
      )}
      {plan.stoppedBecause && (
        <Alert color="red" variant="outline" p="xs" title={t('plan.stopped')}>
          <span lang={saidIn(plan.stoppedBecause)}>{plan.stoppedBecause}</span>
        </Alert>
      )}
      <PlanActs plan={plan} again={again} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <ForecastCounts plan={plan} onShow={setShown} />
        <ResultCounts plan={plan} onShow={setShown} />
      </SimpleGrid>
      <PlanRows plan={plan} shown={shown} onShow={setShown} />
      <PlanSettings plan={plan} />
    </Stack>
  )
}

const PlanPage = () => {
  const { id = '' } = useParams()
  return <OnePlan key={id} id={id} />
}

export default PlanPage
