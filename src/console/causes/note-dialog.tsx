import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { type CauseFactsFragment, NoteCauseDocument } from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'

interface NoteDialogProps {
  readonly cause: CauseFactsFragment
  readonly onDone: (sentence: string) => void
  readonly onClose: () => void
}

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** What was found out and what helps, for the next operator. Two who write at once: the second is told. */
export const NoteDialog = ({ cause, onDone, onClose }: NoteDialogProps) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [seen] = useState(cause)
  const [note, setNote] = useState(seen.note ?? '')
  const [remedy, setRemedy] = useState(seen.remedy ?? '')
  return (
    <ActDialog
      title={t('cause.edit')}
      lead={t('cause.editLead')}
      submit={t('cause.save')}
      asksReason={false}
      fields={(locked) => (
        <>
          <Textarea
            label={t('cause.note')}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
            readOnly={locked}
            maxLength={2_000}
            autosize
            minRows={3}
            data-autofocus
          />
          <Textarea
            label={t('cause.remedy')}
            value={remedy}
            onChange={({ currentTarget }) => setRemedy(currentTarget.value)}
            readOnly={locked}
            maxLength={2_000}
            autosize
            minRows={2}
          />
        </>
      )}
      act={async ({ clientKey }) => {
        const input = { clientKey, causeId: seen.id, version: seen.version, note: textOrNull(note), remedy: textOrNull(remedy) }
        const { data, error } = await client.mutation(asDocument(NoteCauseDocument), { input })
        return answerOf(data?.noteCause, error, { done: () => t('cause.noted') })
      }}
      onDone={onDone}
      onClose={onClose}
    />
  )
}
