import { MultiSelect, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CauseSelect } from '../causes/cause-select.js'
import { ConditionInput, ConditionsForm } from '../show/conditions-form.js'
import { SYSTEMS } from '../transfers/filter-address.js'
import { useActName } from './act-name.js'
import type { AuditAsked } from './audit-address.js'

const TEXT_FIELDS = [
  ['actor', 'actor', 100],
  ['text', 'text', 200],
  ['code', 'dossier', 64],
  ['transfer', 'transfer', 36],
  ['plan', 'plan', 36],
] as const

/** The conditions, taken over as a whole. */
export const AuditForm = ({ asked, onApply }: { readonly asked: AuditAsked; readonly onApply: (asked: AuditAsked) => void }) => {
  const { t } = useTranslation()
  const { known, nameOf } = useActName()
  const [draft, setDraft] = useState(asked)
  const set = (change: Partial<AuditAsked>): void => setDraft((before) => ({ ...before, ...change }))
  return (
    <ConditionsForm onApply={() => onApply(draft)} onClear={() => onApply({ act: [] })} cols={{ md: 4 }}>
      {TEXT_FIELDS.map(([key, text, maxLength]) => (
        <ConditionInput
          key={key}
          label={t(`audit.${text}`)}
          value={draft[key]}
          onChange={(value) => set({ [key]: value })}
          maxLength={maxLength}
        />
      ))}
      <CauseSelect value={draft.cause} onChange={(cause) => set({ cause })} />
      <MultiSelect
        size="xs"
        label={t('audit.acts')}
        data={known.map((value) => ({ value, label: nameOf(value, value) }))}
        value={[...draft.act]}
        onChange={(act) => set({ act })}
        searchable
        clearable
      />
      <Select
        size="xs"
        label={t('audit.system')}
        data={SYSTEMS.map((value) => ({ value, label: t(`system.short.${value}`) }))}
        value={draft.system ?? null}
        onChange={(value) => set({ system: SYSTEMS.find((one) => one === value) })}
        clearable
      />
      {(['from', 'to'] as const).map((key) => (
        <ConditionInput key={key} type="date" label={t(`audit.${key}`)} value={draft[key]} onChange={(value) => set({ [key]: value })} />
      ))}
    </ConditionsForm>
  )
}
