import { Alert, List, Radio, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  CreateDiscrepancyBatchDocument,
  type DiscrepancyAct,
  type DiscrepancyFilterInput,
  DiscrepancyPreviewDocument,
  type DiscrepancyPreviewQuery,
} from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog, type ActDialogProps } from '../show/act-dialog.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

type Preview = DiscrepancyPreviewQuery['discrepancyPreview']

/** Of the chosen act: what it would do, what cannot be done and why. */
const Foreseen = ({ preview, act }: { readonly preview: Preview; readonly act: DiscrepancyAct }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const foreseen = preview.acts.find((one) => one.act === act)
  return (
    <Stack gap={4}>
      <Text size="sm">{t('discrepancy.bulk.judged', { n: count(preview.judged) })}</Text>
      <List size="sm" withPadding>
        <List.Item>{t('discrepancy.bulk.fit', { n: count(foreseen?.fit ?? 0) })}</List.Item>
        {foreseen?.operations.map(({ operation, count: n }) => (
          <List.Item key={operation}>
            {t('discrepancy.bulk.operations', { n: count(n), what: t(`transfer.operation.${operation}` as 'transfer.operation.RECEIVE') })}
          </List.Item>
        ))}
        {foreseen?.refusals.map(({ message, count: n }) => (
          <List.Item key={message} lang={saidIn(message)}>
            {t('discrepancy.bulk.unfit', { n: count(n), why: message })}
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}

interface BulkDialogProps {
  readonly filter: DiscrepancyFilterInput
  readonly onDone: () => void
  readonly onClose: () => void
}

/** One act on all that match, after it was shown what that would do. */
export const BulkDialog = ({ filter, onDone, onClose }: BulkDialogProps) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const client = useClient()
  const answerOf = useActAnswer()
  const [act, setAct] = useState<DiscrepancyAct>('REPAIR_THERE')
  const [{ data, error }] = useQuery({ query: asDocument(DiscrepancyPreviewDocument), variables: { filter } })
  const preview = data?.discrepancyPreview
  const fields: ActDialogProps['fields'] = (locked) => (
    <Stack gap="sm">
      {error && <Failure error={error} />}
      {!preview && !error && <Loading height={120} />}
      {preview && (
        <>
          <Text size="sm" fw={600}>
            {t('discrepancy.bulk.count', { n: count(preview.count) })}
          </Text>
          <List size="sm" withPadding>
            {preview.groups.map((group) => (
              <List.Item key={`${group.class}-${group.systemId}`}>
                {t(`discrepancy.classes.${group.class}`)}, {t(`system.short.${group.systemId}`)}: {count(group.count)}
              </List.Item>
            ))}
          </List>
          <Radio.Group label={t('discrepancy.bulk.act')} value={act} onChange={(value) => setAct(value as DiscrepancyAct)}>
            <Stack gap={4} mt={4}>
              {preview.acts.map((one) => (
                <Radio key={one.act} value={one.act} label={t(`discrepancy.act.${one.act}.name`)} disabled={locked} />
              ))}
            </Stack>
          </Radio.Group>
          <Foreseen preview={preview} act={act} />
          {!preview.countIsExact && (
            <Alert color="red" variant="outline" p="xs">
              {t('discrepancy.bulk.tooMany')}
            </Alert>
          )}
          {preview.needsApproval && (
            <Alert color="orange" variant="outline" p="xs">
              {t('discrepancy.bulk.approval')}
            </Alert>
          )}
        </>
      )}
    </Stack>
  )
  return (
    <ActDialog
      title={t('discrepancy.bulk.title')}
      lead={t('discrepancy.bulk.lead')}
      submit={t('discrepancy.bulk.submit', { n: count(preview?.count ?? 0) })}
      size="lg"
      incomplete={!preview?.countIsExact || preview.count === 0}
      fields={fields}
      act={async (given) => {
        const input = { ...given, act, filter, expectedCount: preview?.count ?? 0 }
        const { data: done, error: failed } = await client.mutation(asDocument(CreateDiscrepancyBatchDocument), { input })
        return answerOf(done?.acted, failed, { done: () => t('discrepancy.bulk.begun') })
      }}
      onDone={(sentence) => {
        notifications.show({ message: sentence, color: 'green' })
        onDone()
      }}
      onClose={onClose}
    />
  )
}
