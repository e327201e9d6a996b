import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CombinedError } from 'urql'
import { newClientKey } from '../data/client-key.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { BusyButton } from './busy-button.js'
import { ConnectionBanner } from './connection-banner.js'
import { sentencesOf } from './failure.js'

/** What became of an act: done, refused in a sentence, or nobody can tell because no answer was heard. */
export type ActAnswer =
  | { readonly kind: 'DONE'; readonly sentence: string }
  | { readonly kind: 'REFUSED'; readonly sentence: string; readonly possibleFrom?: string | null }
  | { readonly kind: 'UNANSWERED' }

/** What urql says of a mutation that brought no data: refused by the gateway as a whole, or not answered. */
export const failedAct = (error: CombinedError | undefined): ActAnswer =>
  error && error.graphQLErrors.length > 0 ? { kind: 'REFUSED', sentence: sentencesOf(error, '').join(' ') } : { kind: 'UNANSWERED' }

export interface ActDialogProps {
  readonly title: string
  readonly lead: string
  readonly submit: string
  readonly danger?: boolean
  /** Fields beside the reason; `locked` while an answer is missing. */
  readonly fields?: (locked: boolean) => ReactNode
  /** False: the act is none that needs a reason. */
  readonly asksReason?: boolean
  /** Where its first field is not there yet when it opens, reading begins at its lead, and not at the button that closes it. */
  readonly focusesLead?: boolean
  readonly size?: 'lg'
  /** What is given beside the reason is not complete. */
  readonly incomplete?: boolean
  readonly act: (given: { readonly clientKey: string; readonly reason: string }) => Promise<ActAnswer>
  readonly onDone: (sentence: string) => void
  readonly onClose: () => void
}

/** Who closes the dialog goes on where he opened it: it is taken away as a whole, so that it gives back the focus itself. */
const useFocusReturn = (): void => {
  const opener = useRef<Element>(null)
  useEffect(() => {
    // Still the first one when the page was hidden beneath a sign-in meanwhile.
    opener.current ??= document.activeElement
    return () => {
      if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true })
    }
  }, [])
}

/**
 * Who was refused goes on at the first field that is faulty. Else the focus stays where it was; where it was lost, as in a field that could not be changed
 * meanwhile, it goes to what the answer says.
 */
const useFocusAfter = (answer: ActAnswer | undefined, form: RefObject<HTMLFormElement | null>): void => {
  useEffect(() => {
    if (!answer || answer.kind === 'DONE') return
    const faulty = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (faulty) faulty.focus()
    else if (document.activeElement === document.body) form.current?.querySelector<HTMLElement>('[data-answer]')?.focus()
  }, [answer, form])
}

const SHORTEST = 5
const LONGEST = 500

/**
 * Asks for a reason and acts once: each opening has a key of its own, under which the gateway does the act a single time however often it is sent. While
 * no answer was heard the content stays as it was sent, and can only be sent again; a refusal is an answer, after which a new key is taken.
 */
export const ActDialog = ({
  title,
  lead,
  submit,
  danger,
  fields,
  asksReason = true,
  focusesLead = false,
  size,
  incomplete,
  act,
  onDone,
  onClose,
}: ActDialogProps) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const [reason, setReason] = useState('')
  const [answer, setAnswer] = useState<ActAnswer>()
  const [busy, setBusy] = useState(false)
  /** Then, and while no answer is known, neither a stray click nor Escape throws it away: there is a button for that. */
  const [typed, setTyped] = useState(false)
  const underWay = useRef(false)
  const clientKey = useRef('')
  const locked = busy || answer?.kind === 'UNANSWERED'
  const form = useRef<HTMLFormElement>(null)
  useFocusReturn()
  useFocusAfter(answer, form)
  const missing = asksReason ? Math.max(SHORTEST - reason.trim().length, 0) : 0
  const unfit = incomplete === true || missing > 0

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (underWay.current || unfit) return
    underWay.current = true
    setBusy(true)
    if (answer?.kind !== 'UNANSWERED') clientKey.current = newClientKey()
    const heard = await act({ clientKey: clientKey.current, reason: reason.trim() })
    underWay.current = false
    setBusy(false)
    setAnswer(heard)
    if (heard.kind === 'DONE') onDone(heard.sentence)
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': t('common.cancel') }}
      closeOnEscape={!typed && !locked}
      closeOnClickOutside={!typed && !locked}
    >
      {/* That of the page lies beneath. */}
      <ConnectionBanner />
      <form ref={form} onSubmit={(event) => void send(event)} onInput={() => setTyped(true)}>
        <Stack gap="sm">
          <Text size="sm" tabIndex={-1} data-autofocus={focusesLead || undefined}>
            {lead}
          </Text>
          {fields?.(locked)}
          {asksReason && (
            <Textarea
              label={t('common.reason')}
              description={[t('common.reasonHint'), reason !== '' && missing > 0 && t('common.reasonShort', { n: missing })]
                .filter(Boolean)
                .join(' ')}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
              readOnly={locked}
              minLength={SHORTEST}
              maxLength={LONGEST}
              autosize
              minRows={2}
              required
              data-autofocus
            />
          )}
          {answer?.kind === 'REFUSED' && (
            <Alert color="red" variant="outline" p="xs" tabIndex={-1} data-answer>
              <span lang={saidIn(answer.sentence)}>{answer.sentence}</span>{' '}
              {answer.possibleFrom && t('common.possibleFrom', { at: moment(answer.possibleFrom) })}
            </Alert>
          )}
          {answer?.kind === 'UNANSWERED' && (
            <Alert color="orange" variant="outline" p="xs" tabIndex={-1} data-answer>
              {t('common.unanswered')}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <BusyButton type="submit" color={danger ? 'red' : undefined} busy={busy} disabled={unfit}>
              {answer?.kind === 'UNANSWERED' ? t('common.sendAgain') : submit}
            </BusyButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
