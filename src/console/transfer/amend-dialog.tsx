import { Alert, Button, Fieldset, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useClient, useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  type AmendableFieldFragment,
  AmendmentCheckDocument,
  AmendmentFormDocument,
  AmendTransferDocument,
  type DifferenceFactsFragment,
} from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog, failedAct } from '../show/act-dialog.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { saidIn } from '../text/said.js'
import { AmendField } from './amend-field.js'
import { DifferenceTable } from './difference-table.js'
import type { TransferDetail } from './what-happened.js'

interface AmendDialogProps {
  readonly transfer: Pick<TransferDetail, 'id' | 'version'>
  readonly again: () => void
  readonly onClose: () => void
}

type Edits = ReadonlyMap<string, string>
type Faults = ReadonlyMap<string | null, string>
const NO_FAULTS: Faults = new Map()

const groupsOf = (fields: readonly AmendableFieldFragment[]): [string, AmendableFieldFragment[]][] => {
  const groups = new Map<string, AmendableFieldFragment[]>()
  for (const field of fields) groups.set(field.group ?? '', [...(groups.get(field.group ?? '') ?? []), field])
  return [...groups]
}

const changesOf = (edits: Edits) => [...edits].map(([field, value]) => ({ field, value }))

/**
 * Sửa và gửi lại, in two steps: the form that the operation's fields make, checked as the adapter will; then what will differ from the source, the reason,
 * and the act. Only what was changed is sent. It is asked for the version that was seen when the dialog was opened.
 */
export const AmendDialog = ({ transfer, again, onClose }: AmendDialogProps) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const navigate = useNavigate()
  const [expectedVersion] = useState(transfer.version)
  const [edits, setEdits] = useState<Edits>(new Map())
  const [faults, setFaults] = useState(NO_FAULTS)
  const [differences, setDifferences] = useState<readonly DifferenceFactsFragment[]>()
  const [{ data, error }] = useQuery({
    query: asDocument(AmendmentFormDocument),
    variables: useMemo(() => ({ id: transfer.id }), [transfer.id]),
    requestPolicy: 'network-only',
  })
  const form = data?.transfer?.amendmentForm
  const fields = form?.fields.filter(({ amendable }) => amendable) ?? []

  const edit = (field: string, value: string | undefined): void => {
    const next = new Map(edits)
    if (value === undefined) next.delete(field)
    else next.set(field, value)
    setEdits(next)
    setFaults(new Map([...faults].filter(([of]) => of !== field && of !== null)))
  }

  const check = async () => {
    const asked = { id: transfer.id, changes: changesOf(edits) }
    const { data: heard, error: failed } = await client.query(asDocument(AmendmentCheckDocument), asked, { requestPolicy: 'network-only' })
    const judged = heard?.transfer?.amendmentCheck
    if (!judged) return failedAct(failed)
    if (judged.reason) return { kind: 'REFUSED', sentence: judged.reason } as const
    if (judged.faults.length > 0) {
      setFaults(new Map(judged.faults.map(({ field, message }) => [field ?? null, message])))
      const general = judged.faults.filter(({ field }) => !field).map(({ message }) => message)
      return { kind: 'REFUSED', sentence: [t('amend.faults', { n: judged.faults.length }), ...general].join(' ') } as const
    }
    setDifferences(judged.differences)
    return { kind: 'DONE', sentence: '' } as const
  }

  const amend = async (given: { readonly clientKey: string; readonly reason: string }) => {
    const input = { ...given, transferId: transfer.id, expectedVersion, changes: changesOf(edits) }
    const { data: heard, error: failed } = await client.mutation(asDocument(AmendTransferDocument), { input })
    return answerOf(heard?.amendTransfer, failed, {
      done: (acted) => {
        void navigate(`/transfers/${acted.transfer.id}`)
        return t('act.AMEND.done')
      },
      onStale: again,
    })
  }

  if (differences)
    return (
      <ActDialog
        key="confirm"
        title={t('act.AMEND.name')}
        lead={t('amend.confirmLead')}
        submit={t('act.AMEND.name')}
        size="lg"
        fields={(locked) => (
          <>
            <DifferenceTable differences={differences} />
            <Button variant="default" size="xs" disabled={locked} onClick={() => setDifferences(undefined)} style={{ alignSelf: 'start' }}>
              {t('amend.back')}
            </Button>
          </>
        )}
        act={amend}
        onDone={(sentence) => {
          notifications.show({ message: sentence, color: 'green' })
          onClose()
        }}
        onClose={onClose}
      />
    )
  return (
    <ActDialog
      key="form"
      title={t('act.AMEND.name')}
      lead={t('act.AMEND.lead')}
      submit={t('amend.check')}
      size="lg"
      asksReason={false}
      focusesLead
      incomplete={edits.size === 0}
      fields={(locked) => (
        <Stack gap="sm">
          {error && <Failure error={error} />}
          {!form && !error && <Loading height={200} />}
          {form?.reason && (
            <Alert color="red" variant="outline" p="xs">
              <span lang={saidIn(form.reason)}>{form.reason}</span>
            </Alert>
          )}
          {groupsOf(fields).map(([group, lines]) => (
            <Fieldset key={group} legend={group || t('amend.content')}>
              <Stack gap="xs">
                {lines.map((field) => (
                  <AmendField
                    key={field.field}
                    field={field}
                    edited={edits.get(field.field)}
                    fault={faults.get(field.field)}
                    readOnly={locked}
                    onEdit={(value) => edit(field.field, value)}
                  />
                ))}
              </Stack>
            </Fieldset>
          ))}
          {fields.length > 0 && <Text size="xs">{t('amend.fixed')}</Text>}
        </Stack>
      )}
      act={check}
      onDone={() => setFaults(NO_FAULTS)}
      onClose={onClose}
    />
  )
}
