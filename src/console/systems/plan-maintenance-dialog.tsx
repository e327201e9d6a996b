import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { PlanMaintenanceDocument, type SystemId } from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import type { DialogProps } from './dialog-props.js'

/** The field's own form, `2026-03-12T18:00`, taken as the time of Viet Nam, wherever the browser stands. */
const instantOf = (local: string): string => `${local.slice(0, 16)}:00+07:00`

export const PlanMaintenanceDialog = ({ system, ...rest }: DialogProps) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const name = t(`system.name.${system.id as SystemId}`)
  return (
    <ActDialog
      {...rest}
      title={t('maintenance.planTitle', { name })}
      lead={t('maintenance.planLead')}
      submit={t('maintenance.plan')}
      incomplete={until === ''}
      fields={(locked) => (
        <>
          <TextInput
            type="datetime-local"
            label={t('maintenance.from')}
            description={t('maintenance.fromHint')}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            readOnly={locked}
          />
          <TextInput
            type="datetime-local"
            label={t('maintenance.until')}
            description={t('maintenance.untilHint')}
            value={until}
            onChange={({ currentTarget }) => setUntil(currentTarget.value)}
            readOnly={locked}
            required
          />
        </>
      )}
      act={async (given) => {
        const input = { ...given, systemId: system.id as SystemId, from: from === '' ? null : instantOf(from), until: instantOf(until) }
        const { data, error } = await client.mutation(asDocument(PlanMaintenanceDocument), { input })
        return answerOf(data?.planMaintenance, error, { done: () => t('maintenance.planned', { name }) })
      }}
    />
  )
}
