import { Alert, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { useLive } from '../data/use-live.js'
import { usePages } from '../data/use-pages.js'
import { AlertChangesDocument, AlertsDocument, type AlertsQuery, OneAlertDocument, OpenAlertsDocument } from '../generated/graphql.js'
import { BusyButton } from '../show/busy-button.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { Ago } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { AlertCard } from './alert-card.js'
import { AlertChannels } from './alert-channels.js'

const Alerts = asDocument(AlertsDocument)
const OpenAlerts = asDocument(OpenAlertsDocument)
const alertsOf = ({ alerts }: AlertsQuery) => alerts
const EVERY_MS = 15_000
/** The rules are looked at every 15 s. */
const LONG_AGO_MS = 120_000

/** Whether anybody looks at the rules at all: without that no alert means nothing. */
const LastLook = ({ at }: { readonly at: string | null | undefined }) => {
  const { t } = useTranslation()
  if (at === null || at === undefined)
    return (
      <Alert color="orange" variant="outline" p="xs">
        {t('alert.neverLooked')}
      </Alert>
    )
  return (
    <>
      <Text size="sm">
        {t('alert.lookedAt')}: <Ago at={at} />
      </Text>
      {Date.now() - new Date(at).getTime() > LONG_AGO_MS && (
        <Alert color="orange" variant="outline" p="xs">
          {t('alert.lookedLongAgo')}
        </Alert>
      )}
    </>
  )
}

/** One that a link names and that is long over. */
const OldAlert = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation()
  const [{ data, error }, again] = useQuery({ query: asDocument(OneAlertDocument), variables: { id } })
  if (data?.alert) return <AlertCard alert={data.alert} isSought again={again} />
  if (!error) return null
  return (
    <Alert color="orange" variant="outline" p="xs">
      {t('alert.notHere')}
    </Alert>
  )
}

/** What is wrong now, and what was. A notice's link names its alert by `?id=`. */
const AlertsPage = () => {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const sought = search.get('id')
  const { data, error, again } = useFresh(OpenAlerts, {}, { everyMs: EVERY_MS })
  const all = usePages(Alerts, {}, alertsOf)
  const readAgain = (): void => {
    again()
    all.again()
  }
  useLive(AlertChangesDocument, {}, readAgain)
  const open = data?.alerts.edges.map(({ node }) => node) ?? []
  const openIds = new Set(open.map(({ id }) => id))
  const past = all.rows.filter(({ id, isOpen }) => !isOpen && !openIds.has(id))
  const isRead = data !== undefined && all.data !== undefined
  const isElsewhere = isRead && sought !== null && ![...open, ...past].some(({ id }) => id === sought)
  return (
    <Stack>
      <PageTitle text={t('alert.title')} />
      {(error ?? all.error) && <Failure error={(error ?? all.error) as NonNullable<typeof error>} again={again} />}
      {data && <LastLook at={data.alerts.lookedAt} />}
      {isElsewhere && <OldAlert id={sought} />}
      {!isRead && !error && <Loading height={160} />}
      {isRead && (
        <>
          <Title order={2} size="h4">
            {t('alert.openNow')}
          </Title>
          {open.length === 0 && <Text size="sm">{t('alert.noneOpen')}</Text>}
          {open.map((alert) => (
            <AlertCard key={alert.id} alert={alert} isSought={alert.id === sought} again={readAgain} />
          ))}
          <AlertChannels />
          <Title order={2} size="h4">
            {t('alert.past')}
          </Title>
          {past.length === 0 && <Text size="sm">{t('alert.nonePast')}</Text>}
          {past.map((alert) => (
            <AlertCard key={alert.id} alert={alert} isSought={alert.id === sought} again={readAgain} />
          ))}
          {all.hasMore && (
            <Group>
              <BusyButton variant="default" size="xs" onClick={all.more} busy={all.loading}>
                {t('common.more')}
              </BusyButton>
            </Group>
          )}
        </>
      )}
    </Stack>
  )
}

export default AlertsPage
