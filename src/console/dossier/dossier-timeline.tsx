import { Card, Text, Timeline, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DossierStepFragment } from '../generated/graphql.js'
import { Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { vi } from '../text/vi.js'

const isKnown = (kind: string): kind is keyof typeof vi.dossier.kind => Object.hasOwn(vi.dossier.kind, kind)

/** What happened to the dossier, by the clocks of the systems that told it. */
export const DossierTimeline = ({ steps }: { readonly steps: readonly DossierStepFragment[] }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  return (
    <Card component="section" aria-labelledby="timeline">
      <Title order={2} size="h4" id="timeline" mb="sm">
        {t('dossier.timeline')}
      </Title>
      <Timeline active={steps.length} bulletSize={14} lineWidth={2}>
        {steps.map(({ id, eventAt, origin, note, kind, applied, officer, dueAtFrom, dueAtTo }) => (
          <Timeline.Item
            key={id}
            color={applied ? 'blue' : 'gray'}
            title={
              <Text size="sm" fw={600} lang={saidIn(note)}>
                {note || (isKnown(kind) ? t(`dossier.kind.${kind}`) : kind)}
              </Text>
            }
          >
            <Text size="xs">
              <Moment at={eventAt} />, {t(`system.short.${origin}`)}
              {officer && `, ${officer}`}
            </Text>
            {dueAtFrom && dueAtTo && dueAtFrom !== dueAtTo && (
              <Text size="xs">{t('dossier.dueMoved', { from: moment(dueAtFrom), to: moment(dueAtTo) })}</Text>
            )}
            {!applied && <Text size="xs">{t('dossier.notApplied')}</Text>}
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  )
}
