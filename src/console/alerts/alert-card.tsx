import { Badge, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertFactsFragment, AlertNoticeState } from '../generated/graphql.js'
import { Fact, Facts } from '../show/fact.js'
import { Ago, Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'

const NOTICE_COLOURS: Record<AlertNoticeState, string> = { SENT: 'green', WAITING: 'orange', GIVEN_UP: 'red' }

type Notice = AlertFactsFragment['notices'][number]

const NoticeLine = ({ notice }: { readonly notice: Notice }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const { channel, kind, state, attempts, sentAt, createdAt, lastError } = notice
  return (
    <List.Item>
      <Badge color={NOTICE_COLOURS[state]} size="sm">
        {t(`alert.noticeState.${state}`)}
      </Badge>{' '}
      {channel}, {t(`alert.kind.${kind}`)}, <Moment at={sentAt ?? createdAt} />
      {state !== 'SENT' && `, ${t('alert.attempts', { n: count(attempts) })}`}
      {state !== 'SENT' && lastError && (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {lastError}
        </Text>
      )}
    </List.Item>
  )
}

/** One alert, and who was told of it by which channel. `isSought`: the link of a notice leads here. */
export const AlertCard = ({ alert, isSought }: { readonly alert: AlertFactsFragment; readonly isSought: boolean }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const card = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isSought) return
    card.current?.scrollIntoView({ block: 'center' })
    card.current?.focus({ preventScroll: true })
  }, [isSought])
  const { id, rule, title, openedAt, closedAt, isOpen, value, threshold, notices, systemId } = alert
  const colour = isSought ? 'var(--mantine-color-blue-6)' : undefined
  return (
    <Card ref={card} component="section" aria-labelledby={`alert-${id}`} tabIndex={-1} withBorder style={{ borderColor: colour }}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Title order={3} size="h5" id={`alert-${id}`} lang="vi" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          <Badge color={isOpen ? 'red' : 'gray'}>{t(`alert.rule.${rule}`)}</Badge>
        </Group>
        <Facts>
          <Fact name={t('audit.system')}>{t(`system.name.${systemId}`)}</Fact>
          <Fact name={t('alert.openedAt')}>
            <Moment at={openedAt} /> (<Ago at={openedAt} />)
          </Fact>
          <Fact name={t('alert.closedAt')}>{closedAt && <Moment at={closedAt} />}</Fact>
          <Fact name={t('alert.value')}>{t(`alert.unit.${rule}`, { n: count(value) })}</Fact>
          <Fact name={t('alert.threshold')}>{t(`alert.unit.${rule}`, { n: count(threshold) })}</Fact>
        </Facts>
        <Text size="sm" fw={600}>
          {t('alert.notices')}
        </Text>
        {notices.length === 0 && <Text size="sm">{t('alert.noticesNone')}</Text>}
        <List size="sm" listStyleType="none" spacing={4}>
          {notices.map((notice) => (
            <NoticeLine key={notice.id} notice={notice} />
          ))}
        </List>
      </Stack>
    </Card>
  )
}
