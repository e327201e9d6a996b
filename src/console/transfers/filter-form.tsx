import { Button, Group, MultiSelect, Select, SimpleGrid, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import { ProceduresDocument } from '../generated/graphql.js'
import { useMay } from '../session/permissions.js'
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

/** The conditions, taken over as a whole by the button or Enter: a half typed word asks nothing. */
export const FilterForm = ({ filter, onApply }: { readonly filter: ListFilter; readonly onApply: (filter: ListFilter) => void }) => {
  const { t } = useTranslation()
  const maySearchPersons = useMay('searchPersons')
  const [draft, setDraft] = useState(filter)
  const [{ data }] = useQuery({ query: Procedures, variables: {} })
  const set = (change: Partial<ListFilter>): void => setDraft((before) => ({ ...before, ...change }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onApply(draft)
  }
  const halfParcel = Boolean(draft.sheet?.trim()) !== Boolean(draft.parcel?.trim())
  return (
    <form onSubmit={submit} aria-label={t('list.filters')}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="xs" verticalSpacing="xs">
        {TEXT_FIELDS.map(([key, text, maxLength]) => (
          <TextInput
            key={key}
            size="xs"
            label={t(`list.${text}`)}
            value={draft[key] ?? ''}
            onChange={({ currentTarget }) => set({ [key]: currentTarget.value })}
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
        <TextInput
          size="xs"
          type="date"
          label={t('list.from')}
          value={draft.from ?? ''}
          onChange={({ currentTarget }) => set({ from: currentTarget.value })}
        />
        <TextInput
          size="xs"
          type="date"
          label={t('list.to')}
          value={draft.to ?? ''}
          onChange={({ currentTarget }) => set({ to: currentTarget.value })}
        />
        <TextInput
          size="xs"
          type="date"
          label={t('list.dueFrom')}
          value={draft.dueFrom ?? ''}
          onChange={({ currentTarget }) => set({ dueFrom: currentTarget.value })}
        />
        <TextInput
          size="xs"
          type="date"
          label={t('list.dueTo')}
          value={draft.dueTo ?? ''}
          onChange={({ currentTarget }) => set({ dueTo: currentTarget.value })}
        />
      </SimpleGrid>
      <Group mt="sm" gap="xs">
        <Button type="submit" size="xs">
          {t('list.apply')}
        </Button>
        <Button size="xs" variant="default" onClick={() => onApply(NO_FILTER)}>
          {t('list.clear')}
        </Button>
      </Group>
    </form>
  )
}
