import { Alert, Badge, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DossierDeadlineFactsFragment, ToldDueFragment } from '../generated/graphql.js'
import { Fact, Facts } from '../show/fact.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

type Deadline = DossierDeadlineFactsFragment
type Step = Deadline['explanation'][number]

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const dayOf = (date: string): string => date.replace(DAY, '$3/$2/$1')

/** What one system says, marked when it is another day than the computed one. */
const Told = ({ told, differs }: { readonly told: ToldDueFragment | null | undefined; readonly differs: boolean }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  if (!told) return <>{t('deadline.unknown')}</>
  return (
    <>
      {moment(told.dueAt)} ({t(`deadline.how.${told.how}`, { at: moment(told.at) })}){' '}
      {differs && (
        <Badge color="red" size="sm">
          {t('deadline.differsHere')}
        </Badge>
      )}
    </>
  )
}

const StepLine = ({ step, hoursPerDay }: { readonly step: Step; readonly hoursPerDay: number }) => {
  const { t } = useTranslation()
  const { moment, count } = useFormats()
  const time = (hours: number): string =>
    t('deadline.workingTime', { days: Math.floor(hours / hoursPerDay), hours: count(hours % hoursPerDay) })
  const kind = step.kind === 'STOPPED' && !step.to ? 'STOPPED_OPEN' : step.kind
  const words = {
    from: moment(step.from),
    to: moment(step.to ?? step.from),
    counted: time(step.countedHours),
    total: time(step.totalHours),
  }
  return (
    <>
      <Text size="sm">{t(`deadline.step.${kind}`, words)}</Text>
      {step.rule && (
        <Text size="sm" lang={saidIn(step.rule)}>
          {step.rule}
        </Text>
      )}
      {step.standing && (
        <Text size="xs" lang="vi">
          {t('deadline.standing', { standing: step.standing })}
        </Text>
      )}
      {step.daysOff.length > 0 && <Text size="xs">{t('deadline.daysOff', { days: step.daysOff.map(dayOf).join(', ') })}</Text>}
      {step.compensatingDays.length > 0 && (
        <Text size="xs">{t('deadline.compensating', { days: step.compensatingDays.map(dayOf).join(', ') })}</Text>
      )}
    </>
  )
}

const verdictOf = ({ agrees }: Deadline): { readonly color: string; readonly text: 'agrees' | 'differs' | 'open' } => {
  if (agrees === null || agrees === undefined) return { color: 'gray', text: 'open' }
  return agrees ? { color: 'green', text: 'agrees' } : { color: 'red', text: 'differs' }
}

/** What the due date should be, beside what each side says, and how it is counted. */
export const DossierDeadline = ({ deadline }: { readonly deadline: Deadline }) => {
  const { t } = useTranslation()
  const { moment, day } = useFormats()
  const { computed, differing, provisional, reservations, unconfirmed, explanation, inForce, hoursPerDay } = deadline
  const verdict = verdictOf(deadline)
  const differs = (systemId: Deadline['differing'][number]): boolean => differing.includes(systemId)
  return (
    <Card component="section" aria-labelledby="deadline">
      <Stack gap="xs">
        <Group gap="xs">
          <Title order={2} size="h4" id="deadline">
            {t('deadline.title')}
          </Title>
          <Badge color={verdict.color}>{t(`deadline.${verdict.text}`)}</Badge>
        </Group>
        <Text size="xs">{t('deadline.lead')}</Text>
        {deadline.because && (
          <Alert color="gray" variant="outline" p={6} lang={saidIn(deadline.because)}>
            {deadline.because}
          </Alert>
        )}
        <Facts>
          <Fact name={t('deadline.computed')}>
            {computed ? moment(computed) : null}{' '}
            {provisional && (
              <Badge color="yellow" size="sm">
                {t('deadline.provisional')}
              </Badge>
            )}
          </Fact>
          <Fact name={t('deadline.inForce')}>
            {moment(inForce)}{' '}
            {computed && day(computed) !== day(inForce) && (
              <Badge color="red" size="sm">
                {t('deadline.differsHere')}
              </Badge>
            )}
          </Fact>
          <Fact name={t('system.name.ONE_STOP')}>
            <Told told={deadline.atOneStop} differs={differs('ONE_STOP')} />
          </Fact>
          <Fact name={t('system.name.VILIS')}>
            <Told told={deadline.atRegistry} differs={differs('VILIS')} />
          </Fact>
          <Fact name={t('system.name.PORTAL')}>
            <Told told={deadline.atPortal} differs={differs('PORTAL')} />
          </Fact>
        </Facts>
        {reservations.map((what) => (
          <Text size="sm" lang={saidIn(what)} key={what}>
            {t('deadline.reservation', { what })}
          </Text>
        ))}
        {explanation.length > 0 && (
          <>
            <Title order={3} size="h5">
              {t('deadline.steps')}
            </Title>
            <List type="ordered" size="sm" spacing={6}>
              {explanation.map((step) => (
                <List.Item key={`${step.kind}-${step.from}`}>
                  <StepLine step={step} hoursPerDay={hoursPerDay} />
                </List.Item>
              ))}
            </List>
          </>
        )}
        {unconfirmed.length > 0 && (
          <>
            <Title order={3} size="h5">
              {t('deadline.unconfirmed')}
            </Title>
            <List size="xs" lang="vi">
              {unconfirmed.map((what) => (
                <List.Item key={what}>{what}</List.Item>
              ))}
            </List>
          </>
        )}
      </Stack>
    </Card>
  )
}
