import { Button, Group, SimpleGrid, TextInput, type TextInputProps } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface ConditionsFormProps {
  readonly onApply: () => void
  readonly onClear: () => void
  readonly cols: { readonly md: number; readonly lg?: number }
  readonly children: ReactNode
}

/** Conditions of a list, taken over as a whole by the button or Enter: a half typed word asks nothing. */
export const ConditionsForm = ({ onApply, onClear, cols, children }: ConditionsFormProps) => {
  const { t } = useTranslation()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onApply()
  }
  return (
    <form onSubmit={submit} aria-label={t('list.filters')}>
      <SimpleGrid cols={{ base: 2, ...cols }} spacing="xs" verticalSpacing="xs" style={{ alignItems: 'end' }}>
        {children}
      </SimpleGrid>
      <Group mt="sm" gap="xs">
        <Button type="submit" size="xs">
          {t('list.apply')}
        </Button>
        <Button size="xs" variant="default" onClick={onClear}>
          {t('list.clear')}
        </Button>
      </Group>
    </form>
  )
}

interface ConditionInputProps extends Pick<TextInputProps, 'label' | 'maxLength' | 'disabled' | 'description' | 'error'> {
  readonly value: string | undefined
  readonly onChange: (value: string) => void
  readonly type?: 'date'
}

/** A condition that one types. */
export const ConditionInput = ({ value, onChange, ...props }: ConditionInputProps) => (
  <TextInput {...props} size="xs" value={value ?? ''} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
)
