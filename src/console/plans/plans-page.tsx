import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asDocument } from '../data/documents.js'
import { usePages } from '../data/use-pages.js'
import { PlansDocument, type PlansQuery } from '../generated/graphql.js'
import { PlanBadge } from '../show/badges.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { PagedList } from '../show/paged-list.js'
import { WideTable } from '../show/wide-table.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

const Plans = asDocument(PlansDocument)
const EVERY_MS = 10_000
const plansOf = ({ replayPlans }: PlansQuery) => replayPlans

/** All plans, newest first. */
const PlansPage = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const pages = usePages(Plans, {}, plansOf, { everyMs: EVERY_MS })
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('plan.title')} />
        <Button component={Link} to="/plans/new" size="xs" variant="default">
          {t('plan.create')}
        </Button>
      </Group>
      <PagedList pages={pages} none={t('plan.none')}>
        {(rows) => (
          <WideTable
            label={t('plan.title')}
            minWidth={640}
            heads={[t('plan.name'), t('transfer.stateHead'), t('plan.rows'), t('plan.result.DELIVERED'), t('plan.createdBy')]}
          >
            {rows.map((plan) => (
              <Table.Tr key={plan.id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <Anchor component={Link} to={`/plans/${plan.id}`} size="sm">
                    {plan.name}
                  </Anchor>
                  <Text size="xs" lang={saidIn(plan.filterText)}>
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
          </WideTable>
        )}
      </PagedList>
    </Stack>
  )
}

export default PlansPage
