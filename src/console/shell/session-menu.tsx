import { Button, Menu, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession, useSessionState } from '../session/session.js'
import { signOut } from '../session/sign-in-at-provider.js'
import { useFormats } from '../text/format.js'

export const SessionMenu = () => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { name, role, communes, expiresAt } = useSession()
  const renews = useSessionState().grant?.refreshToken !== undefined
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" maw={{ base: 78, sm: 220 }}>
          <Text span size="sm" truncate>
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-text)">
          {t(`session.role.${role}`)}
          {communes.length > 0 && ` (${communes.join(', ')})`}
          <br />
          {renews ? t('session.renews') : t('session.until', { at: moment(expiresAt) })}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t('session.leave')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
