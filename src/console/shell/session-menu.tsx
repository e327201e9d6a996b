import { Box, Button, Menu, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession, useSessionState } from '../session/session.js'
import { signOut } from '../session/sign-in-at-provider.js'
import { useFormats } from '../text/format.js'

const OUTLINE = { fill: 'none', stroke: 'currentColor', strokeWidth: 2, 'aria-hidden': true } as const

/** Who is signed in. A small screen has no room for a name in its head: there it stands whole in the menu. */
export const SessionMenu = () => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { name, role, communes, expiresAt } = useSession()
  const renews = useSessionState().grant?.refreshToken !== undefined
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" maw={220} aria-label={name}>
          <Text span size="sm" truncate visibleFrom="sm">
            {name}
          </Text>
          <Box component="svg" hiddenFrom="sm" width={16} height={16} viewBox="0 0 24 24" {...OUTLINE}>
            <circle cx="12" cy="8" r="4" />
            <path d="M4 21a8 8 0 0 1 16 0" />
          </Box>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }}>
          <strong>{name}</strong>
          <br />
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
