import { Anchor, Card, Group, Table, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { OverviewQuery } from '../generated/graphql.js'
import { Ago, Moment } from '../show/moment.js'
import { WideTable } from '../show/wide-table.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

interface DelayedDossiersProps {
  readonly delayed: OverviewQuery['delayed']
  readonly atRisk: OverviewQuery['atRisk']
}

type Delayed = OverviewQuery['delayed']['edges'][number]['node']

const WaitsFor = ({ interlink: { waitingFor, state } }: Pick<Delayed, 'interlink'>) => {
  const { t } = useTranslation()
  if (!waitingFor) return t(`dossier.interlink.${state}`)
  return (
    <Anchor component={Link} to={`/transfers/${waitingFor.transfer.id}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
      {t(`system.short.${waitingFor.systemId}`)}: <span lang={saidIn(waitingFor.reason)}>{waitingFor.reason}</span>
    </Anchor>
  )
}

/** What the interlink holds up, nearest due date first. On a small screen what it waits for stands below its dossier. */
export const DelayedDossiers = ({ delayed, atRisk }: DelayedDossiersProps) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false
  const heads = [t('overview.dossier'), t('overview.due'), ...(isNarrow ? [] : [t('overview.waitsFor')])]
  return (
    <Card component="section" aria-labelledby="delayed">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="delayed">
          {t('overview.risk')}
        </Title>
        <Anchor component={Link} to="/transfers?risk=yes" size="sm">
          {t('overview.riskCount')}:{' '}
          {atRisk.totalCountIsExact ? count(atRisk.totalCount) : t('common.atLeast', { n: count(atRisk.totalCount) })}
        </Anchor>
      </Group>
      {delayed.edges.length === 0 ? (
        <Text size="sm">{t('overview.riskNone')}</Text>
      ) : (
        <WideTable label={t('overview.risk')} minWidth={isNarrow ? 0 : 520} heads={heads}>
          {delayed.edges.map(({ node }) => (
            <Table.Tr key={node.code}>
              <Table.Td>
                <Anchor component={Link} to={`/dossiers/${encodeURIComponent(node.code)}`} size="sm">
                  {node.code}
                </Anchor>
                <Text size="xs">
                  {node.procedure.name}, {node.receivingUnit.name}
                </Text>
                {isNarrow && <WaitsFor interlink={node.interlink} />}
              </Table.Td>
              <Table.Td>
                <Moment at={node.dueAt} only="day" />
                <Text size="xs" fw={new Date(node.dueAt).getTime() < Date.now() ? 700 : 400}>
                  <Ago at={node.dueAt} />
                </Text>
              </Table.Td>
              {!isNarrow && (
                <Table.Td>
                  <WaitsFor interlink={node.interlink} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </WideTable>
      )}
    </Card>
  )
}
