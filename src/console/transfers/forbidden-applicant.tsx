import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMay } from '../session/use-may.js'
import type { ListFilter } from './filter-address.js'

/** Whether the address asks by whom who is signed in may not search, so that the gateway would refuse the whole list for this one condition. */
export const useForbidsApplicant = ({ applicant }: ListFilter): boolean => !useMay('searchPersons') && applicant !== undefined

/** An address that somebody with another role has given: which condition stands in the way, and how to go on without it. */
export const ForbiddenApplicant = ({ onDrop }: { readonly onDrop: () => void }) => {
  const { t } = useTranslation()
  return (
    <Alert color="orange" variant="outline" role="alert" title={t('list.forbiddenApplicant')}>
      <Text size="sm">{t('list.applicantNoRight')}</Text>
      <Group mt="sm">
        <Button size="xs" variant="default" onClick={onDrop}>
          {t('list.dropApplicant')}
        </Button>
      </Group>
    </Alert>
  )
}
