import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AmendableFieldFragment } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'
import { fieldText, fromLocalInput, toLocalInput } from './field-text.js'

/** Longer texts have more than one line. */
const LONG = 500

interface AmendFieldProps {
  readonly field: AmendableFieldFragment
  /** Undefined: left as it is. */
  readonly edited: string | undefined
  readonly fault: string | undefined
  readonly readOnly: boolean
  readonly onEdit: (value: string | undefined) => void
}

/** One line of the form, as its kind asks. What is masked is not filled in: a new value is given whole, or none. */
export const AmendField = ({ field, edited, fault, readOnly, onEdit }: AmendFieldProps) => {
  const { t } = useTranslation()
  const { clock, date } = useFormats()
  const { label, kind, value, sourceValue, masked, choices, maxLength, hint, required } = field
  const original = masked ? '' : (value ?? '')
  const given = edited ?? original
  const says = [
    // The browser's own input may name the month before the day, by a language of its own.
    kind === 'INSTANT' && given !== '' && t('amend.reads', { clock: clock(given), date: date(given) }),
    masked && t('amend.masked', { value: value ?? '' }),
    !masked && value !== sourceValue && t('amend.sourceSays', { value: fieldText(sourceValue) || t('amend.empty') }),
    kind === 'TEXT' && hint,
  ].filter(Boolean)
  const edit = (text: string): void => onEdit(text === original ? undefined : text)
  const common = {
    label,
    lang: 'vi',
    description: says.length > 0 ? says.join(' ') : undefined,
    error: fault,
    // Not `required`: the browser's own words would come before the gateway's, in another language.
    withAsterisk: required,
    readOnly,
  }
  if (kind === 'CHOICE')
    return (
      <NativeSelect
        {...common}
        lang={undefined}
        disabled={readOnly}
        data={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
        value={given}
        onChange={({ currentTarget }) => edit(currentTarget.value)}
      />
    )
  if (kind === 'INSTANT')
    return (
      <TextInput
        {...common}
        type="datetime-local"
        value={toLocalInput(given)}
        onChange={({ currentTarget }) =>
          onEdit(currentTarget.value === toLocalInput(original) ? undefined : fromLocalInput(currentTarget.value))
        }
      />
    )
  if (kind === 'TEXT' && (maxLength ?? 0) > LONG)
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxLength={maxLength ?? undefined}
        value={given}
        onChange={({ currentTarget }) => edit(currentTarget.value)}
      />
    )
  return (
    <TextInput
      {...common}
      inputMode={kind === 'TEXT' ? undefined : 'numeric'}
      maxLength={kind === 'TEXT' ? (maxLength ?? undefined) : undefined}
      value={given}
      onChange={({ currentTarget }) => edit(currentTarget.value)}
    />
  )
}
