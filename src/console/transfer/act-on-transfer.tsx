import { Button, Card, Group, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { type Client, useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  AbandonTransferDocument,
  ConfirmOutcomeDocument,
  ReplayTransferDocument,
  SupersedeTransferDocument,
  type TransferActInput,
  type TransferActOutcomeFragment,
  type TransferState,
} from '../generated/graphql.js'
import { useMay } from '../session/permissions.js'
import { useSession } from '../session/session.js'
import { ActDialog, failedAct } from '../show/act-dialog.js'
import { ACTS, isThinkable, type TransferAct } from './acts.js'

type Found = { readonly happened: boolean; readonly externalRef?: string }

const ask = async (client: Client, act: TransferAct, input: TransferActInput, found: Found) => {
  if (act === 'REPLAY') {
    const { data, error } = await client.mutation(asDocument(ReplayTransferDocument), { input })
    return { outcome: data?.replayTransfer, error }
  }
  if (act === 'SUPERSEDE') {
    const { data, error } = await client.mutation(asDocument(SupersedeTransferDocument), { input })
    return { outcome: data?.supersedeTransfer, error }
  }
  if (act === 'ABANDON') {
    const { data, error } = await client.mutation(asDocument(AbandonTransferDocument), { input })
    return { outcome: data?.abandonTransfer, error }
  }
  const { data, error } = await client.mutation(asDocument(ConfirmOutcomeDocument), { input: { ...input, ...found } })
  return { outcome: data?.confirmOutcome, error }
}

interface ActsProps {
  readonly transfer: { readonly id: string; readonly state: TransferState }
  readonly onDone: () => void
}

/** One act, its reason, and for a confirmation what was found over there. */
const Dialog = ({ act, transfer, onDone, onClose }: ActsProps & { readonly act: TransferAct; readonly onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const navigate = useNavigate()
  const [happened, setHappened] = useState<'yes' | 'no'>('yes')
  const [externalRef, setExternalRef] = useState('')
  const replacedBy = useRef<string>(undefined)
  const done = (sentence: string): void => {
    notifications.show({ message: sentence, color: 'green' })
    onClose()
    if (replacedBy.current) void navigate(`/transfers/${replacedBy.current}`)
    else onDone()
  }
  const answerOf = (outcome: TransferActOutcomeFragment) => {
    if (outcome.__typename === 'ClientKeyReused') return { kind: 'REFUSED', sentence: t('common.keyReused') } as const
    if (outcome.__typename === 'ActRefused')
      return { kind: 'REFUSED', sentence: outcome.message, possibleFrom: outcome.possibleFrom } as const
    if (outcome.transfer.id !== transfer.id) replacedBy.current = outcome.transfer.id
    return { kind: 'DONE', sentence: t(`act.${act}.done`) } as const
  }
  return (
    <ActDialog
      title={t(`act.${act}.name`)}
      lead={t(`act.${act}.lead`)}
      submit={t(`act.${act}.name`)}
      danger={act === 'ABANDON'}
      fields={
        act === 'CONFIRM'
          ? (locked) => (
              <>
                <Radio.Group
                  label={t('act.CONFIRM.question')}
                  value={happened}
                  onChange={(value) => setHappened(value === 'yes' ? 'yes' : 'no')}
                >
                  <Group mt={4}>
                    <Radio value="yes" label={t('act.CONFIRM.happened')} disabled={locked} />
                    <Radio value="no" label={t('act.CONFIRM.absent')} disabled={locked} />
                  </Group>
                </Radio.Group>
                {happened === 'yes' && (
                  <TextInput
                    label={t('act.CONFIRM.externalRef')}
                    value={externalRef}
                    onChange={({ currentTarget }) => setExternalRef(currentTarget.value)}
                    maxLength={100}
                    readOnly={locked}
                  />
                )}
              </>
            )
          : undefined
      }
      act={async (given) => {
        const found = {
          happened: happened === 'yes',
          ...(happened === 'yes' && externalRef.trim() !== '' && { externalRef: externalRef.trim() }),
        }
        const { outcome, error } = await ask(client, act, { ...given, transferId: transfer.id }, found)
        return outcome ? answerOf(outcome) : failedAct(error)
      }}
      onDone={done}
      onClose={onClose}
    />
  )
}

/** What can be done with the transfer; what cannot says why. */
export const TransferActs = ({ transfer, onDone }: ActsProps) => {
  const { t } = useTranslation()
  const { role } = useSession()
  const mayAct = useMay('actOnTransfers')
  const [acting, setActing] = useState<TransferAct>()
  const possible = mayAct ? ACTS.filter((act) => isThinkable(act, transfer.state)) : []
  const because = mayAct
    ? t('act.notInState', { state: t(`transfer.state.${transfer.state}`) })
    : t('common.noRight', { role: t(`session.role.${role}`) })
  return (
    <Card component="section" aria-labelledby="acts">
      <Title order={2} size="h4" id="acts" mb="xs">
        {t('act.title')}
      </Title>
      {possible.length === 0 ? (
        <Text size="sm">{because}</Text>
      ) : (
        <Stack gap="xs">
          {ACTS.map((act) => {
            const can = possible.includes(act)
            return (
              <div key={act}>
                <Button
                  variant={act === 'REPLAY' ? 'filled' : 'default'}
                  fullWidth
                  disabled={!can}
                  onClick={() => setActing(act)}
                  aria-describedby={can ? undefined : `why-${act}`}
                >
                  {t(`act.${act}.name`)}
                </Button>
                {!can && (
                  <Text size="xs" id={`why-${act}`}>
                    {because}
                  </Text>
                )}
              </div>
            )
          })}
        </Stack>
      )}
      {acting && <Dialog act={acting} transfer={transfer} onDone={onDone} onClose={() => setActing(undefined)} />}
    </Card>
  )
}
