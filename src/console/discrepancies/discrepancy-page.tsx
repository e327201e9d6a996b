import { Anchor, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useActName } from '../audit/act-name.js'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { type DiscrepancyFactsFragment, OneDiscrepancyDocument } from '../generated/graphql.js'
import { DiscrepancyBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'
import { DiscrepancyActs } from './discrepancy-acts.js'
import { SidesTable } from './sides-table.js'

const One = asDocument(OneDiscrepancyDocument)
const EVERY_MS = 15_000

const Head = ({ discrepancy }: { readonly discrepancy: DiscrepancyFactsFragment }) => {
  const { t } = useTranslation()
  const { count, moment } = useFormats()
  const { repairedAt, repairedBy, ignoredAt, ignoredBy, ignoredBecause } = discrepancy
  return (
    <Card>
      <Group gap="xs" mb="xs">
        <DiscrepancyBadge state={discrepancy.state} />
        <Text size="sm" fw={600}>
          {t(`discrepancy.classes.${discrepancy.class}`)}, {t(`system.name.${discrepancy.systemId}`)}
        </Text>
      </Group>
      <Facts>
        <Fact name={t('discrepancy.dossier')}>
          <Anchor component={Link} to={`/dossiers/${encodeURIComponent(discrepancy.dossierCode)}`} size="sm">
            {discrepancy.dossierCode}
          </Anchor>
        </Fact>
        <Fact name={t('discrepancy.cause')}>{t(`discrepancy.causes.${discrepancy.probableCause}`)}</Fact>
        <Fact name={t('discrepancy.proposed')}>{t(`discrepancy.repairs.${discrepancy.proposedRepair}`)}</Fact>
        <Fact name={t('discrepancy.commune')}>{discrepancy.communeCode}</Fact>
        <Fact name={t('discrepancy.received')}>
          <Moment at={discrepancy.receivedOn} only="day" />
        </Fact>
        <Fact name={t('discrepancy.foundAt')}>{discrepancy.foundAt && <Moment at={discrepancy.foundAt} />}</Fact>
        <Fact name={t('discrepancy.seen')}>
          <Moment at={discrepancy.seenAt} />
        </Fact>
        <Fact name={t('discrepancy.seenCount')}>{count(discrepancy.seenCount)}</Fact>
        <Fact name={t('discrepancy.run')}>
          {discrepancy.foundRunId && (
            <Anchor component={Link} to={`/runs/${discrepancy.foundRunId}`} size="sm">
              {discrepancy.foundRunId.slice(0, 8)}
            </Anchor>
          )}
        </Fact>
        <Fact name={t('discrepancy.pointsAt')}>
          {discrepancy.transferId && (
            <Anchor component={Link} to={`/transfers/${discrepancy.transferId}`} size="sm">
              {discrepancy.transferId.slice(0, 8)}
            </Anchor>
          )}
        </Fact>
        <Fact name={t('discrepancy.repaired')}>{repairedAt && `${repairedBy ?? ''}, ${moment(repairedAt)}`}</Fact>
        <Fact name={t('discrepancy.repairError')}>{discrepancy.repairError}</Fact>
        <Fact name={t('discrepancy.transfers')}>
          {discrepancy.repairTransferIds.length > 0 &&
            discrepancy.repairTransferIds.map((id) => (
              <Anchor key={id} component={Link} to={`/transfers/${id}`} size="sm" mr="xs">
                {id.slice(0, 8)}
              </Anchor>
            ))}
        </Fact>
        <Fact name={t('discrepancy.ignored')}>{ignoredAt && `${ignoredBy ?? ''}, ${moment(ignoredAt)}: ${ignoredBecause ?? ''}`}</Fact>
        <Fact name={t('discrepancy.closed')}>{discrepancy.closedAt && <Moment at={discrepancy.closedAt} />}</Fact>
      </Facts>
    </Card>
  )
}

const Trail = ({ discrepancy }: { readonly discrepancy: DiscrepancyFactsFragment }) => {
  const { t } = useTranslation()
  const { nameOf } = useActName()
  if (!discrepancy.audit) return null
  return (
    <Card component="section" aria-labelledby="discrepancy-trail">
      <Title order={2} size="h4" id="discrepancy-trail" mb="xs">
        {t('discrepancy.trail')}
      </Title>
      {discrepancy.audit.length === 0 && <Text size="sm">{t('discrepancy.trailNone')}</Text>}
      <List size="sm" spacing={4} listStyleType="none">
        {discrepancy.audit.map(({ id, at, actorLabel, act, actLabel, reason }) => (
          <List.Item key={id}>
            <Moment at={at} />, {actorLabel}: {nameOf(act, actLabel)}. {reason}
          </List.Item>
        ))}
      </List>
    </Card>
  )
}

const OneDiscrepancy = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation()
  const { data, error, again } = useFresh(One, { id }, { everyMs: EVERY_MS })
  const discrepancy = data?.discrepancy
  return (
    <Stack>
      <PageTitle text={discrepancy ? t('discrepancy.one', { code: discrepancy.dossierCode }) : t('discrepancy.title')} />
      {error && <Failure error={error} again={again} />}
      {!discrepancy && !error && <Loading height={240} />}
      {discrepancy && (
        <>
          <Head discrepancy={discrepancy} />
          <Card component="section" aria-labelledby="discrepancy-sides">
            <Title order={2} size="h4" id="discrepancy-sides" mb="xs">
              {t('discrepancy.sides')}
            </Title>
            <SidesTable discrepancy={discrepancy} />
          </Card>
          <DiscrepancyActs discrepancy={discrepancy} again={again} />
          <Trail discrepancy={discrepancy} />
        </>
      )}
    </Stack>
  )
}

const DiscrepancyPage = () => {
  const { id = '' } = useParams()
  return <OneDiscrepancy key={id} id={id} />
}

export default DiscrepancyPage
