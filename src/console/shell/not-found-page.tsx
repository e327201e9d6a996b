import { Anchor, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { PageTitle } from '../show/page-title.js'

export const NotFoundPage = () => {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <Stack>
      <PageTitle text={t('fault.notFound')} />
      <Text>{t('fault.notFoundLead', { path: pathname })}</Text>
      <Anchor component={Link} to="/">
        {t('fault.home')}
      </Anchor>
    </Stack>
  )
}
