import { Collapse, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SignInSettings } from '../../access/console-settings.js'
import { BusyButton } from '../show/busy-button.js'
import { PasteToken } from './paste-token.js'
import { signInAtProvider } from './sign-in-at-provider.js'

/** To the identity provider, beside a page that waits; a token can be pasted all the same, for the day when that is down. `isBusy`: the provider is being asked already. */
export const ProviderEntry = ({ provider, isBusy }: { readonly provider: SignInSettings; readonly isBusy: boolean }) => {
  const { t } = useTranslation()
  const [opened, { toggle }] = useDisclosure()
  const [leaving, setLeaving] = useState(false)
  const [isBeside, setIsBeside] = useState(false)
  const leave = async (): Promise<void> => {
    setLeaving(true)
    setIsBeside((await signInAtProvider(provider)) === 'BESIDE')
    setLeaving(false)
  }
  return (
    <Stack>
      <BusyButton busy={isBusy || leaving} onClick={() => void leave()}>
        {t('session.provider.enter', { name: provider.name ?? t('session.provider.name') })}
      </BusyButton>
      <Text size="sm" role="status" display={isBeside ? undefined : 'none'}>
        {isBeside && t('session.provider.beside')}
      </Text>
      <UnstyledButton fz="sm" td="underline" aria-expanded={opened} onClick={toggle}>
        {t('session.provider.paste')}
      </UnstyledButton>
      <Collapse expanded={opened}>{opened && <PasteToken isAside />}</Collapse>
    </Stack>
  )
}
