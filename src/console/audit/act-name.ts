import { useTranslation } from 'react-i18next'

export const useActName = () => {
  const { t, i18n } = useTranslation()
  const acts = t('audit.act', { returnObjects: true })
  const known = Object.keys(acts)
  /** The gateway's own words where this page knows none. */
  const nameOf = (act: string, label: string): string =>
    i18n.language === 'en' && Object.hasOwn(acts, act)
      ? acts[act as keyof typeof acts]
      : label === act && Object.hasOwn(acts, act)
        ? acts[act as keyof typeof acts]
        : label
  return { known, nameOf }
}
