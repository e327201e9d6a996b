import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import { RevealAttemptDocument, TransferEvidenceDocument, type TransferEvidenceQuery } from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import classes from './evidence.module.css'
import { differencesOf } from './evidence-differences.js'

type Evidence = NonNullable<TransferEvidenceQuery['transfer']>['attempts'][number]
type Wire = Pick<Evidence, 'requestXml' | 'responseText'>

const Words = ({ text, name }: { readonly text: string | null | undefined; readonly name: string }) => {
  const { t } = useTranslation()
  if (text === null || text === undefined || text === '') return <Text size="sm">{t('evidence.none')}</Text>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls by the keys
    <section className={classes.text} tabIndex={0} aria-label={name}>
      {text}
    </section>
  )
}

const Difference = ({ before, after, name }: { readonly before: string; readonly after: string; readonly name: string }) => {
  const { t } = useTranslation()
  const parts = differencesOf(before, after)
  if (parts.length === 0) return <Text size="sm">{t('evidence.same')}</Text>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls by the keys
    <section className={classes.text} tabIndex={0} aria-label={name}>
      {parts.map(({ kind, text, at }) => {
        if (kind === 'ADDED')
          return (
            <ins key={`+${at}`} className={classes.added}>
              {text}
            </ins>
          )
        if (kind === 'REMOVED')
          return (
            <del key={`-${at}`} className={classes.removed}>
              {text}
            </del>
          )
        return (
          <span key={`=${at}`} className={classes.same}>
            {text}
          </span>
        )
      })}
    </section>
  )
}

const Reveal = ({ attemptId, onRevealed, onClose }: { attemptId: string; onRevealed: (wire: Wire) => void; onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  return (
    <ActDialog
      title={t('evidence.reveal')}
      lead={t('evidence.revealLead')}
      submit={t('evidence.reveal')}
      act={async (given) => {
        const { data, error } = await client.mutation(asDocument(RevealAttemptDocument), { input: { ...given, attemptId } })
        return answerOf(data?.revealAttempt, error, {
          done: (revealed) => {
            onRevealed(revealed)
            return ''
          },
        })
      }}
      onDone={onClose}
      onClose={onClose}
    />
  )
}

const PARTS = ['request', 'response', 'difference'] as const
type Part = (typeof PARTS)[number]
const isPart = (text: string): text is Part => (PARTS as readonly string[]).includes(text)

/** What went over the wire in one attempt, masked until somebody gives a reason to see it, and how it differs from the attempt of its kind before. */
const AttemptEvidence = ({ transferId, attemptId }: { readonly transferId: string; readonly attemptId: string }) => {
  const { t } = useTranslation()
  const [{ data, error }] = useQuery({ query: asDocument(TransferEvidenceDocument), variables: { id: transferId } })
  const [part, setPart] = useState<Part>('request')
  const [revealing, setRevealing] = useState(false)
  const [revealed, setRevealed] = useState<Wire>()
  if (error) return <Failure error={error} />
  const attempts = data?.transfer?.attempts
  const at = attempts?.findIndex(({ id }) => id === attemptId) ?? -1
  const attempt = attempts?.[at]
  if (!attempts || !attempt) return <Loading height={120} />
  const before = attempts.slice(0, at).findLast(({ kind, requestXml }) => kind === attempt.kind && requestXml)
  const wire: Wire = revealed ?? attempt
  const isEmpty = !attempt.requestXml && !attempt.responseText
  if (isEmpty) return <Text size="sm">{t('evidence.nothing')}</Text>
  return (
    <Stack gap="xs" mt="xs">
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          value={part}
          onChange={(value) => isPart(value) && setPart(value)}
          aria-label={t('evidence.title')}
          data={PARTS.filter((one) => one !== 'difference' || before).map((value) => ({
            value,
            label: value === 'difference' ? t('evidence.difference', { number: before?.number ?? 0 }) : t(`evidence.${value}`),
          }))}
        />
        {!revealed && (
          <Button size="compact-xs" variant="default" onClick={() => setRevealing(true)}>
            {t('evidence.reveal')}
          </Button>
        )}
        {revealed && (
          <Button size="compact-xs" variant="default" onClick={() => setRevealed(undefined)}>
            {t('evidence.hide')}
          </Button>
        )}
      </Group>
      {revealed && (
        <Alert variant="outline" color="orange" p="xs">
          {t('evidence.revealed')}
        </Alert>
      )}
      {part === 'request' && <Words text={wire.requestXml} name={t('evidence.request')} />}
      {part === 'response' && <Words text={wire.responseText} name={t('evidence.response')} />}
      {part === 'difference' && before && (
        <>
          <Text size="xs" fw={600}>
            {t('evidence.request')}
          </Text>
          <Difference before={before.requestXml ?? ''} after={attempt.requestXml ?? ''} name={t('evidence.request')} />
          <Text size="xs" fw={600}>
            {t('evidence.response')}
          </Text>
          <Difference before={before.responseText ?? ''} after={attempt.responseText ?? ''} name={t('evidence.response')} />
        </>
      )}
      {revealing && <Reveal attemptId={attemptId} onRevealed={setRevealed} onClose={() => setRevealing(false)} />}
    </Stack>
  )
}

export default AttemptEvidence
