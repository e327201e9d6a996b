import { Anchor, Card, Grid, List, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { type NeighbourFactsFragment, TransferDetailDocument } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { StateBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { Ago, Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { ATTENTION } from '../transfers/filter-address.js'
import { TransferActs } from './act-on-transfer.js'
import { AmendmentCard } from './amendment-card.js'
import { AttemptTimeline } from './attempt-timeline.js'
import { CauseOfTransfer } from './cause-of-transfer.js'
import { type TransferDetail, WhatHappened } from './what-happened.js'

const Detail = asDocument(TransferDetailDocument)
/** Its neighbours and its next attempt move too. */
const EVERY_MS = 15_000

const Followers = ({ followers }: { readonly followers: readonly NeighbourFactsFragment[] }) => {
  const { t } = useTranslation()
  return (
    <Card component="section" aria-labelledby="followers">
      <Title order={2} size="h4" id="followers" mb="xs">
        {t('transfer.followers', { n: followers.length })}
      </Title>
      {followers.length === 0 && <Text size="sm">{t('transfer.followersNone')}</Text>}
      <List size="sm" spacing={4} listStyleType="none">
        {followers.map(({ id, operation, state, heldReason, sequence }) => (
          <List.Item key={id}>
            {sequence}.{' '}
            <Anchor component={Link} to={`/transfers/${id}`} size="sm">
              {t(`transfer.operation.${operation}`)}
            </Anchor>{' '}
            <StateBadge state={state} heldReason={heldReason} behind />
          </List.Item>
        ))}
      </List>
    </Card>
  )
}

const TransferFacts = ({ transfer }: { readonly transfer: TransferDetail }) => {
  const { t } = useTranslation()
  const { dossier } = transfer
  return (
    <Card component="section" aria-labelledby="facts">
      <Title order={2} size="h4" id="facts" mb="xs">
        {t('transfer.facts')}
      </Title>
      <Facts>
        <Fact name={t('transfer.dossier')}>
          <Anchor component={Link} to={`/dossiers/${encodeURIComponent(dossier.code)}`} size="sm">
            {dossier.code}
          </Anchor>
        </Fact>
        <Fact name={t('transfer.applicant')}>{dossier.applicant.fullName}</Fact>
        <Fact name={t('list.procedure')}>
          {dossier.procedure.code} {dossier.procedure.name}
        </Fact>
        <Fact name={t('transfer.receiver')}>{t(`system.name.${transfer.systemId}`)}</Fact>
        <Fact name={t('transfer.sequence')}>{transfer.sequence}</Fact>
        <Fact name={t('transfer.version')}>{transfer.dossierVersion}</Fact>
        <Fact name={t('transfer.dueAt')}>
          <Moment at={transfer.dueAt} /> (<Ago at={transfer.dueAt} />)
        </Fact>
        <Fact name={t('transfer.created')}>
          <Moment at={transfer.createdAt} />
        </Fact>
        <Fact name={t('transfer.nextAttempt')}>{transfer.nextAttemptAt && <Moment at={transfer.nextAttemptAt} />}</Fact>
        <Fact name={t('transfer.budget')}>{transfer.budgetUntil && <Moment at={transfer.budgetUntil} />}</Fact>
        <Fact name={t(ATTENTION.includes(transfer.state) ? 'transfer.stopped' : 'transfer.settled')}>
          {transfer.settledAt && <Moment at={transfer.settledAt} />}
        </Fact>
        <Fact name={t('transfer.externalRef')}>{transfer.externalRef}</Fact>
        <Fact name={t('transfer.correlation')}>{transfer.correlationId}</Fact>
        <Fact name={t('transfer.key')}>{transfer.idempotencyKey}</Fact>
        <Fact name={t('transfer.supersedes')}>
          {transfer.supersedesId && (
            <Anchor component={Link} to={`/transfers/${transfer.supersedesId}`} size="sm">
              {transfer.supersedesId.slice(0, 8)}
            </Anchor>
          )}
        </Fact>
        <Fact name={t('transfer.supersededBy')}>
          {transfer.supersededById && (
            <Anchor component={Link} to={`/transfers/${transfer.supersededById}`} size="sm">
              {transfer.supersededById.slice(0, 8)}
            </Anchor>
          )}
        </Fact>
      </Facts>
    </Card>
  )
}

const OneTransfer = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation()
  const { data, error, again } = useFresh(
    Detail,
    { id },
    { concerns: (changed) => changed.some((one) => one.id === id), everyMs: EVERY_MS },
  )
  const seesCauses = useMay('seeCauses')
  const transfer = data?.transfer
  if (!transfer)
    return (
      <Stack>
        <PageTitle text={t('list.title')} />
        {error ? <Failure error={error} again={again} /> : <Loading height={240} />}
      </Stack>
    )
  return (
    <Stack>
      <PageTitle text={`${t(`transfer.operation.${transfer.operation}`)}: ${transfer.dossier.code}`} />
      {error && <Failure error={error} again={again} />}
      <Grid>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack>
            <WhatHappened transfer={transfer} />
            {transfer.amendment && <AmendmentCard transferId={id} amendment={transfer.amendment} />}
            {seesCauses && transfer.state !== 'DELIVERED' && <CauseOfTransfer transfer={transfer} />}
            <AttemptTimeline transferId={id} attempts={transfer.attempts} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack>
            <TransferActs transfer={transfer} again={again} />
            <TransferFacts transfer={transfer} />
            <Followers followers={transfer.followers} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

const TransferPage = () => {
  const { id = '' } = useParams()
  return <OneTransfer key={id} id={id} />
}

export default TransferPage
