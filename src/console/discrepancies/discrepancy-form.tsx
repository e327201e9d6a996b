import { MultiSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConditionInput, ConditionsForm } from '../show/conditions-form.js'
import { SYSTEMS } from '../transfers/filter-address.js'
import { CLASSES, type DiscrepancyAsked, FIELDS, NOTHING_ASKED, STATES } from './discrepancy-address.js'

const TEXT_FIELDS = [
  ['code', 'dossier', 64],
  ['text', 'text', 200],
  ['commune', 'commune', 10],
  ['procedure', 'procedure', 64],
  ['run', 'run', 36],
  ['batch', 'ofBatch', 36],
] as const

/** The conditions, taken over as a whole. */
export const DiscrepancyForm = ({
  asked,
  onApply,
}: {
  readonly asked: DiscrepancyAsked
  readonly onApply: (asked: DiscrepancyAsked) => void
}) => {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(asked)
  const set = (change: Partial<DiscrepancyAsked>): void => setDraft((before) => ({ ...before, ...change }))
  const lists = [
    ['class', CLASSES.map((value) => ({ value, label: t(`discrepancy.classes.${value}`) }))],
    ['system', SYSTEMS.map((value) => ({ value, label: t(`system.short.${value}`) }))],
    ['state', STATES.map((value) => ({ value, label: t(`discrepancy.states.${value}`) }))],
    ['field', FIELDS.map((value) => ({ value, label: t(`discrepancy.fields.${value}`) }))],
  ] as const
  return (
    <ConditionsForm onApply={() => onApply(draft)} onClear={() => onApply(NOTHING_ASKED)} cols={{ md: 4 }}>
      {lists.map(([key, data]) => (
        <MultiSelect
          key={key}
          size="xs"
          label={t(`discrepancy.${key}`)}
          data={[...data]}
          value={[...draft[key]]}
          onChange={(value) => set({ [key]: value })}
          clearable
        />
      ))}
      {TEXT_FIELDS.map(([key, text, maxLength]) => (
        <ConditionInput
          key={key}
          label={t(`discrepancy.${text}`)}
          value={draft[key]}
          onChange={(value) => set({ [key]: value })}
          maxLength={maxLength}
        />
      ))}
      {(['from', 'to'] as const).map((key) => (
        <ConditionInput
          key={key}
          type="date"
          label={t(`discrepancy.${key}`)}
          value={draft[key]}
          onChange={(value) => set({ [key]: value })}
        />
      ))}
    </ConditionsForm>
  )
}
