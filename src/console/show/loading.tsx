import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Đang tải: holds the place of what is on its way, and says so to who does not see it. */
export const Loading = ({ height }: { readonly height: number }) => {
  const { t } = useTranslation()
  return <Skeleton h={height} role="status" aria-label={t('common.loading')} />
}
