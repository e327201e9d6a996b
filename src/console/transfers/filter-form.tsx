import { MultiSelect, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { CauseSelect } from '../causes/cause-select.js'
import { asDocument } from '../data/documents.js'
import { ProceduresDocument } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { ConditionInput, ConditionsForm } from '../show/conditions-form.js'
import { HELD_REASONS, type ListFilter, NO_FILTER, OPERATIONS, STATES, SYSTEMS } from './filter-address.js'

const Procedures = asDocument(ProceduresDocument)

const TEXT_FIELDS = [
  ['text', 'text', 200],
  ['code', 'dossierCode', 64],
  ['applicant', 'applicant', 100],
  ['sheet', 'sheet', 20],
  ['parcel', 'parcel', 20],
  ['serial', 'serial', 20],
  ['commune', 'commune', 100],
  ['correlation', 'correlationId', 64],
] as const

export const FilterForm = ({ filter, onApply }: { readonly filter: ListFilter; readonly onApply: (filter: ListFilter) => void }) => {
  const { t } = useTranslation()
  const maySearchPersons = useMay('searchPersons')
  const seesCauses = useMay('seeCauses')
  const [draft, setDraft] = useState(filter)
  const [{ data }] = useQuery({ query: Procedures, variables: {} })
  const set = (change: Partial<ListFilter>): void => setDraft((before) => ({ ...before, ...change }))
  const halfParcel = Boolean(draft.sheet?.trim()) !== Boolean(draft.parcel?.trim())
  return (
    <ConditionsForm onApply={() => onApply(draft)} onClear={() => onApply(NO_FILTER)} cols={{ md: 3, lg: 4 }}>
      {TEXT_FIELDS.map(([key, text, maxLength]) => (
        <ConditionInput
          key={key}
          label={t(`list.${text}`)}
          value={draft[key]}
          onChange={(value) => set({ [key]: value })}
          maxLength={maxLength}
          disabled={key === 'applicant' && !maySearchPersons}
          description={key === 'applicant' && !maySearchPersons ? t('list.applicantNoRight') : undefined}
          error={(key === 'sheet' || key === 'parcel') && halfParcel ? t('list.parcelNeedsBoth') : undefined}
        />
      ))}
      <Select
        size="xs"
        label={t('list.procedure')}
        data={(data?.procedures ?? []).map(({ code, name }) => ({ value: code, label: `${code} ${name}` }))}
        value={draft.procedure ?? null}
        onChange={(procedure) => set({ procedure: procedure ?? undefined })}
        searchable
        clearable
      />
      {seesCauses && <CauseSelect value={draft.cause} onChange={(cause) => set({ cause })} />}
      <MultiSelect
        size="xs"
        label={t('list.systems')}
        data={SYSTEMS.map((value) => ({ value, label: t(`system.short.${value}`) }))}
        value={[...draft.system]}
        onChange={(system) => set({ system: SYSTEMS.filter((one) => system.includes(one)) })}
        clearable
      />
      <MultiSelect
        size="xs"
        label={t('list.states')}
        data={STATES.map((value) => ({ value, label: t(`transfer.state.${value}`) }))}
        value={[...draft.state]}
        onChange={(state) => set({ state: STATES.filter((one) => state.includes(one)) })}
        clearable
      />
      <MultiSelect
        size="xs"
        label={t('list.operations')}
        data={OPERATIONS.map((value) => ({ value, label: t(`transfer.operation.${value}`) }))}
        value={[...draft.operation]}
        onChange={(operation) => set({ operation: OPERATIONS.filter((one) => operation.includes(one)) })}
        clearable
      />
      <MultiSelect
        size="xs"
        label={t('list.heldReasons')}
        data={HELD_REASONS.map((value) => ({ value, label: t(`transfer.held.${value}`) }))}
        value={[...draft.held]}
        onChange={(held) => set({ held: HELD_REASONS.filter((one) => held.includes(one)) })}
        clearable
      />
      <Select
        size="xs"
        label={t('list.atRisk')}
        data={[
          { value: 'yes', label: t('list.atRiskYes') },
          { value: 'no', label: t('list.atRiskNo') },
        ]}
        value={draft.risk ?? null}
        onChange={(risk) => set({ risk: risk === 'yes' || risk === 'no' ? risk : undefined })}
        clearable
      />
      {(['from', 'to', 'dueFrom', 'dueTo'] as const).map((key) => (
        <ConditionInput key={key} type="date" label={t(`list.${key}`)} value={draft[key]} onChange={(value) => set({ [key]: value })} />
      ))}
    </ConditionsForm>
  )
}
