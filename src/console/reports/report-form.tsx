import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SYSTEMS } from '../transfers/filter-address.js'
import { BASES, DIMENSIONS, type ReportAsked } from './report-address.js'

/** The conditions, taken over as a whole. */
export const ReportForm = ({ asked, onApply }: { readonly asked: ReportAsked; readonly onApply: (asked: ReportAsked) => void }) => {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(asked)
  const set = (change: Partial<ReportAsked>): void => setDraft((before) => ({ ...before, ...change }))
  return (
    <form
      aria-label={t('list.filters')}
      onSubmit={(event) => {
        event.preventDefault()
        onApply(draft)
      }}
    >
      <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="xs" verticalSpacing="xs">
        {(['from', 'to'] as const).map((key) => (
          <TextInput
            key={key}
            size="xs"
            type="month"
            pattern="20[0-9]{2}-(0[1-9]|1[0-2])"
            required
            label={t(`report.${key}`)}
            value={draft[key]}
            onChange={({ currentTarget }) => set({ [key]: currentTarget.value })}
          />
        ))}
        <Select
          size="xs"
          label={t('report.by')}
          data={DIMENSIONS.map((value) => ({ value, label: t(`report.dimension.${value}`) }))}
          value={draft.by}
          onChange={(value) => set({ by: DIMENSIONS.find((one) => one === value) ?? 'MONTH' })}
          allowDeselect={false}
        />
        <Select
          size="xs"
          label={t('report.basis')}
          data={BASES.map((value) => ({ value, label: t(`report.bases.${value}`) }))}
          value={draft.basis}
          onChange={(value) => set({ basis: BASES.find((one) => one === value) ?? 'DUE' })}
          allowDeselect={false}
        />
        <Select
          size="xs"
          label={t('report.system')}
          data={SYSTEMS.map((value) => ({ value, label: t(`system.short.${value}`) }))}
          value={draft.system ?? null}
          onChange={(value) => set({ system: SYSTEMS.find((one) => one === value) })}
          clearable
        />
      </SimpleGrid>
      <Group mt="sm">
        <Button type="submit" size="xs">
          {t('report.apply')}
        </Button>
      </Group>
    </form>
  )
}
