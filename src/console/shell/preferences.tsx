import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { changeLanguage } from '../text/texts.js'

export const LanguageSwitch = () => {
  const { t, i18n } = useTranslation()
  const other = i18n.language === 'en' ? 'vi' : 'en'
  return (
    <Button
      size="compact-sm"
      variant="default"
      lang={other}
      aria-label={`${other.toUpperCase()} - ${t('app.otherLanguage')}`}
      onClick={() => void changeLanguage(other)}
    >
      {other.toUpperCase()}
    </Button>
  )
}

export const ThemeSwitch = () => {
  const { t } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <ActionIcon
      variant="default"
      aria-label={t(`app.theme.${other}`)}
      title={t(`app.theme.${other}`)}
      onClick={() => setColorScheme(other)}
    >
      <span aria-hidden="true">{scheme === 'dark' ? '☀' : '☾'}</span>
    </ActionIcon>
  )
}
