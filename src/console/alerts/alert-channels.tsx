import { Button, Card, Group, List, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { AlertChannelsDocument, TestAlertChannelsDocument } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { Failure } from '../show/failure.js'
import { Moment } from '../show/moment.js'
import { NoticeLine } from './notice-line.js'

const Channels = asDocument(AlertChannelsDocument)
const EVERY_MS = 10_000

/** Over which channels people hear of alerts, when one took something last, and a test of all of them. */
export const AlertChannels = () => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const mayTest = useMay('actOnSystems')
  const [asking, setAsking] = useState(false)
  const { data, error, again } = useFresh(Channels, {}, { everyMs: EVERY_MS })
  const channels = data?.alertChannels ?? []
  return (
    <Card component="section" aria-labelledby="alert-channels">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="alert-channels">
          {t('alert.channels')}
        </Title>
        {mayTest && channels.length > 0 && (
          <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
            {t('alert.test')}
          </Button>
        )}
      </Group>
      {error && <Failure error={error} again={again} />}
      {data && channels.length === 0 && <Text size="sm">{t('alert.channelsNone')}</Text>}
      <List size="sm" listStyleType="none" spacing={4}>
        {channels.map(({ name, lastTest, lastSentAt }) =>
          lastTest ? (
            <NoticeLine key={name} notice={lastTest} />
          ) : (
            <List.Item key={name}>
              {name}: {t('alert.neverTested')}
              {lastSentAt && (
                <>
                  , {t('alert.lastSent')} <Moment at={lastSentAt} />
                </>
              )}
            </List.Item>
          ),
        )}
      </List>
      {asking && (
        <ActDialog
          title={t('alert.test')}
          lead={t('alert.testLead')}
          submit={t('alert.test')}
          act={async (given) => {
            const { data: told, error: failed } = await client.mutation(asDocument(TestAlertChannelsDocument), { input: given })
            return answerOf(told?.acted, failed, { done: () => t('alert.tested') })
          }}
          onDone={(sentence) => {
            notifications.show({ message: sentence, color: 'green' })
            setAsking(false)
            again()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Card>
  )
}
