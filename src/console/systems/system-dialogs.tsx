import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { PauseSystemDocument, ResumeSystemDocument, SetSystemLimitsDocument, type SystemId } from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import type { DialogProps } from './dialog-props.js'
import { PlanMaintenanceDialog } from './plan-maintenance-dialog.js'

export type SystemActName = 'pause' | 'resume' | 'limits' | 'plan'

const SwitchDialog = ({ system, act, ...rest }: DialogProps & { readonly act: 'pause' | 'resume' }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const name = t(`system.name.${system.id as SystemId}`)
  const texts = {
    pause: [t('system.pauseTitle', { name }), t('system.pauseLead'), t('system.pause'), t('system.pausedDone', { name })],
    resume: [t('system.resumeTitle', { name }), t('system.resumeLead'), t('system.resume'), t('system.resumedDone', { name })],
  } as const
  const [title, lead, submit, done] = texts[act]
  return (
    <ActDialog
      {...rest}
      title={title}
      lead={lead}
      submit={submit}
      danger={act === 'pause'}
      act={async (given) => {
        const input = { ...given, systemId: system.id as SystemId }
        if (act === 'pause') {
          const { data, error } = await client.mutation(asDocument(PauseSystemDocument), { input })
          return answerOf(data?.pauseSystem, error, { done: () => done })
        }
        const { data, error } = await client.mutation(asDocument(ResumeSystemDocument), { input })
        return answerOf(data?.resumeSystem, error, { done: () => done })
      }}
    />
  )
}

const numberOrNull = (value: number | string): number | null => (typeof value === 'number' ? value : null)

const LimitsDialog = ({ system, ...rest }: DialogProps) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const name = t(`system.name.${system.id as SystemId}`)
  const [seen] = useState<Record<'maxPerSecond' | 'maxInFlight', number | string>>(() => ({
    maxPerSecond: system.limits?.maxPerSecond ?? '',
    maxInFlight: system.limits?.maxInFlight ?? '',
  }))
  const [maxPerSecond, setMaxPerSecond] = useState(seen.maxPerSecond)
  const [maxInFlight, setMaxInFlight] = useState(seen.maxInFlight)
  // What was left as it was seen is not sent: somebody else may have set it since.
  const changed = {
    ...(maxPerSecond !== seen.maxPerSecond && { maxPerSecond: numberOrNull(maxPerSecond) }),
    ...(maxInFlight !== seen.maxInFlight && { maxInFlight: numberOrNull(maxInFlight) }),
  }
  return (
    <ActDialog
      {...rest}
      title={t('system.limitsTitle', { name })}
      lead={t('system.limitsLead')}
      submit={t('system.setLimits')}
      fields={(locked) => (
        <>
          <NumberInput
            label={t('system.maxPerSecond')}
            value={maxPerSecond}
            onChange={setMaxPerSecond}
            readOnly={locked}
            min={0.1}
            max={100_000}
          />
          <NumberInput
            label={t('system.maxInFlight')}
            value={maxInFlight}
            onChange={setMaxInFlight}
            readOnly={locked}
            min={1}
            max={10_000}
            allowDecimal={false}
          />
        </>
      )}
      incomplete={Object.keys(changed).length === 0}
      act={async (given) => {
        const input = { ...given, systemId: system.id as SystemId, ...changed }
        const { data, error } = await client.mutation(asDocument(SetSystemLimitsDocument), { input })
        return answerOf(data?.setSystemLimits, error, { done: () => t('system.limitsDone', { name }) })
      }}
    />
  )
}

export const SystemDialog = ({ act, ...props }: DialogProps & { readonly act: SystemActName }) => {
  if (act === 'plan') return <PlanMaintenanceDialog {...props} />
  return act === 'limits' ? <LimitsDialog {...props} /> : <SwitchDialog {...props} act={act} />
}
