import { Alert, Anchor, Button, Group, List, Modal, Progress, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useClient } from 'urql'
import type { TransferFilterInput } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'
import { MOST_AT_ONCE, type ReplayProgress, replayMany } from './replay-many.js'
import type { Selection } from './selection.js'

interface ReplayDialogProps {
  readonly filter: TransferFilterInput
  readonly selection: Selection
  readonly onClose: () => void
}

/** Replays what is chosen, with one reason for all, and shows how far it is and what was refused. */
export const ReplayDialog = ({ filter, selection, onClose }: ReplayDialogProps) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const client = useClient()
  const [reason, setReason] = useState('')
  const [stage, setStage] = useState<'ASKING' | 'RUNNING' | 'ENDED' | 'TOO_MANY'>('ASKING')
  const [progress, setProgress] = useState<ReplayProgress>({ total: 0, done: 0, refused: [] })
  const stop = useRef(new AbortController())
  const close = (): void => {
    stop.current.abort()
    onClose()
  }
  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (stage === 'RUNNING' || reason.trim().length < 5) return
    stop.current = new AbortController()
    setStage('RUNNING')
    const given = { filter, selection, reason: reason.trim(), signal: stop.current.signal }
    setStage(await replayMany(client, given, setProgress, t('fault.unreachable')))
  }
  const { total, done, refused } = progress
  const left = total - done - refused.length
  const numbers = { done: count(done), refused: count(refused.length), total: count(total), left: count(left) }
  const amount = selection.kind === 'ALL' ? (total > 0 ? count(total) : '') : count(selection.ids.size)
  return (
    <Modal opened onClose={close} title={t('list.replayTitle', { n: amount })} closeButtonProps={{ 'aria-label': t('common.cancel') }}>
      <form onSubmit={(event) => void start(event)}>
        <Stack gap="sm">
          <Text size="sm">{t('list.replayLead')}</Text>
          <Textarea
            label={t('common.reason')}
            description={t('common.reasonHint')}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            readOnly={stage === 'RUNNING' || stage === 'ENDED'}
            minLength={5}
            maxLength={500}
            required
            data-autofocus
          />
          {stage === 'TOO_MANY' && (
            <Alert color="orange" variant="outline" role="alert">
              {t('list.replayTooMany', { most: count(MOST_AT_ONCE) })}
            </Alert>
          )}
          {(stage === 'RUNNING' || stage === 'ENDED') && (
            <div role="status">
              <Progress value={total === 0 ? 0 : ((total - left) / total) * 100} aria-label={t('list.replayProgress', numbers)} />
              <Text size="sm" mt={4}>
                {stage === 'RUNNING'
                  ? t('list.replayProgress', numbers)
                  : left > 0
                    ? t('list.replayStopped', numbers)
                    : t('list.replayEnd', numbers)}
              </Text>
            </div>
          )}
          {refused.length > 0 && (
            <List size="sm" mah={220} style={{ overflow: 'auto' }}>
              {refused.map(({ id, code, sentence }) => (
                <List.Item key={id}>
                  <Anchor component={Link} to={`/transfers/${id}`} size="sm">
                    {code}
                  </Anchor>
                  : <span lang="vi">{sentence}</span>
                </List.Item>
              ))}
            </List>
          )}
          <Group justify="flex-end">
            {stage === 'RUNNING' ? (
              <Button variant="default" onClick={() => stop.current.abort()}>
                {t('list.replayStop')}
              </Button>
            ) : (
              <Button variant="default" onClick={close}>
                {t('common.cancel')}
              </Button>
            )}
            {stage !== 'ENDED' && (
              <Button type="submit" loading={stage === 'RUNNING'} disabled={reason.trim().length < 5}>
                {t('list.replay')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
