import { Card, Text, Timeline, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AttemptFactsFragment } from '../generated/graphql.js'
import { Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'

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

/** Each call to the other side, oldest first: what was asked, how it ended, how long it took. */
export const AttemptTimeline = ({ attempts }: { readonly attempts: readonly AttemptFactsFragment[] }) => {
  const { t } = useTranslation()
  const { elapsed } = useFormats()
  return (
    <Card component="section" aria-labelledby="attempts">
      <Title order={2} size="h4" id="attempts" mb="sm">
        {t('transfer.attempts')}
      </Title>
      {attempts.length === 0 && <Text size="sm">{t('transfer.attemptsNone')}</Text>}
      <Timeline active={attempts.length} bulletSize={14} lineWidth={2}>
        {attempts.map(({ id, number, kind, startedAt, outcome, detail, late, httpStatus, elapsedMs }) => (
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
              <Text size="sm" lang="vi" style={{ overflowWrap: 'anywhere' }}>
                {detail}
              </Text>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  )
}
