import { Alert, Button, Card, Center, Group, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch, ThemeSwitch } from '../shell/preferences.js'
import { PageTitle } from '../show/page-title.js'
import type { TokenFault } from './read-token.js'
import { type SignedOut, signIn } from './session.js'

/** Stands in the place of whatever page was asked for: who signs in goes on there. */
export const SignInPage = ({ because }: { readonly because: SignedOut }) => {
  const { t } = useTranslation()
  const [token, setToken] = useState('')
  const [fault, setFault] = useState<TokenFault>()
  const enter = (event: FormEvent): void => {
    event.preventDefault()
    setFault(signIn(token))
  }
  return (
    <Center component="main" mih="100vh" p="xs">
      <Card w="100%" maw={520}>
        <form onSubmit={enter}>
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
            <Text size="sm">{t('session.lead')}</Text>
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
            <Button type="submit">{t('session.enter')}</Button>
          </Stack>
        </form>
      </Card>
    </Center>
  )
}
