import { Anchor, Card, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { SystemFactsFragment, SystemId } from '../generated/graphql.js'
import { HealthBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Ago, Lasting } from '../show/moment.js'
import { troubleMark } from '../systems/trouble.js'
import { useFormats } from '../text/format.js'
import { ATTENTION, NO_FILTER, WAITING, writeFilter } from '../transfers/filter-address.js'

const listOf = (id: SystemId, state: typeof ATTENTION): string => `/transfers?${writeFilter({ ...NO_FILTER, system: [id], state })}`

/** A system at one look: does it answer, is it called, what waits for it. */
export const SystemSummary = ({ system }: { readonly system: SystemFactsFragment }) => {
  const { t } = useTranslation()
  const { count, clock, moment } = useFormats()
  const id = system.id as SystemId
  const open = system.breakers?.filter(({ state }) => state !== 'CLOSED') ?? []
  return (
    <Card component="section" aria-labelledby={`summary-${id}`} className={troubleMark(system)}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Anchor component={Link} to="/systems" fw={600} id={`summary-${id}`} c="var(--mantine-color-text)">
            {t(`system.name.${id}`)}
          </Anchor>
          <HealthBadge health={system.health} />
        </Group>
        <Text size="sm">
          <Lasting since={system.healthSince} />
        </Text>
        {system.paused && (
          <Text size="sm" fw={600}>
            {t('system.paused', {
              at: moment(system.paused.since),
              by: system.paused.by ?? t('system.someone'),
              reason: system.paused.reason ?? '',
            })}
          </Text>
        )}
        {open.map(({ operationClass, state, until }) => (
          <Text size="sm" fw={600} key={operationClass}>
            {t('system.breakers')} ({t(`system.breakerClass.${operationClass}`)}): {t(`system.breaker.${state}`)}
            {until && `, ${t('system.breakerUntil', { at: clock(until) })}`}
          </Text>
        ))}
        <Facts>
          <Fact name={t('system.queue')}>
            <Anchor component={Link} to={listOf(id, WAITING)} size="sm">
              {count(system.queueDepth)}
            </Anchor>
          </Fact>
          <Fact name={t('system.attention')}>
            <Anchor component={Link} to={listOf(id, ATTENTION)} size="sm">
              {count(system.attentionCount)}
            </Anchor>
          </Fact>
          <Fact name={t('system.oldest')}>{system.oldestWaitingAt ? <Ago at={system.oldestWaitingAt} /> : t('common.none')}</Fact>
          <Fact name={t('system.breakers')}>{system.breakers && open.length === 0 && t('system.breaker.CLOSED')}</Fact>
          <Fact name={t('system.rate')}>
            {system.limits &&
              (system.ratePerSecond === null || system.ratePerSecond === undefined ? t('common.unlimited') : count(system.ratePerSecond))}
          </Fact>
        </Facts>
      </Stack>
    </Card>
  )
}
