import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SystemFactsFragment } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'

export type MaintenanceFact = SystemFactsFragment['maintenance'][number]

/** What runs stands out, what is to come is told; `onEnd` left out: this person ends none. */
export const MaintenanceList = ({
  windows,
  onEnd,
}: {
  readonly windows: readonly MaintenanceFact[]
  readonly onEnd?: (window: MaintenanceFact) => void
}) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  return windows.map((window) => {
    const runs = window.state === 'RUNNING'
    const words = { from: moment(window.from), until: moment(window.until), reason: window.reason, by: window.plannedBy }
    return (
      <Alert key={window.id} variant="outline" color={runs ? 'orange' : 'gray'} p="xs" title={t('maintenance.title')}>
        <Text size="sm">{t(runs ? 'maintenance.running' : 'maintenance.coming', words)}</Text>
        {onEnd && (
          <Group mt="xs">
            <Button size="xs" variant="default" onClick={() => onEnd(window)}>
              {t(runs ? 'maintenance.end' : 'maintenance.cancel')}
            </Button>
          </Group>
        )}
      </Alert>
    )
  })
}
