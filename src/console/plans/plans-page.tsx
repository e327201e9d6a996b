import { Anchor, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asDocument } from '../data/documents.js'
import { usePages } from '../data/use-pages.js'
import { PlansDocument, type PlansQuery } from '../generated/graphql.js'
import { PlanBadge } from '../show/badges.js'
import { Failure } from '../show/failure.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'

const Plans = asDocument(PlansDocument)
const EVERY_MS = 10_000
const plansOf = ({ replayPlans }: PlansQuery) => replayPlans

/** All plans, newest first. */
const PlansPage = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const { rows, hasMore, loading, error, more, again } = usePages(Plans, {}, plansOf, { everyMs: EVERY_MS })
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('plan.title')} />
        <Button component={Link} to="/plans/new" size="xs" variant="default">
          {t('plan.create')}
        </Button>
      </Group>
      {error && <Failure error={error} again={again} />}
      {rows.length === 0 && loading && <Skeleton h={160} aria-label={t('common.loading')} />}
      {rows.length === 0 && !loading && !error && <Text>{t('plan.none')}</Text>}
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={640} type="native" tabIndex={0} role="region" aria-label={t('plan.title')}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('plan.name')}</Table.Th>
                <Table.Th>{t('transfer.stateHead')}</Table.Th>
                <Table.Th>{t('plan.rows')}</Table.Th>
                <Table.Th>{t('plan.result.DELIVERED')}</Table.Th>
                <Table.Th>{t('plan.createdBy')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((plan) => (
                <Table.Tr key={plan.id}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <Anchor component={Link} to={`/plans/${plan.id}`} size="sm">
                      {plan.name}
                    </Anchor>
                    <Text size="xs" lang="vi">
                      {plan.filterText}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <PlanBadge state={plan.state} />
                  </Table.Td>
                  <Table.Td>{count(plan.rowCount)}</Table.Td>
                  <Table.Td>{count(plan.results.find(({ result }) => result === 'DELIVERED')?.count ?? 0)}</Table.Td>
                  <Table.Td>
                    {plan.createdBy}
                    <Text size="xs">
                      <Moment at={plan.createdAt} />
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {rows.length > 0 && hasMore && (
        <Group>
          <Button variant="default" size="xs" onClick={more} loading={loading}>
            {t('cause.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

export default PlansPage
