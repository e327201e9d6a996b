import { Button, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenFault } from './read-token.js'
import { signIn } from './session.js'

/** `isAside`: there is a better way, and this is the other one. */
export const PasteToken = ({ isAside }: { readonly isAside: boolean }) => {
  const { t } = useTranslation()
  const [token, setToken] = useState('')
  const [fault, setFault] = useState<TokenFault>()
  const enter = (event: FormEvent): void => {
    event.preventDefault()
    setFault(signIn(token))
  }
  return (
    <form onSubmit={enter}>
      <Stack>
        <Textarea
          label={t('session.token')}
          value={token}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
          error={fault && t(`session.fault.${fault}`)}
          autosize
          minRows={3}
          maxRows={8}
          spellCheck={false}
          autoComplete="off"
          required
        />
        <Button type="submit" variant={isAside ? 'default' : 'filled'}>
          {t('session.enter')}
        </Button>
      </Stack>
    </form>
  )
}
