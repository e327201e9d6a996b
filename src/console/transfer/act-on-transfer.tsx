import { Button, Card, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { type Client, useClient } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  AbandonTransferDocument,
  ApproveAmendmentDocument,
  ConfirmOutcomeDocument,
  DeclineAmendmentDocument,
  ReplayTransferDocument,
  SupersedeTransferDocument,
  type TransferAct,
  type TransferActInput,
} from '../generated/graphql.js'
import { useSession } from '../session/session.js'
import { useMay } from '../session/use-may.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { AmendDialog } from './amend-dialog.js'
import type { TransferDetail } from './what-happened.js'

/** Amending has a form of its own. */
type PlainAct = Exclude<TransferAct, 'AMEND'>

const ask = async (client: Client, act: PlainAct, input: TransferActInput, externalRef: string) => {
  if (act === 'REPLAY') {
    const { data, error } = await client.mutation(asDocument(ReplayTransferDocument), { input })
    return { outcome: data?.replayTransfer, error }
  }
  if (act === 'SUPERSEDE') {
    const { data, error } = await client.mutation(asDocument(SupersedeTransferDocument), { input })
    return { outcome: data?.supersedeTransfer, error }
  }
  if (act === 'APPROVE_AMENDMENT') {
    const { data, error } = await client.mutation(asDocument(ApproveAmendmentDocument), { input })
    return { outcome: data?.approveAmendment, error }
  }
  if (act === 'DECLINE_AMENDMENT') {
    const { data, error } = await client.mutation(asDocument(DeclineAmendmentDocument), { input })
    return { outcome: data?.declineAmendment, error }
  }
  if (act === 'ABANDON') {
    const { data, error } = await client.mutation(asDocument(AbandonTransferDocument), { input })
    return { outcome: data?.abandonTransfer, error }
  }
  const found = act === 'CONFIRM_DELIVERED' ? { happened: true, ...(externalRef && { externalRef }) } : { happened: false }
  const { data, error } = await client.mutation(asDocument(ConfirmOutcomeDocument), { input: { ...input, ...found } })
  return { outcome: data?.confirmOutcome, error }
}

interface ActsProps {
  readonly transfer: Pick<TransferDetail, 'id' | 'version' | 'acts' | 'heldReason'>
  /** Reads the transfer anew. */
  readonly again: () => void
}

/** One act, its reason, and for a confirmation the other side's reference. It is asked for the version that was seen when the dialog was opened. */
const Dialog = ({ act, transfer, again, onClose }: ActsProps & { readonly act: PlainAct; readonly onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const navigate = useNavigate()
  const [externalRef, setExternalRef] = useState('')
  const [expectedVersion] = useState(transfer.version)
  const replacedBy = useRef<string>(undefined)
  const done = (sentence: string): void => {
    notifications.show({ message: sentence, color: 'green' })
    onClose()
    if (replacedBy.current) void navigate(`/transfers/${replacedBy.current}`)
    else again()
  }
  return (
    <ActDialog
      title={t(`act.${act}.name`)}
      lead={t(`act.${act}.lead`)}
      submit={t(`act.${act}.name`)}
      danger={act === 'ABANDON'}
      fields={
        act === 'CONFIRM_DELIVERED'
          ? (locked) => (
              <TextInput
                label={t('act.externalRef')}
                value={externalRef}
                onChange={({ currentTarget }) => setExternalRef(currentTarget.value)}
                maxLength={100}
                readOnly={locked}
              />
            )
          : undefined
      }
      act={async (given) => {
        const input = { ...given, transferId: transfer.id, expectedVersion }
        const { outcome, error } = await ask(client, act, input, externalRef.trim())
        return answerOf(outcome, error, {
          done: (acted) => {
            if (acted.transfer.id !== transfer.id) replacedBy.current = acted.transfer.id
            return t(`act.${act}.done`)
          },
          onStale: again,
        })
      }}
      onDone={done}
      onClose={onClose}
    />
  )
}

/** The second person's word is offered where it is waited for. */
const isOffered = (act: TransferAct, heldReason: TransferDetail['heldReason']): boolean =>
  (act !== 'APPROVE_AMENDMENT' && act !== 'DECLINE_AMENDMENT') || heldReason === 'AWAITING_APPROVAL'

/** What can be done with the transfer now, as the gateway judges it; what cannot says why. */
export const TransferActs = ({ transfer, again }: ActsProps) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { role } = useSession()
  const mayAct = useMay('actOnTransfers')
  const [acting, setActing] = useState<TransferAct>()
  return (
    <Card component="section" aria-labelledby="acts">
      <Title order={2} size="h4" id="acts" mb="xs">
        {t('act.title')}
      </Title>
      {!mayAct && <Text size="sm">{t('common.noRight', { role: t(`session.role.${role}`) })}</Text>}
      {mayAct && (
        <Stack gap="xs">
          {transfer.acts
            .filter(({ act }) => isOffered(act, transfer.heldReason))
            .map(({ act, allowed, reason, possibleFrom }) => (
              <div key={act}>
                <Button
                  variant={act === 'REPLAY' || act === 'APPROVE_AMENDMENT' ? 'filled' : 'default'}
                  fullWidth
                  disabled={!allowed}
                  onClick={() => setActing(act)}
                  aria-describedby={allowed ? undefined : `why-${act}`}
                >
                  {t(`act.${act}.name`)}
                </Button>
                {!allowed && (
                  <Text size="xs" id={`why-${act}`}>
                    <span lang={saidIn(reason)}>{reason}</span> {possibleFrom && t('common.possibleFrom', { at: moment(possibleFrom) })}
                  </Text>
                )}
              </div>
            ))}
        </Stack>
      )}
      {acting === 'AMEND' && <AmendDialog transfer={transfer} again={again} onClose={() => setActing(undefined)} />}
      {acting && acting !== 'AMEND' && <Dialog act={acting} transfer={transfer} again={again} onClose={() => setActing(undefined)} />}
    </Card>
  )
}
