import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { asDocument } from '../data/documents.js'
import type { ChangedTransfer } from '../data/live.js'
import { useFresh } from '../data/use-fresh.js'
import { DossierDetailDocument, type DossierDetailQuery, type InterlinkState } from '../generated/graphql.js'
import { BusyButton } from '../show/busy-button.js'
import { Fact, Facts } from '../show/fact.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { Ago, Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { saidIn } from '../text/said.js'
import { DossierDeadline } from './dossier-deadline.js'
import { type DossierDetail, DossierSide } from './dossier-side.js'
import { DossierTime } from './dossier-time.js'
import { DossierTimeline } from './dossier-timeline.js'

const Detail = asDocument(DossierDetailDocument)
/** The page does not wait longer for the registry: what is known of the land stands there with its age. */
const WAIT_MS = 1_500
const EVERY_MS = 15_000
const INTERLINK_COLOURS: Record<InterlinkState, string> = {
  NONE: 'gray',
  IN_SYNC: 'green',
  IN_FLIGHT: 'blue',
  DELAYED: 'orange',
  NEEDS_ATTENTION: 'red',
}

const concernsDossier = (changed: readonly ChangedTransfer[], shown: DossierDetailQuery | undefined): boolean => {
  const ids = new Set(shown?.dossier?.transfers.map(({ id }) => id))
  return changed.some(({ id }) => ids.has(id))
}

const Head = ({ dossier }: { readonly dossier: DossierDetail }) => {
  const { t } = useTranslation()
  const { interlink } = dossier
  return (
    <Card>
      <Stack gap="xs">
        <Group gap="xs">
          <Badge color="gray">{dossier.statusLabel}</Badge>
          <Badge color={INTERLINK_COLOURS[interlink.state]}>{t(`dossier.interlink.${interlink.state}`)}</Badge>
          <Text size="sm">{t('dossier.version', { version: dossier.version })}</Text>
        </Group>
        <Text size="sm" lang="vi">
          {dossier.summary}
        </Text>
        {interlink.waitingFor && (
          <Text size="sm">
            {t('overview.waitsFor')}:{' '}
            <Anchor component={Link} to={`/transfers/${interlink.waitingFor.transfer.id}`} size="sm">
              {t(`system.short.${interlink.waitingFor.systemId}`)}:{' '}
              <span lang={saidIn(interlink.waitingFor.reason)}>{interlink.waitingFor.reason}</span>
            </Anchor>
          </Text>
        )}
        <Facts>
          <Fact name={t('dossier.applicant')}>{dossier.applicant.fullName}</Fact>
          <Fact name={t('dossier.procedure')}>
            {dossier.procedure.code} {dossier.procedure.name}
          </Fact>
          <Fact name={t('dossier.unit')}>{dossier.receivingUnit.name}</Fact>
          <Fact name={t('dossier.received')}>
            <Moment at={dossier.receivedAt} />
          </Fact>
          <Fact name={t('dossier.due')}>
            <Moment at={dossier.dueAt} /> (<Ago at={dossier.dueAt} />)
          </Fact>
        </Facts>
      </Stack>
    </Card>
  )
}

const OneDossier = ({ code }: { readonly code: string }) => {
  const { t } = useTranslation()
  const [read, setRead] = useState<'CACHED' | 'LIVE'>('CACHED')
  const { data, error, again, fetching } = useFresh(
    Detail,
    { code, read, maxWaitMs: read === 'LIVE' ? null : WAIT_MS },
    { concerns: concernsDossier, everyMs: EVERY_MS },
  )
  // Asked once: what follows by itself takes what was read by then.
  useEffect(() => {
    if (read === 'LIVE' && !fetching) setRead('CACHED')
  }, [read, fetching])
  const dossier = data?.dossier
  return (
    <Stack>
      <PageTitle text={t('dossier.title', { code: dossier?.code ?? code })} />
      {/* A part that ViLIS could not tell says so itself, where it stands. */}
      {error && (!dossier || error.networkError) && <Failure error={error} again={again} />}
      {!dossier && !error && <Loading height={240} />}
      {dossier && (
        <>
          <Head dossier={dossier} />
          <Group justify="space-between">
            <Title order={2} size="h4">
              {t('dossier.sides')}
            </Title>
            <BusyButton size="xs" variant="default" busy={read === 'LIVE'} onClick={() => setRead('LIVE')}>
              {t('dossier.askNow')}
            </BusyButton>
          </Group>
          <SimpleGrid cols={{ base: 1, md: 3 }}>
            <DossierSide dossier={dossier} systemId="ONE_STOP" />
            <DossierSide dossier={dossier} systemId="VILIS" />
            <DossierSide dossier={dossier} systemId="PORTAL" />
          </SimpleGrid>
          {dossier.deadline && <DossierDeadline deadline={dossier.deadline} />}
          <DossierTime code={dossier.code} />
          <DossierTimeline steps={dossier.timeline} />
        </>
      )}
    </Stack>
  )
}

const DossierPage = () => {
  const { code = '' } = useParams()
  return <OneDossier key={code} code={code} />
}

export default DossierPage
