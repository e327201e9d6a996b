import { Alert, Card, Center, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch, ThemeSwitch } from '../shell/preferences.js'
import { PageTitle } from '../show/page-title.js'
import { consoleSettings } from './console-settings.js'
import { PasteToken } from './paste-token.js'
import { ProviderEntry } from './provider-entry.js'
import type { SignedOut } from './session.js'
import type { SignInFault } from './sign-in-fault.js'

interface SignInPageProps {
  readonly because: SignedOut
  readonly fault?: SignInFault
  /** The page that was shown stays beneath this one. */
  readonly isAbove: boolean
}

/** Stands in the place of whatever page was asked for: who signs in goes on there. */
export const SignInPage = ({ because, fault, isAbove }: SignInPageProps) => {
  const { t } = useTranslation()
  const { signIn: provider } = consoleSettings
  const host = provider ? new URL(provider.issuer).host : ''
  return (
    <Center component="main" mih="100vh" p="xs">
      <Card w="100%" maw={520}>
        <Stack>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text size="sm">{t('app.name')}</Text>
              <PageTitle text={t('session.title')} />
            </div>
            <Group gap={6} wrap="nowrap">
              <LanguageSwitch />
              <ThemeSwitch />
            </Group>
          </Group>
          {because !== 'FRESH' && (
            <Alert variant="outline" color="blue" role="status">
              {t(`session.because.${because}`)}
            </Alert>
          )}
          {fault && (
            <Alert variant="outline" color="red" role="alert">
              {t(`session.provider.fault.${fault.kind}`, { host, detail: fault.detail ?? '' })}
            </Alert>
          )}
          {because !== 'HANDED_OVER' && (
            <>
              <Text size="sm">{t(provider ? 'session.provider.lead' : 'session.lead')}</Text>
              {isAbove && <Text size="sm">{t(provider ? 'session.provider.beneath' : 'session.beneath')}</Text>}
              {provider ? <ProviderEntry provider={provider} isBusy={because === 'RETURNING'} /> : <PasteToken isAside={false} />}
            </>
          )}
        </Stack>
      </Card>
    </Center>
  )
}
