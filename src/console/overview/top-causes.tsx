import { Anchor, Card, Group, List, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { TopCausesDocument } from '../generated/graphql.js'
import { SideBadge } from '../show/badges.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

const TopCauses = asDocument(TopCausesDocument)
const EVERY_MS = 10_000

/** Why most of what waits is waiting. */
export const TopCausesOfFailure = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const { data } = useFresh(TopCauses, {}, { concerns: () => true, everyMs: EVERY_MS })
  if (!data) return null
  const causes = data.causes.edges.map(({ node }) => node)
  return (
    <Card component="section" aria-labelledby="causes">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="causes">
          {t('cause.top')}
        </Title>
        <Anchor component={Link} to="/causes" size="sm">
          {t('cause.all')}
        </Anchor>
      </Group>
      {causes.length === 0 && <Text size="sm">{t('cause.topNone')}</Text>}
      <List listStyleType="none" spacing="xs" size="sm">
        {causes.map(({ id, title, side, systemId, openCount, openCountIsExact }) => (
          <List.Item key={id}>
            <Anchor component={Link} to={`/causes/${id}`} size="sm" lang={saidIn(title)} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Anchor>{' '}
            {t(`system.short.${systemId}`)}, {t('cause.openShort')}:{' '}
            <strong>{openCountIsExact ? count(openCount) : t('common.atLeast', { n: count(openCount) })}</strong> <SideBadge side={side} />
          </List.Item>
        ))}
      </List>
    </Card>
  )
}
