import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { type AmendmentFactsFragment, type DifferenceFactsFragment, RevealAmendmentDocument } from '../generated/graphql.js'
import { useMay } from '../session/permissions.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { Fact, Facts } from '../show/fact.js'
import { Moment } from '../show/moment.js'
import { DifferenceTable } from './difference-table.js'

const Reveal = ({
  transferId,
  onRevealed,
  onClose,
}: {
  readonly transferId: string
  readonly onRevealed: (differences: readonly DifferenceFactsFragment[]) => void
  readonly onClose: () => void
}) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  return (
    <ActDialog
      title={t('amend.reveal')}
      lead={t('evidence.revealLead')}
      submit={t('amend.reveal')}
      act={async ({ reason }) => {
        const { data, error } = await client.mutation(asDocument(RevealAmendmentDocument), { input: { transferId, reason } })
        return answerOf(data?.revealAmendment, error, {
          done: ({ differences }) => {
            onRevealed(differences)
            return ''
          },
        })
      }}
      onDone={onClose}
      onClose={onClose}
    />
  )
}

/** What a person has changed of what the sources say: for who approves it, and for whoever asks later why the two sides differ. */
export const AmendmentCard = ({ transferId, amendment }: { readonly transferId: string; readonly amendment: AmendmentFactsFragment }) => {
  const { t } = useTranslation()
  const mayReveal = useMay('seeEvidence')
  const [revealing, setRevealing] = useState(false)
  const [revealed, setRevealed] = useState<readonly DifferenceFactsFragment[]>()
  const { amendedBy, amendedAt, reason, needsApproval, decision, decidedBy, decidedAt, decisionReason, differences } = amendment
  return (
    <Card component="section" aria-labelledby="amendment">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4" id="amendment">
            {t('amend.title')}
          </Title>
          {mayReveal && (
            <Button size="compact-xs" variant="default" onClick={() => (revealed ? setRevealed(undefined) : setRevealing(true))}>
              {t(revealed ? 'evidence.hide' : 'amend.reveal')}
            </Button>
          )}
        </Group>
        <Text size="sm">{t('amend.lead')}</Text>
        {revealed && (
          <Alert variant="outline" color="orange" p="xs">
            {t('evidence.revealed')}
          </Alert>
        )}
        <DifferenceTable differences={revealed ?? differences} withNow />
        <Facts>
          <Fact name={t('amend.by')}>
            {amendedBy}, <Moment at={amendedAt} />
          </Fact>
          <Fact name={t('common.reason')}>{reason}</Fact>
          <Fact name={t('amend.decision')}>
            {decision ? t(`amend.decided.${decision}`, { who: decidedBy ?? '' }) : t(needsApproval ? 'amend.awaiting' : 'amend.notNeeded')}
            {decidedAt && (
              <>
                , <Moment at={decidedAt} />
              </>
            )}
          </Fact>
          <Fact name={t('amend.decisionReason')}>{decisionReason}</Fact>
        </Facts>
      </Stack>
      {revealing && <Reveal transferId={transferId} onRevealed={setRevealed} onClose={() => setRevealing(false)} />}
    </Card>
  )
}
