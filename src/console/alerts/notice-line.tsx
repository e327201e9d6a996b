import { Badge, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AlertNoticeState, NoticeFactsFragment } from '../generated/graphql.js'
import { Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'

const NOTICE_COLOURS: Record<AlertNoticeState, string> = { SENT: 'green', WAITING: 'orange', GIVEN_UP: 'red' }

/** One notice over one channel, and what became of it. */
export const NoticeLine = ({ notice }: { readonly notice: NoticeFactsFragment }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const { channel, kind, state, attempts, sentAt, createdAt, lastError } = notice
  return (
    <List.Item>
      <Badge color={NOTICE_COLOURS[state]} size="sm">
        {t(`alert.noticeState.${state}`)}
      </Badge>{' '}
      {channel}, {t(`alert.kind.${kind}`)}, <Moment at={sentAt ?? createdAt} />
      {state !== 'SENT' && `, ${t('alert.attempts', { n: count(attempts) })}`}
      {state !== 'SENT' && lastError && (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {lastError}
        </Text>
      )}
    </List.Item>
  )
}
