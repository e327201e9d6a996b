import { Alert, Button, Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SystemFactsFragment, SystemId } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { HealthBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Ago, Lasting } from '../show/moment.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { type MaintenanceFact, MaintenanceList } from './maintenance-list.js'
import type { SystemActName } from './system-dialogs.js'
import { troubleMark } from './trouble.js'

const Breakers = ({ breakers }: { readonly breakers: NonNullable<SystemFactsFragment['breakers']> }) => {
  const { t } = useTranslation()
  const { clock } = useFormats()
  return (
    <Table captionSide="top" aria-label={t('system.breakers')} withRowBorders={false} verticalSpacing={2}>
      <Table.Caption ta="left" c="var(--mantine-color-text)" mt={0}>
        {t('system.breakers')}
      </Table.Caption>
      <Table.Tbody>
        {breakers.map(({ operationClass, state, until, failures, cause }) => (
          <Table.Tr key={operationClass}>
            <Table.Th scope="row" fw={400} w={90} style={{ verticalAlign: 'top' }}>
              {t(`system.breakerClass.${operationClass}`)}
            </Table.Th>
            <Table.Td>
              <Text span size="sm" fw={state === 'CLOSED' ? 400 : 700}>
                {t(`system.breaker.${state}`)}
              </Text>
              {until && `, ${t('system.breakerUntil', { at: clock(until) })}`}
              {failures > 0 && `, ${t('system.failures', { n: failures })}`}
              {cause && (
                <Text size="xs" lang={saidIn(cause)} style={{ overflowWrap: 'anywhere' }}>
                  {cause}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** Sending rate and calls in flight, each beside its limit. */
const useOfLimit = (system: SystemFactsFragment) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const { limits, inFlight, ratePerSecond } = system
  if (!limits) return undefined
  const of = (value: number | null | undefined, limit: number | null | undefined): string =>
    limit === null || limit === undefined
      ? value === null || value === undefined
        ? t('common.unlimited')
        : `${count(value)} (${t('common.unlimited')})`
      : `${count(value ?? limit)} / ${count(limit)}`
  return { rate: of(ratePerSecond, limits.maxPerSecond), inFlight: of(inFlight, limits.maxInFlight) }
}

interface SystemCardProps {
  readonly system: SystemFactsFragment
  readonly onAct: (act: SystemActName) => void
  readonly onEnd: (window: MaintenanceFact) => void
}

export const SystemCard = ({ system, onAct, onEnd }: SystemCardProps) => {
  const { t } = useTranslation()
  const { count, moment } = useFormats()
  const mayAct = useMay('actOnSystems')
  const used = useOfLimit(system)
  const { paused, poll, limits } = system
  return (
    <Card component="section" aria-labelledby={`system-${system.id}`} className={troubleMark(system)}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id={`system-${system.id}`}>
            {t(`system.name.${system.id as SystemId}`)}
          </Title>
          <Group gap="xs">
            <HealthBadge health={system.health} />
            <Text size="sm">
              <Lasting since={system.healthSince} />
            </Text>
          </Group>
        </Group>
        {!system.enabled && <Alert variant="outline" color="gray" p="xs" title={t('system.disabled')} />}
        {paused && (
          <Alert variant="outline" color="orange" p="xs">
            {t('system.paused', { at: moment(paused.since), by: paused.by ?? t('system.someone'), reason: paused.reason ?? '' })}
          </Alert>
        )}
        <MaintenanceList windows={system.maintenance} onEnd={mayAct ? onEnd : undefined} />
        {(poll?.alarm ?? poll?.stalled) && (
          <Alert variant="outline" color="red" p="xs" title={t('system.feed')}>
            <span lang={saidIn(poll?.alarm ?? poll?.stalled)}>{poll?.alarm ?? poll?.stalled}</span>
          </Alert>
        )}
        <Facts>
          <Fact name={t('system.queue')}>{count(system.queueDepth)}</Fact>
          <Fact name={t('system.attention')}>{count(system.attentionCount)}</Fact>
          <Fact name={t('system.oldest')}>{system.oldestWaitingAt ? <Ago at={system.oldestWaitingAt} /> : t('common.none')}</Fact>
          {used && (
            <>
              <Fact name={t('system.inFlight')}>{used.inFlight}</Fact>
              <Fact name={t('system.rate')}>{used.rate}</Fact>
            </>
          )}
          <Fact name={t('system.lastSuccess')}>{system.lastSuccessAt && <Ago at={system.lastSuccessAt} />}</Fact>
          <Fact name={t('system.lastFailure')}>{system.lastFailureAt && <Ago at={system.lastFailureAt} />}</Fact>
          {poll && (
            <Fact name={t('system.feed')}>
              {poll.readToEndAt ? t('system.feedReadAt', { at: moment(poll.readToEndAt) }) : t('system.feedNever')}
            </Fact>
          )}
        </Facts>
        {system.lastFailure && system.health !== 'UP' && (
          <Text size="sm" lang={saidIn(system.lastFailure)} style={{ overflowWrap: 'anywhere' }}>
            {system.lastFailure}
          </Text>
        )}
        {system.breakers && <Breakers breakers={system.breakers} />}
        {limits && (
          <Text size="xs">
            {limits.fromConfiguration
              ? t('system.limitsFrom.configuration')
              : t('system.limitsFrom.person', { by: limits.setBy ?? t('system.someone'), at: limits.setAt ? moment(limits.setAt) : '' })}
          </Text>
        )}
        {mayAct && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => onAct(paused ? 'resume' : 'pause')}>
              {t(paused ? 'system.resume' : 'system.pause')}
            </Button>
            <Button size="xs" variant="default" onClick={() => onAct('limits')}>
              {t('system.setLimits')}
            </Button>
            <Button size="xs" variant="default" onClick={() => onAct('plan')}>
              {t('maintenance.plan')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  )
}
