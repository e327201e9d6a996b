import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { RunningMaintenanceDocument, type SystemId } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'

const RunningMaintenance = asDocument(RunningMaintenanceDocument)
/** A window begins and ends by the clock, and no event tells of it. */
const EVERY_MS = 20_000

/** On every page while a system's maintenance runs: what waits for it is no trouble. */
export const MaintenanceBanner = () => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { data } = useFresh(RunningMaintenance, {}, { everyMs: EVERY_MS })
  const running = data?.systems.flatMap(({ id, maintenance }) =>
    maintenance.flatMap((window) => (window.state === 'RUNNING' ? [{ ...window, systemId: id as SystemId }] : [])),
  )
  return (
    <div role="status">
      {running?.map(({ id, systemId, until, reason }) => (
        <Alert key={id} color="blue" variant="outline" p="xs" mb="md">
          {t('maintenance.banner', { name: t(`system.name.${systemId}`), until: moment(until), reason })}
        </Alert>
      ))}
    </div>
  )
}
