import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Which conditions of the address are not asked. Nothing is offered to be done with the whole list while this stands there. */
export const LeftOut = ({ names }: { readonly names: readonly string[] }) => {
  const { t } = useTranslation()
  if (names.length === 0) return null
  return (
    <Alert color="orange" variant="outline" p="xs">
      {t('common.leftOut', { names: names.join(', ') })}
    </Alert>
  )
}
