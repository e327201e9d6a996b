import { Alert, Anchor, Badge, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { DossierDetailQuery, DossierParcelFactsFragment, SystemId } from '../generated/graphql.js'
import { StateBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Ago } from '../show/moment.js'
import { useFormats } from '../text/format.js'

export type DossierDetail = NonNullable<DossierDetailQuery['dossier']>

const UNSETTLED = ['PLANNED', 'QUEUED', 'SENDING', 'WAITING_RETRY', 'INDETERMINATE', 'HELD', 'REJECTED', 'EXHAUSTED']

/** Areas are exact decimals in text: "120.50" and "120.5" are the same. */
const isSameArea = (one: string, other: string): boolean => Number(one) === Number(other)

const differsAt = (parcel: DossierParcelFactsFragment): boolean =>
  parcel.live?.knownToRegistry === false || Boolean(parcel.areaM2 && parcel.live?.areaM2 && !isSameArea(parcel.areaM2, parcel.live.areaM2))

const Parcel = ({ parcel }: { readonly parcel: DossierParcelFactsFragment }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { live, areaM2 } = parcel
  const theirs = live?.areaM2
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('dossier.parcel', { parcel: parcel.parcelNumber, sheet: parcel.mapSheetNumber })}
      </Text>
      {live?.knownToRegistry === false && <Text size="sm">{t('dossier.parcelUnknown')}</Text>}
      {areaM2 && theirs && !isSameArea(areaM2, theirs) && (
        <Alert color="red" variant="outline" p={6}>
          {t('dossier.areaDiffers', { ours: areaM2, theirs })}
        </Alert>
      )}
      {theirs && (!areaM2 || isSameArea(areaM2, theirs)) && <Text size="sm">{t('dossier.area', { area: theirs })}</Text>}
      {live?.freshness.asOf && <Text size="xs">{t('dossier.readAt', { at: moment(live.freshness.asOf) })}</Text>}
      {live?.freshness.staleBecause && (
        <Text size="xs" lang="vi">
          {t('dossier.stale', { why: live.freshness.staleBecause })}
        </Text>
      )}
    </div>
  )
}

/** What a side has said of the dossier by itself: its last word on the status, and the due date that stands there. */
const useTold = (dossier: DossierDetail, systemId: SystemId) => {
  const { day } = useFormats()
  const status = dossier.timeline.findLast((step) => step.origin === systemId && step.statusLabel)
  const { deadline } = dossier
  const due = { ONE_STOP: deadline?.atOneStop, VILIS: deadline?.atRegistry, PORTAL: deadline?.atPortal }[systemId]
  return { status, due, isOtherDue: Boolean(due && day(due.dueAt) !== day(dossier.dueAt)) }
}

const Told = ({ status, due, isOtherDue }: ReturnType<typeof useTold>) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  if (!status && !due) return null
  return (
    <Facts>
      <Fact name={t('dossier.toldStatus')}>
        {status && `${status.statusLabel}, ${moment(status.eventAt)}${status.applied ? '' : ` (${t('dossier.notApplied')})`}`}
      </Fact>
      <Fact name={t('dossier.dueThere')}>
        {due && (
          <>
            {moment(due.dueAt)}{' '}
            {isOtherDue && (
              <Badge color="red" size="sm">
                {t('dossier.otherDue')}
              </Badge>
            )}
          </>
        )}
      </Fact>
    </Facts>
  )
}

/** One of the three sides: what it says, what it has acknowledged, what is still on its way there, and for the registry what it says of the land now. */
export const DossierSide = ({ dossier, systemId }: { readonly dossier: DossierDetail; readonly systemId: SystemId }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const acknowledged = dossier.acknowledgements.find((one) => one.systemId === systemId)
  const transfers = dossier.transfers.filter((one) => one.systemId === systemId)
  const codes = dossier.externalIdentifiers.filter((one) => one.systemId === systemId)
  const isOpen = transfers.some(({ state }) => UNSETTLED.includes(state))
  const parcels = systemId === 'VILIS' ? dossier.parcels : []
  const discrepancies = (dossier.discrepancies ?? []).filter((one) => one.systemId === systemId)
  const told = useTold(dossier, systemId)
  const isSource = dossier.origin === systemId
  const differs = isOpen || told.isOtherDue || parcels.some(differsAt) || discrepancies.some(({ state }) => state !== 'IGNORED')
  return (
    <Card component="section" aria-labelledby={`side-${systemId}`}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3} size="h5" id={`side-${systemId}`}>
            {t(`system.name.${systemId}`)}
          </Title>
          {(isSource || transfers.length > 0 || discrepancies.length > 0) && (
            <Badge color={differs ? 'red' : 'green'}>{t(differs ? 'dossier.differs' : 'dossier.same')}</Badge>
          )}
        </Group>
        {codes.length > 0 && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {codes.length === 1 ? t('dossier.codeThere') : t('dossier.codesThere', { n: codes.length })}:{' '}
            {codes.map(({ value }) => value).join(', ')}
          </Text>
        )}
        {isSource && <Text size="sm">{t('dossier.source')}</Text>}
        <Told {...told} />
        {transfers.length > 0 && (
          <Text size="sm">
            {acknowledged
              ? isOpen && acknowledged.version < dossier.version
                ? t('dossier.ackBehind', { version: acknowledged.version, current: dossier.version })
                : t('dossier.ack', { version: acknowledged.version, at: moment(acknowledged.at) })
              : t('dossier.ackNone')}
          </Text>
        )}
        {parcels.map((parcel) => (
          <Parcel key={`${parcel.mapSheetNumber}-${parcel.parcelNumber}`} parcel={parcel} />
        ))}
        {discrepancies.length > 0 && (
          <Alert color="orange" variant="outline" p={6} title={t('discrepancy.ofDossier')}>
            {discrepancies.map(({ id, class: of, state, fields }) => (
              <Text key={id} size="sm">
                <Anchor component={Link} to={`/discrepancies/${id}`} size="sm">
                  {t(`discrepancy.classes.${of}`)}
                  {fields.length > 0 && `: ${fields.map(({ field }) => t(`discrepancy.fields.${field}`)).join(', ')}`}
                </Anchor>{' '}
                ({t(`discrepancy.states.${state}`)})
              </Text>
            ))}
          </Alert>
        )}
        {transfers.length === 0 && !isSource && <Text size="sm">{t('dossier.transfersNone')}</Text>}
        <List size="sm" spacing={6} listStyleType="none">
          {transfers.map(({ id, sequence, operation, state, heldReason, updatedAt }) => (
            <List.Item key={id}>
              {sequence}.{' '}
              <Anchor component={Link} to={`/transfers/${id}`} size="sm">
                {t(`transfer.operation.${operation}`)}
              </Anchor>{' '}
              <StateBadge state={state} heldReason={heldReason} />{' '}
              <Text span size="xs">
                <Ago at={updatedAt} />
              </Text>
            </List.Item>
          ))}
        </List>
      </Stack>
    </Card>
  )
}
