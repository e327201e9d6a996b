import { Anchor, Button, Card, Group, List, Text, Textarea, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { downloadFile } from '../data/download-file.js'
import { type DossierTimeQuery, IssueApologyLetterDocument, type LetterFactsFragment } from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { useFormats } from '../text/format.js'

type Dossier = NonNullable<DossierTimeQuery['dossier']>
type Proposal = NonNullable<Dossier['apologyProposal']>

const Letter = ({ letter }: { readonly letter: LetterFactsFragment }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { number, issuedBy, newDueAt, pdfPath } = letter
  const print = async (): Promise<void> => {
    const answer = await downloadFile(pdfPath)
    if (answer !== 'DONE')
      notifications.show({ color: 'red', title: t('letter.failed'), message: answer?.refused ?? t('fault.unreachable') })
  }
  return (
    <List.Item>
      {t('letter.row', { number, by: issuedBy, at: moment(newDueAt) })}{' '}
      <Anchor component="button" size="sm" onClick={() => void print()}>
        {t('letter.print', { number })}
      </Anchor>
    </List.Item>
  )
}

interface IssueDialogProps {
  readonly code: string
  readonly proposal: Proposal
  readonly onDone: (sentence: string) => void
  readonly onClose: () => void
}

/** The gateway writes instants with the offset of Viet Nam: the first sixteen characters are what a field for a local time holds. */
const asLocal = (at: string | null | undefined): string => at?.slice(0, 16) ?? ''

const IssueDialog = ({ code, proposal, onDone, onClose }: IssueDialogProps) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const [newDueAt, setNewDueAt] = useState(asLocal(proposal.newDueAt))
  const [reason, setReason] = useState(proposal.reason ?? '')
  return (
    <ActDialog
      title={t('letter.issue')}
      lead={proposal.reason ? `${t('letter.lead')} ${t('letter.fromLedger')}` : t('letter.lead')}
      submit={t('letter.issue')}
      asksReason={false}
      size="lg"
      incomplete={newDueAt === '' || reason.trim().length < 5}
      fields={(locked) => (
        <>
          <TextInput
            type="datetime-local"
            label={t('letter.newDueAt')}
            value={newDueAt}
            onChange={({ currentTarget }) => setNewDueAt(currentTarget.value)}
            readOnly={locked}
            required
            data-autofocus
          />
          <Textarea
            label={t('letter.reason')}
            description={t('letter.reasonHint')}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            readOnly={locked}
            maxLength={1_000}
            autosize
            minRows={4}
            required
          />
        </>
      )}
      act={async ({ clientKey }) => {
        const input = { clientKey, code, newDueAt: `${newDueAt}:00+07:00`, reason: reason.trim() }
        const { data, error } = await client.mutation(asDocument(IssueApologyLetterDocument), { input })
        return answerOf(data?.issueApologyLetter, error, { done: ({ letter }) => t('letter.issued', { number: letter.number }) })
      }}
      onDone={onDone}
      onClose={onClose}
    />
  )
}

interface LetterCardProps {
  readonly code: string
  readonly proposal: Proposal
  readonly letters: readonly LetterFactsFragment[]
  readonly onIssued: () => void
}

/** Letters of apology of a dossier, and the button that writes one. */
export const LetterCard = ({ code, proposal, letters, onIssued }: LetterCardProps) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Card component="section" aria-labelledby="letters">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="letters">
          {t('letter.title')}
        </Title>
        {!proposal.refusedBecause && (
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            {t('letter.issue')}
          </Button>
        )}
      </Group>
      {proposal.refusedBecause && letters.length === 0 && (
        <Text size="sm" lang="vi">
          {proposal.refusedBecause}
        </Text>
      )}
      {!proposal.refusedBecause && letters.length === 0 && <Text size="sm">{t('letter.none')}</Text>}
      <List size="sm" listStyleType="none" spacing={6}>
        {letters.map((letter) => (
          <Letter key={letter.id} letter={letter} />
        ))}
      </List>
      {open && (
        <IssueDialog
          code={code}
          proposal={proposal}
          onDone={(message) => {
            setOpen(false)
            notifications.show({ color: 'green', message })
            onIssued()
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </Card>
  )
}
