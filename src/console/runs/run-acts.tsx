import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  CancelRunDocument,
  PauseRunDocument,
  type ReconciliationScope,
  type ReconciliationState,
  ResumeRunDocument,
  type RunFactsFragment,
  StartRunDocument,
} from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'

const DOCUMENTS = { pause: PauseRunDocument, resume: ResumeRunDocument, cancel: CancelRunDocument } as const
type RunAct = keyof typeof DOCUMENTS

/** What is offered in a state. The gateway decides, by the run's version. */
const OFFERED: Record<ReconciliationState, readonly RunAct[]> = {
  QUEUED: ['pause', 'cancel'],
  RUNNING: ['pause', 'cancel'],
  PAUSED: ['resume', 'cancel'],
  DONE: [],
  CANCELLED: [],
  FAILED: [],
}

interface RunActsProps {
  readonly run: RunFactsFragment
  readonly again: () => void
}

const Dialog = ({ act, run, again, onClose }: RunActsProps & { readonly act: RunAct; readonly onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [version] = useState(run.version)
  return (
    <ActDialog
      title={t(`run.${act}.name`)}
      lead={t(`run.${act}.lead`)}
      submit={t(`run.${act}.name`)}
      danger={act === 'cancel'}
      act={async (given) => {
        const input = { ...given, runId: run.id, expectedVersion: version }
        const { data, error } = await client.mutation(asDocument(DOCUMENTS[act]), { input })
        return answerOf(data?.acted, error, {
          done: () => {
            again()
            return t(`run.${act}.done`)
          },
          onStale: again,
        })
      }}
      onDone={(sentence) => {
        notifications.show({ message: sentence, color: 'green' })
        onClose()
      }}
      onClose={onClose}
    />
  )
}

export const RunActs = ({ run, again }: RunActsProps) => {
  const { t } = useTranslation()
  const [acting, setActing] = useState<RunAct>()
  return (
    <Group gap="xs">
      {OFFERED[run.state].map((act) => (
        <Button key={act} size="xs" variant="default" onClick={() => setActing(act)}>
          {t(`run.${act}.name`)}
        </Button>
      ))}
      {acting && <Dialog act={acting} run={run} again={again} onClose={() => setActing(undefined)} />}
    </Group>
  )
}

const SCOPES = ['RECENT', 'OPEN', 'ALL', 'RANGE'] as const satisfies readonly ReconciliationScope[]

/** Opens a run: its scope, and the days when these are chosen by hand. */
export const StartRunDialog = ({ onDone, onClose }: { readonly onDone: () => void; readonly onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [scope, setScope] = useState<ReconciliationScope>('OPEN')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const isRange = scope === 'RANGE'
  return (
    <ActDialog
      title={t('run.start.name')}
      lead={t('run.start.lead')}
      submit={t('run.start.name')}
      incomplete={isRange && (from === '' || to === '')}
      fields={(locked) => (
        <Stack gap="xs">
          <Select
            label={t('run.scope')}
            data={SCOPES.map((value) => ({ value, label: t(`run.scopes.${value}`) }))}
            value={scope}
            onChange={(value) => value && setScope(value as ReconciliationScope)}
            allowDeselect={false}
            disabled={locked}
          />
          {isRange && (
            <Group grow>
              <TextInput
                type="date"
                label={t('run.from')}
                value={from}
                readOnly={locked}
                onChange={({ currentTarget }) => setFrom(currentTarget.value)}
              />
              <TextInput
                type="date"
                label={t('run.to')}
                value={to}
                readOnly={locked}
                onChange={({ currentTarget }) => setTo(currentTarget.value)}
              />
            </Group>
          )}
        </Stack>
      )}
      act={async (given) => {
        const input = { ...given, scope, ...(isRange && { from, to }) }
        const { data, error } = await client.mutation(asDocument(StartRunDocument), { input })
        return answerOf(data?.acted, error, { done: () => t('run.start.done') })
      }}
      onDone={(sentence) => {
        notifications.show({ message: sentence, color: 'green' })
        onDone()
      }}
      onClose={onClose}
    />
  )
}
