import { Alert, Card, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { OverviewDocument, RecoveryDocument } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { Failure } from '../show/failure.js'
import { loadPage } from '../show/load-page.js'
import { Loading } from '../show/loading.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'
import { DelayedDossiers } from './delayed-dossiers.js'
import { HealthTimelines } from './health-timelines.js'
import { hourlyOutcomes } from './hourly-outcomes.js'
import { SystemSummary } from './system-summary.js'
import { TopCausesOfFailure } from './top-causes.js'

const Overview = asDocument(OverviewDocument)
const Recovery = asDocument(RecoveryDocument)
/** The chart library is the largest part of the console: it comes after the figures. */
const OutcomeChart = loadPage(() => import('./outcome-chart.js'))
const HOURS = 24
const EVERY_MS = 10_000

const RecoveryNotice = () => {
  const { t } = useTranslation()
  const { count, moment } = useFormats()
  const [{ data }] = useQuery({ query: Recovery, variables: {} })
  const recovery = data?.recovery
  if (!recovery?.open) return null
  const numbers = { remaining: count(recovery.remaining), held: count(recovery.held) }
  return (
    <Alert color="orange" variant="outline">
      {t('overview.recovery', { at: recovery.openedAt ? moment(recovery.openedAt) : '', ...numbers })}
    </Alert>
  )
}

const OverviewPage = () => {
  const { t } = useTranslation()
  const seesCauses = useMay('seeCauses')
  const seesTimelines = useMay('seeTimelines')
  const seesRecovery = useMay('seeRecovery')
  const { data, error, again } = useFresh(Overview, {}, { concerns: () => true, everyMs: EVERY_MS })
  const counts = data?.transferCounts
  const hours = useMemo(() => (counts ? hourlyOutcomes(counts, HOURS, Date.now()) : undefined), [counts])
  return (
    <Stack>
      <PageTitle text={t('nav.overview')} />
      {seesRecovery && <RecoveryNotice />}
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Loading height={320} />}
      {data && hours && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
            {data.systems.map((system) => (
              <SystemSummary key={system.id} system={system} />
            ))}
          </SimpleGrid>
          {seesTimelines && <HealthTimelines />}
          {seesCauses && <TopCausesOfFailure />}
          <Card component="section" aria-labelledby="outcomes">
            <Title order={2} size="h4" id="outcomes">
              {t('overview.outcomes')}
            </Title>
            <Text size="sm" mb="sm">
              {t('overview.outcomesLead')}
            </Text>
            <Suspense fallback={<Skeleton h={220} />}>
              <OutcomeChart hours={hours} />
            </Suspense>
          </Card>
          <DelayedDossiers delayed={data.delayed} atRisk={data.atRisk} />
        </>
      )}
    </Stack>
  )
}

export default OverviewPage
