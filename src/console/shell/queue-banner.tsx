import { Alert, List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { QueueOutagesDocument } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'

const QueueOutages = asDocument(QueueOutagesDocument)
/** No event tells of it. */
const EVERY_MS = 10_000

/** On every page while a process cannot reach the queue's Redis: what goes on, what waits, and what to do. The longest one comes first. */
export const QueueBanner = () => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { data } = useFresh(QueueOutages, {}, { everyMs: EVERY_MS })
  const outages = data?.queueOutages ?? []
  const [first] = outages
  return (
    <div role="status">
      {first && (
        <Alert color="red" variant="outline" p="xs" mb="md" title={t('queue.away', { since: moment(first.since) })}>
          <List size="sm">
            <List.Item>{t('queue.goesOn')}</List.Item>
            <List.Item>{t('queue.waits')}</List.Item>
            <List.Item>{t('queue.todo', { processes: outages.map(({ process, cause }) => `${process} (${cause})`).join(', ') })}</List.Item>
          </List>
        </Alert>
      )}
    </div>
  )
}
