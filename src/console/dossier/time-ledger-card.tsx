import { Badge, Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { LedgerFactsFragment, LedgerOutcome, WaitingParty } from '../generated/graphql.js'
import { Moment } from '../show/moment.js'
import { WideTable } from '../show/wide-table.js'
import { useFormats } from '../text/format.js'
import { useWorkingTime } from './working-time.js'

const COLOURS: Record<LedgerOutcome, string> = {
  ON_TIME: 'green',
  LATE: 'orange',
  LATE_BY_INTERLINK: 'red',
  OPEN: 'blue',
  LEFT: 'gray',
}

const Systems = ({ systems }: Pick<LedgerFactsFragment, 'systems'>) => {
  const { t } = useTranslation()
  const time = useWorkingTime()
  if (systems.length === 0) return null
  return (
    <Table verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          {(['system', 'waited', 'beside', 'saved'] as const).map((name) => (
            <Table.Th scope="col" key={name}>
              {t(`ledger.${name}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {systems.map(({ systemId, waitedWorkingSeconds, besideWorkingSeconds, savedSeconds, isWaiting }) => (
          <Table.Tr key={systemId}>
            <Table.Th scope="row" fw={400}>
              {t(`system.short.${systemId}`)} {isWaiting && <Badge color="orange">{t('ledger.stillWaiting')}</Badge>}
            </Table.Th>
            <Table.Td>{time(waitedWorkingSeconds)}</Table.Td>
            <Table.Td>{time(besideWorkingSeconds)}</Table.Td>
            <Table.Td>{time(savedSeconds)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

const Steps = ({ steps }: Pick<LedgerFactsFragment, 'steps'>) => {
  const { t } = useTranslation()
  const time = useWorkingTime()
  return (
    <WideTable
      label={t('ledger.steps')}
      minWidth={640}
      heads={(['step', 'party', 'from', 'to', 'working', 'limit'] as const).map((name) => t(`ledger.${name}`))}
      isDense
    >
      {steps.map(({ number, name, party, officer, from, to, workingSeconds, limitSeconds, isWithin }) => (
        <Table.Tr key={number}>
          <Table.Th scope="row" fw={400} lang="vi">
            {number}. {name}
          </Table.Th>
          <Table.Td>
            {t(`ledger.parties.${party satisfies WaitingParty}`)}
            {officer && `, ${officer}`}
          </Table.Td>
          <Table.Td>
            <Moment at={from} />
          </Table.Td>
          <Table.Td>{to ? <Moment at={to} /> : '…'}</Table.Td>
          <Table.Td>{time(workingSeconds)}</Table.Td>
          <Table.Td>
            {limitSeconds != null && time(limitSeconds)}{' '}
            {isWithin != null && <Badge color={isWithin ? 'green' : 'red'}>{t(isWithin ? 'ledger.within' : 'ledger.over')}</Badge>}
          </Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  )
}

/** Whom the dossier waited for, and what it lost to the interlink. */
export const TimeLedgerCard = ({ ledger }: { readonly ledger: LedgerFactsFragment }) => {
  const { t } = useTranslation()
  const { duration } = useFormats()
  const time = useWorkingTime()
  const { outcome, lateSeconds, parties, systems, steps, whole } = ledger
  const lost = parties.find(({ party }) => party === 'INTERLINK')?.workingSeconds ?? 0
  return (
    <Card component="section" aria-labelledby="time-ledger">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="time-ledger">
            {t('ledger.title')}
          </Title>
          <Group gap="xs">
            <Badge color={COLOURS[outcome]}>{t(`ledger.outcome.${outcome}`)}</Badge>
            {lateSeconds > 0 && <Text size="sm">{t('ledger.late', { time: time(lateSeconds) })}</Text>}
          </Group>
        </Group>
        <Text size="sm" fw={600}>
          {lost > 0 ? t('ledger.lost', { time: time(lost) }) : t('ledger.lostNone')}
        </Text>
        <Text size="xs">{t('ledger.lead')}</Text>
        <Table verticalSpacing={4} w="auto">
          <Table.Thead>
            <Table.Tr>
              {(['party', 'working', 'calendar'] as const).map((name) => (
                <Table.Th scope="col" key={name}>
                  {t(`ledger.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {parties.map(({ party, workingSeconds, calendarSeconds }) => (
              <Table.Tr key={party}>
                <Table.Th scope="row" fw={400}>
                  {t(`ledger.parties.${party}`)}
                </Table.Th>
                <Table.Td>{time(workingSeconds)}</Table.Td>
                <Table.Td>{duration(calendarSeconds)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Systems systems={systems} />
        {steps.length === 0 ? (
          <Text size="sm">{t('ledger.noSteps')}</Text>
        ) : (
          <details>
            <summary>{t('ledger.steps')}</summary>
            <Steps steps={steps} />
            {whole.limitSeconds != null && (
              <Text size="sm">{t('ledger.whole', { used: time(whole.workingSeconds), limit: time(whole.limitSeconds) })}</Text>
            )}
          </details>
        )}
      </Stack>
    </Card>
  )
}
