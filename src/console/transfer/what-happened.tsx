import { Alert, Anchor, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { TransferDetailQuery } from '../generated/graphql.js'
import { StateBadge } from '../show/badges.js'
import { useFormats } from '../text/format.js'

export type TransferDetail = NonNullable<TransferDetailQuery['transfer']>

/** In plain words: how it stands, why, and what it waits for. */
export const WhatHappened = ({ transfer }: { readonly transfer: TransferDetail }) => {
  const { t, i18n } = useTranslation()
  const { moment } = useFormats()
  const { state, stateLabel, heldReason, lastError, errorField, waitingFor, atRisk, mode } = transfer
  return (
    <Card component="section" aria-labelledby="what">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4" id="what">
            {t('transfer.what')}
          </Title>
          <StateBadge state={state} heldReason={heldReason} />
        </Group>
        <Text>
          {i18n.language === 'en' ? t(`transfer.state.${state}`) : stateLabel}
          {heldReason && `: ${t(`transfer.held.${heldReason}`)}`}.
        </Text>
        {mode === 'ADOPT' && <Text size="sm">{t('transfer.mode.ADOPT')}</Text>}
        {lastError && state !== 'DELIVERED' && (
          <Text size="sm" lang="vi" style={{ overflowWrap: 'anywhere' }}>
            {lastError}
          </Text>
        )}
        {errorField && (
          <Text size="sm">
            {t('transfer.field')}: <code>{errorField}</code>
          </Text>
        )}
        {waitingFor && (
          <Alert variant="outline" color="orange" p="xs" title={t('transfer.blockedBy')}>
            <Anchor component={Link} to={`/transfers/${waitingFor.transfer.id}`} size="sm">
              {t(`transfer.operation.${waitingFor.transfer.operation}`)}
            </Anchor>
            : <span lang="vi">{waitingFor.reason}</span>
          </Alert>
        )}
        {atRisk && (
          <Alert variant="outline" color="red" p="xs">
            {t('transfer.risk', { since: moment(atRisk.since), reason: atRisk.reasonLabel })}
          </Alert>
        )}
      </Stack>
    </Card>
  )
}
