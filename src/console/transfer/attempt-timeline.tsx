import { Button, Card, Skeleton, Text, Timeline, Title } from '@mantine/core'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttemptFactsFragment } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { loadPage } from '../show/load-page.js'
import { Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

/** With what finds differences: loaded when somebody looks at an attempt. */
const AttemptEvidence = loadPage(() => import('./attempt-evidence.js'))

const GOOD = ['ACCEPTED', 'SAME']
const UNCERTAIN = ['INDETERMINATE', 'UNKNOWN', 'ABSENT', 'UNAVAILABLE']
const colourOf = (outcome: string | null | undefined): string => {
  if (!outcome) return 'blue'
  if (GOOD.includes(outcome)) return 'green'
  return UNCERTAIN.includes(outcome) ? 'orange' : 'red'
}

const OUTCOMES = [
  'ACCEPTED',
  'REJECTED',
  'UNAVAILABLE',
  'INDETERMINATE',
  'CONFLICT',
  'NOT_SENT',
  'SAME',
  'DIFFERENT',
  'ABSENT',
  'UNKNOWN',
] as const
type Outcome = (typeof OUTCOMES)[number]
const isOutcome = (text: string): text is Outcome => (OUTCOMES as readonly string[]).includes(text)

const EvidenceOf = ({ transferId, attemptId, number }: { transferId: string; attemptId: string; number: number }) => {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button size="compact-xs" variant="default" mt={4} onClick={() => setOpened(!opened)} aria-expanded={opened}>
        {t('evidence.open', { number })}
      </Button>
      {opened && (
        <Suspense fallback={<Skeleton h={120} />}>
          <AttemptEvidence transferId={transferId} attemptId={attemptId} />
        </Suspense>
      )}
    </>
  )
}

/** The other side's own words. */
const QUOTED = /“[^”]*”/g

interface AttemptTimelineProps {
  readonly transferId: string
  readonly attempts: readonly AttemptFactsFragment[]
}

/** Each call to the other side, oldest first: what was asked, how it ended, how long it took. */
export const AttemptTimeline = ({ transferId, attempts }: AttemptTimelineProps) => {
  const { t, i18n } = useTranslation()
  const seesEvidence = useMay('seeEvidence')
  const { elapsed } = useFormats()
  return (
    <Card component="section" aria-labelledby="attempts">
      <Title order={2} size="h4" id="attempts" mb="sm">
        {t('transfer.attempts')}
      </Title>
      {attempts.length === 0 && <Text size="sm">{t('transfer.attemptsNone')}</Text>}
      <Timeline active={attempts.length} bulletSize={14} lineWidth={2}>
        {attempts.map(({ id, number, kind, startedAt, endedAt, outcome, detail, late, httpStatus, elapsedMs }) => (
          <Timeline.Item
            key={id}
            color={colourOf(outcome)}
            title={
              <Text size="sm" fw={600}>
                {t('transfer.attemptNo', { number, kind: t(`transfer.attempt.${kind}`) })}
                {': '}
                {!outcome ? t('transfer.attemptOpen') : isOutcome(outcome) ? t(`transfer.outcome.${outcome}`) : outcome}
              </Text>
            }
          >
            <Text size="xs">
              <Moment at={startedAt} />
              {elapsedMs !== null && elapsedMs !== undefined && `, ${elapsed(elapsedMs)}`}
              {httpStatus && `, ${t('transfer.http', { status: httpStatus })}`}
            </Text>
            {late && <Text size="xs">{t('transfer.attemptLate')}</Text>}
            {detail && (
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {i18n.language === 'en' && saidIn(detail.replace(QUOTED, '')) && `${t('transfer.asRecorded')} `}
                <span lang={saidIn(detail)}>{detail}</span>
              </Text>
            )}
            {seesEvidence && endedAt && <EvidenceOf transferId={transferId} attemptId={id} number={number} />}
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  )
}
