import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { EndMaintenanceDocument, type SystemId } from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { useFormats } from '../text/format.js'
import type { DialogProps } from './dialog-props.js'
import type { MaintenanceFact } from './maintenance-list.js'

interface EndMaintenanceProps extends Omit<DialogProps, 'system'> {
  readonly systemId: string
  readonly window: MaintenanceFact
}

/** Ends the window that runs, or takes one back that has not begun. */
export const EndMaintenanceDialog = ({ systemId, window, ...rest }: EndMaintenanceProps) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const client = useClient()
  const answerOf = useActAnswer()
  const id = systemId as SystemId
  const name = t(`system.name.${id}`)
  const runs = window.state === 'RUNNING'
  return (
    <ActDialog
      {...rest}
      title={t(runs ? 'maintenance.endTitle' : 'maintenance.cancelTitle', { name })}
      lead={t('maintenance.endLead', { from: moment(window.from), until: moment(window.until) })}
      submit={t(runs ? 'maintenance.end' : 'maintenance.cancel')}
      act={async (given) => {
        const input = { ...given, systemId: id, windowId: window.id }
        const { data, error } = await client.mutation(asDocument(EndMaintenanceDocument), { input })
        return answerOf(data?.endMaintenance, error, { done: () => t('maintenance.ended', { name }) })
      }}
    />
  )
}
