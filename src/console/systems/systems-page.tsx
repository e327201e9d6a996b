import { SimpleGrid, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { SystemsDocument } from '../generated/graphql.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { PageTitle } from '../show/page-title.js'
import { EndMaintenanceDialog } from './end-maintenance-dialog.js'
import type { MaintenanceFact } from './maintenance-list.js'
import { SystemCard } from './system-card.js'
import { type SystemActName, SystemDialog } from './system-dialogs.js'

const Systems = asDocument(SystemsDocument)
/** Breakers and rates move without a transfer that changes. */
const EVERY_MS = 5_000

const SystemsPage = () => {
  const { t } = useTranslation()
  const { data, error, again } = useFresh(Systems, {}, { concerns: () => true, everyMs: EVERY_MS })
  const [acting, setActing] = useState<{ readonly systemId: string; readonly act: SystemActName }>()
  const [ending, setEnding] = useState<{ readonly systemId: string; readonly window: MaintenanceFact }>()
  const system = data?.systems.find(({ id }) => id === acting?.systemId)
  const done = (sentence: string): void => {
    setActing(undefined)
    setEnding(undefined)
    notifications.show({ message: sentence, color: 'green' })
    again()
  }
  return (
    <Stack>
      <PageTitle text={t('nav.systems')} />
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Loading height={240} />}
      <SimpleGrid cols={{ base: 1, md: 2, lg: 3 }}>
        {data?.systems.map((one) => (
          <SystemCard
            key={one.id}
            system={one}
            onAct={(act) => setActing({ systemId: one.id, act })}
            onEnd={(window) => setEnding({ systemId: one.id, window })}
          />
        ))}
      </SimpleGrid>
      {ending && <EndMaintenanceDialog {...ending} onDone={done} onClose={() => setEnding(undefined)} />}
      {acting && system && <SystemDialog system={system} act={acting.act} onDone={done} onClose={() => setActing(undefined)} />}
    </Stack>
  )
}

export default SystemsPage
