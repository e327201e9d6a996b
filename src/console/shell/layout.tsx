import { AppShell, Burger, Center, Group, Loader, NavLink, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type KeyboardEvent, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, NavLink as RouterLink, useLocation } from 'react-router'
import { AlertBell } from '../alerts/alert-bell.js'
import { roleMay } from '../session/permissions.js'
import { useSession } from '../session/session.js'
import { ConnectionBanner } from '../show/connection-banner.js'
import { PageTitle } from '../show/page-title.js'
import { ErrorBoundary } from './error-boundary.js'
import { FindDossier } from './find-dossier.js'
import { MaintenanceBanner } from './maintenance-banner.js'
import { type ConsolePageEntry, isAt, pagesOf, refusedAt } from './pages.js'
import { LanguageSwitch, ThemeSwitch } from './preferences.js'
import { QueueBanner } from './queue-banner.js'
import { SessionBanner } from './session-banner.js'
import { SessionMenu } from './session-menu.js'

const RefusedPage = ({ page }: { readonly page: ConsolePageEntry }) => {
  const { t } = useTranslation()
  const { role } = useSession()
  return (
    <Stack>
      <PageTitle text={t(`nav.${page.name}`)} />
      <Text>{t('notYours', { role: t(`session.role.${role}`) })}</Text>
    </Stack>
  )
}

/** What stands around every page: where one is, who one is, whether the gateway is heard. */
export const Layout = () => {
  const { t } = useTranslation()
  const [opened, { toggle, close }] = useDisclosure()
  const burger = useRef<HTMLButtonElement>(null)
  const { pathname } = useLocation()
  const { role } = useSession()
  const refused = refusedAt(pathname, role)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a small screen closes when one has gone somewhere
  useEffect(close, [pathname])
  const leaveMenu = ({ key }: KeyboardEvent): void => {
    if (key !== 'Escape' || !opened) return
    close()
    burger.current?.focus()
  }
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'xs', sm: 'md' }}
    >
      <a href="#main" className="skip-link">
        {t('app.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger
              ref={burger}
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('app.menu')}
              aria-expanded={opened}
            />
            <Text component={Link} to="/" fw={700} c="var(--mantine-color-text)" td="none" truncate visibleFrom="xs">
              {t('app.name')}
            </Text>
          </Group>
          <Group gap={6} wrap="nowrap">
            {roleMay(role, 'seeAlerts') && <AlertBell />}
            <FindDossier />
            <LanguageSwitch />
            <ThemeSwitch />
            <SessionMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('app.menu')} data-closed={!opened || undefined} onKeyDown={leaveMenu}>
        {pagesOf(role).map((page) => (
          <NavLink
            key={page.path}
            component={RouterLink}
            to={page.path}
            end={page.path === '/'}
            label={t(`nav.${page.name}`)}
            active={isAt(page, pathname)}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main">
        <ConnectionBanner />
        <SessionBanner />
        {roleMay(role, 'seeQueueOutages') && <QueueBanner />}
        <MaintenanceBanner />
        <ErrorBoundary key={pathname}>
          <Suspense
            fallback={
              <Center p="xl">
                <Loader aria-label={t('common.loading')} />
              </Center>
            }
          >
            {refused ? <RefusedPage page={refused} /> : <Outlet />}
          </Suspense>
        </ErrorBoundary>
      </AppShell.Main>
    </AppShell>
  )
}
