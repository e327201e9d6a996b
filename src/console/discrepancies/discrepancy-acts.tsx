import { Button, Card, Group, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  type DiscrepancyAct,
  type DiscrepancyFactsFragment,
  IgnoreDiscrepancyDocument,
  RepairHereDocument,
  RepairThereDocument,
} from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { saidIn } from '../text/said.js'

const DOCUMENTS = { REPAIR_HERE: RepairHereDocument, REPAIR_THERE: RepairThereDocument, IGNORE: IgnoreDiscrepancyDocument } as const

interface ActsProps {
  readonly discrepancy: DiscrepancyFactsFragment
  readonly again: () => void
}

const Dialog = ({ act, discrepancy, again, onClose }: ActsProps & { readonly act: DiscrepancyAct; readonly onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [version] = useState(discrepancy.version)
  return (
    <ActDialog
      title={t(`discrepancy.act.${act}.name`)}
      lead={t(`discrepancy.act.${act}.lead`)}
      submit={t(`discrepancy.act.${act}.name`)}
      act={async (given) => {
        const input = { ...given, discrepancyId: discrepancy.id, expectedVersion: version }
        const { data, error } = await client.mutation(asDocument(DOCUMENTS[act]), { input })
        return answerOf(data?.acted, error, {
          done: () => {
            again()
            return t(`discrepancy.act.${act}.done`)
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

/** What may be done now, and of the rest why not. */
export const DiscrepancyActs = ({ discrepancy, again }: ActsProps) => {
  const { t } = useTranslation()
  const [acting, setActing] = useState<DiscrepancyAct>()
  return (
    <Card component="section" aria-labelledby="discrepancy-acts">
      <Title order={2} size="h4" id="discrepancy-acts" mb="xs">
        {t('discrepancy.acts')}
      </Title>
      <Group gap="xs">
        {discrepancy.acts.map(({ act, allowed }) => (
          <Button
            key={act}
            variant="default"
            disabled={!allowed}
            aria-describedby={allowed ? undefined : `why-not-${act}`}
            onClick={() => setActing(act)}
          >
            {t(`discrepancy.act.${act}.name`)}
          </Button>
        ))}
      </Group>
      {discrepancy.acts.map(({ act, allowed, reason, operations }) => (
        <Text key={act} size="sm" mt={4} id={allowed ? undefined : `why-not-${act}`} lang={allowed ? undefined : saidIn(reason)}>
          {!allowed && t('discrepancy.cannot', { act: t(`discrepancy.act.${act}.name`), why: reason ?? '' })}
          {operations.length > 0 &&
            t('discrepancy.sends', { what: operations.map((operation) => t(`transfer.operation.${operation}`)).join(', ') })}
        </Text>
      ))}
      {acting && <Dialog act={acting} discrepancy={discrepancy} again={again} onClose={() => setActing(undefined)} />}
    </Card>
  )
}
