import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface LeftOutProps {
  readonly names: readonly string[]
  readonly sentence?: 'common.leftOut' | 'list.leftOut'
}

/** Which conditions of the address are not asked. Nothing is offered to be done with the whole list while this stands there. */
export const LeftOut = ({ names, sentence = 'common.leftOut' }: LeftOutProps) => {
  const { t } = useTranslation()
  if (names.length === 0) return null
  return (
    <Alert color="orange" variant="outline" p="xs">
      {t(sentence, { names: names.join(', ') })}
    </Alert>
  )
}
