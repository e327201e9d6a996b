import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CombinedError } from 'urql'
import { saidIn } from '../text/said.js'

/** The gateway's own sentences; of a network nothing but that it failed. */
export const sentencesOf = (error: CombinedError, unreachable: string): string[] =>
  error.graphQLErrors.length > 0 ? [...new Set(error.graphQLErrors.map(({ message }) => message))] : [unreachable]

export const Failure = ({ error, again }: { readonly error: CombinedError; readonly again?: () => void }) => {
  const { t } = useTranslation()
  return (
    <Alert color="red" variant="outline" title={t('fault.title')} role="alert">
      {sentencesOf(error, t('fault.unreachable')).map((sentence) => (
        <Text key={sentence} size="sm" lang={saidIn(sentence)}>
          {sentence}
        </Text>
      ))}
      {again && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={again}>
            {t('fault.again')}
          </Button>
        </Group>
      )}
    </Alert>
  )
}
