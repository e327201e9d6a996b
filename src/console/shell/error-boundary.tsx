import { Alert, Button, Code, Group, Text } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const Broken = ({ error }: { readonly error: unknown }) => {
  const { t } = useTranslation()
  return (
    <Alert color="red" variant="outline" title={t('fault.broken')} role="alert" m="md">
      <Text size="sm">{t('fault.brokenLead')}</Text>
      <Code block my="sm">
        {error instanceof Error ? `${error.name}: ${error.message}` : String(error)}
      </Code>
      <Group>
        <Button variant="default" onClick={() => location.reload()}>
          {t('fault.reload')}
        </Button>
      </Group>
    </Alert>
  )
}

/** A page that breaks leaves the rest of the console usable. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Broken error={this.state.error} />
  }
}
