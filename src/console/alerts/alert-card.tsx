import { Anchor, Badge, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { AcknowledgeAlertDocument, type AlertFactsFragment } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { Fact, Facts } from '../show/fact.js'
import { Ago, Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { NoticeLine } from './notice-line.js'
import { placeOfAlert } from './place-of-alert.js'

interface AcknowledgeProps {
  readonly alert: AlertFactsFragment
  readonly again: () => void
}

/** Offered while nobody is on it. */
const Acknowledge = ({ alert, again }: AcknowledgeProps) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [asking, setAsking] = useState(false)
  return (
    <Group>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        {t('alert.acknowledge')}
      </Button>
      {asking && (
        <ActDialog
          title={t('alert.acknowledge')}
          lead={t('alert.acknowledgeLead')}
          submit={t('alert.acknowledge')}
          act={async (given) => {
            const { data, error } = await client.mutation(asDocument(AcknowledgeAlertDocument), { input: { ...given, alertId: alert.id } })
            return answerOf(data?.acted, error, { done: () => t('alert.acknowledged') })
          }}
          onDone={(sentence) => {
            notifications.show({ message: sentence, color: 'green' })
            setAsking(false)
            again()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Group>
  )
}

interface AlertCardProps extends AcknowledgeProps {
  readonly isSought: boolean
}

/** One alert, and who was told of it by which channel. `isSought`: the link of a notice leads here. */
export const AlertCard = ({ alert, isSought, again }: AlertCardProps) => {
  const { t } = useTranslation()
  const { count, moment } = useFormats()
  const mayAct = useMay('actOnSystems')
  const card = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isSought) return
    card.current?.scrollIntoView({ block: 'center' })
    card.current?.focus({ preventScroll: true })
  }, [isSought])
  const { id, rule, title, openedAt, closedAt, isOpen, value, threshold, notices, systemId } = alert
  const { acknowledgedBy, acknowledgedAt, acknowledgedWhy } = alert
  const colour = isSought ? 'var(--mantine-color-blue-6)' : undefined
  return (
    // No section: of one rule and system there are many past ones, and landmarks of one name lead nowhere.
    <Card ref={card} component="article" aria-labelledby={`alert-${id}`} tabIndex={-1} withBorder style={{ borderColor: colour }}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Title order={3} size="h5" id={`alert-${id}`} lang={saidIn(title)} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          <Badge color={isOpen ? 'red' : 'gray'}>{t(`alert.rule.${rule}`)}</Badge>
        </Group>
        <Facts>
          <Fact name={t('audit.system')}>{rule !== 'QUEUE_AWAY' && t(`system.name.${systemId}`)}</Fact>
          <Fact name={t('alert.openedAt')}>
            <Moment at={openedAt} /> (<Ago at={openedAt} />)
          </Fact>
          <Fact name={t('alert.closedAt')}>{closedAt && <Moment at={closedAt} />}</Fact>
          <Fact name={t('alert.acknowledgedBy')}>
            {acknowledgedBy && acknowledgedAt && `${acknowledgedBy}, ${moment(acknowledgedAt)}: ${acknowledgedWhy}`}
          </Fact>
          <Fact name={t('alert.value')}>{t(`alert.unit.${rule}`, { n: count(value) })}</Fact>
          <Fact name={t('alert.threshold')}>{t(`alert.unit.${rule}`, { n: count(threshold) })}</Fact>
        </Facts>
        {isOpen && (
          <Anchor component={Link} to={placeOfAlert(rule, systemId)} size="sm">
            {t('alert.look')}
          </Anchor>
        )}
        {isOpen && mayAct && !acknowledgedBy && <Acknowledge alert={alert} again={again} />}
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
