import { Alert, Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { TransferDetailQuery } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { SideBadge, StateBadge } from '../show/badges.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

export type TransferDetail = NonNullable<TransferDetailQuery['transfer']>

/** In plain words, as the gateway says them: what happened, whose side it is on, what to do; then what it waits for. */
export const WhatHappened = ({ transfer }: { readonly transfer: TransferDetail }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const mayAct = useMay('actOnTransfers')
  const { state, heldReason, explanation, errorField, lastError, waitingFor, atRisk, mode, acts } = transfer
  const isRefused = state === 'REJECTED'
  return (
    <Card component="section" aria-labelledby="what">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4" id="what">
            {t('transfer.what')}
          </Title>
          <StateBadge state={state} heldReason={heldReason} behind={waitingFor?.kind === 'TRANSFER'} />
        </Group>
        <Text lang={saidIn(explanation.what)} style={{ overflowWrap: 'anywhere' }}>
          {explanation.what}
        </Text>
        {isRefused && lastError && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <strong>{t('transfer.theySay')}</strong> <span lang={saidIn(lastError)}>{lastError}</span>
          </Text>
        )}
        {explanation.side && (
          <Group gap="xs">
            <Text size="sm">{t('transfer.side')}</Text>
            <SideBadge side={explanation.side} />
          </Group>
        )}
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <strong>{t('transfer.nextStep')}</strong> <span lang={saidIn(explanation.nextStep)}>{explanation.nextStep}</span>
        </Text>
        {mode === 'ADOPT' && <Text size="sm">{t('transfer.mode.ADOPT')}</Text>}
        {errorField && (
          <Text size="sm">
            {t('transfer.field')}: <code>{errorField}</code>
          </Text>
        )}
        {waitingFor && (
          <Alert
            variant="outline"
            color="orange"
            p="xs"
            title={t(waitingFor.kind === 'TRANSFER' ? 'transfer.blockedBy' : 'transfer.gateShut')}
          >
            {waitingFor.kind === 'TRANSFER' && (
              <>
                <Anchor component={Link} to={`/transfers/${waitingFor.transfer.id}`} size="sm" underline="always">
                  {t(`transfer.operation.${waitingFor.transfer.operation}`)}
                </Anchor>
                :{' '}
              </>
            )}
            <span lang={saidIn(waitingFor.reason)}>{waitingFor.reason}</span>
          </Alert>
        )}
        {atRisk && (
          <Alert variant="outline" color="red" p="xs">
            {t('transfer.risk', { since: moment(atRisk.since), reason: atRisk.reasonLabel })}
          </Alert>
        )}
        {/* On a small screen the attempts stand between. */}
        {mayAct && acts.some(({ allowed }) => allowed) && (
          <Button component="a" href="#acts" size="xs" variant="default" hiddenFrom="md" style={{ alignSelf: 'start' }}>
            {t('act.title')}
          </Button>
        )}
      </Stack>
    </Card>
  )
}
