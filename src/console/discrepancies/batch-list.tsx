import { Anchor, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import {
  ActOnDiscrepancyBatchDocument,
  type BatchFactsFragment,
  DiscrepancyBatchesDocument,
  type DiscrepancyBatchState,
} from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

const Batches = asDocument(DiscrepancyBatchesDocument)
const EVERY_MS = 5_000
const COLOURS: Record<DiscrepancyBatchState, string> = { AWAITING_APPROVAL: 'orange', RUNNING: 'blue', DONE: 'green', CANCELLED: 'gray' }
const OFFERED: Record<DiscrepancyBatchState, readonly ('APPROVE' | 'CANCEL')[]> = {
  AWAITING_APPROVAL: ['APPROVE', 'CANCEL'],
  RUNNING: ['CANCEL'],
  DONE: [],
  CANCELLED: [],
}

interface Acting {
  readonly act: 'APPROVE' | 'CANCEL'
  readonly batch: BatchFactsFragment
}

const Dialog = ({ acting, again, onClose }: { readonly acting: Acting; readonly again: () => void; readonly onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const { act, batch } = acting
  const [version] = useState(batch.version)
  return (
    <ActDialog
      title={t(`discrepancy.batch.${act}.name`)}
      lead={t(`discrepancy.batch.${act}.lead`)}
      submit={t(`discrepancy.batch.${act}.name`)}
      danger={act === 'CANCEL'}
      act={async (given) => {
        const input = { ...given, batchId: batch.id, act, expectedVersion: version }
        const { data, error } = await client.mutation(asDocument(ActOnDiscrepancyBatchDocument), { input })
        return answerOf(data?.acted, error, {
          done: () => {
            again()
            return t(`discrepancy.batch.${act}.done`)
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

/** Batches: what became of each, and who still has to approve. */
export const BatchList = ({ onChanged }: { readonly onChanged: () => void }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const [acting, setActing] = useState<Acting>()
  const { data, again } = useFresh(Batches, {}, { everyMs: EVERY_MS })
  const batches = data?.discrepancyBatches ?? []
  if (batches.length === 0) return null
  return (
    <Card component="section" aria-labelledby="batches">
      <Title order={2} size="h4" id="batches" mb="xs">
        {t('discrepancy.batch.title')}
      </Title>
      <Stack gap="xs">
        {batches.map((batch) => (
          <div key={batch.id}>
            <Group gap="xs">
              <Badge color={COLOURS[batch.state]}>{t(`discrepancy.batch.state.${batch.state}`)}</Badge>
              <Text size="sm">
                {t('discrepancy.batch.line', {
                  act: t(`discrepancy.act.${batch.act}.name`),
                  n: count(batch.rowCount),
                  by: batch.createdBy,
                })}
                , <Moment at={batch.createdAt} />
              </Text>
              {OFFERED[batch.state].map((act) => (
                <Button
                  key={act}
                  size="compact-xs"
                  variant="default"
                  disabled={act === 'APPROVE' && batch.isOwn}
                  onClick={() => setActing({ act, batch })}
                >
                  {t(`discrepancy.batch.${act}.name`)}
                </Button>
              ))}
            </Group>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {batch.reason}
            </Text>
            <Text size="xs">
              {batch.results.map(({ result, count: n }) => `${t(`discrepancy.batch.result.${result}`)}: ${count(n)}`).join(', ')}
              {batch.approvedBy && `. ${t('discrepancy.batch.approvedBy', { by: batch.approvedBy })}`}
            </Text>
            {batch.waitsFor.map((what) => (
              <Text key={what} size="xs" lang={saidIn(what)}>
                {t('discrepancy.batch.waits', { what })}
              </Text>
            ))}
            <Anchor component={Link} to={`/discrepancies?state=SUSPECTED,OPEN,REPAIRING,IGNORED,VERIFIED,GONE&batch=${batch.id}`} size="xs">
              {t('discrepancy.batch.show')}
            </Anchor>
            {batch.state === 'AWAITING_APPROVAL' && batch.isOwn && <Text size="xs">{t('discrepancy.batch.own')}</Text>}
            {batch.refusals.map(({ because, count: n }) => (
              <Text key={because} size="xs" lang={saidIn(because)}>
                {count(n)}: {because}
              </Text>
            ))}
          </div>
        ))}
      </Stack>
      {acting && (
        <Dialog
          acting={acting}
          again={() => {
            again()
            onChanged()
          }}
          onClose={() => setActing(undefined)}
        />
      )}
    </Card>
  )
}
