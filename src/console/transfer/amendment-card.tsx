import { Alert, Anchor, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { type AmendmentFactsFragment, type DifferenceFactsFragment, RevealAmendmentDocument } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
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

/** Who took part in it before: nobody approves his own amendment, but one who amended earlier may approve what another has amended since. */
const Earlier = ({ amendment }: { readonly amendment: AmendmentFactsFragment }) => {
  const { t } = useTranslation()
  const { earlier, viewerAmendedEarlier, amendedBy, needsApproval, decision } = amendment
  const isAwaited = needsApproval && !decision
  return (
    <Alert variant="outline" color="orange" p="xs">
      <Text size="sm" fw={600}>
        {t('amend.earlier')}
      </Text>
      <List size="sm" listStyleType="none">
        {earlier.map((one) => (
          <List.Item key={one.transferId}>
            <Anchor component={Link} to={`/transfers/${one.transferId}`} size="sm">
              {one.amendedBy}
            </Anchor>
            , <Moment at={one.amendedAt} />:{' '}
            {one.decision ? t(`amend.decided.${one.decision}`, { who: one.decidedBy ?? '' }) : t('amend.undecided')}
          </List.Item>
        ))}
      </List>
      {isAwaited && <Text size="sm">{t(viewerAmendedEarlier ? 'amend.youAmended' : 'amend.tookPart', { who: amendedBy })}</Text>}
    </Alert>
  )
}

/** What a person has changed of what the sources say: for who approves it, and for whoever asks later why the two sides differ. */
export const AmendmentCard = ({ transferId, amendment }: { readonly transferId: string; readonly amendment: AmendmentFactsFragment }) => {
  const { t } = useTranslation()
  const mayReveal = useMay('seeEvidence')
  const [revealing, setRevealing] = useState(false)
  const [revealed, setRevealed] = useState<readonly DifferenceFactsFragment[]>()
  const { amendedBy, amendedAt, reason, needsApproval, decision, decidedBy, decidedAt, decisionReason, differences, earlier } = amendment
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
        {earlier.length > 0 && <Earlier amendment={amendment} />}
      </Stack>
      {revealing && <Reveal transferId={transferId} onRevealed={setRevealed} onClose={() => setRevealing(false)} />}
    </Card>
  )
}
