import { ActionIcon, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import { CauseDocument } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { saidIn } from '../text/said.js'
import { ATTENTION, type ListFilter, NO_FILTER, WAITING, withoutPersons, writeFilter } from './filter-address.js'
import { FilterForm } from './filter-form.js'
import { QuickSearch } from './quick-search.js'
import { useSavedFilters } from './saved-filters.js'

const PRESETS = [
  ['all', NO_FILTER],
  ['attention', { ...NO_FILTER, state: ATTENTION }],
  ['waiting', { ...NO_FILTER, state: WAITING }],
  ['risk', { ...NO_FILTER, risk: 'yes' }],
] as const satisfies readonly (readonly [string, ListFilter])[]

/** `isWhole`: nothing of the filter is left out. */
const SaveFilter = ({ isWhole, onSave }: { readonly isWhole: boolean; readonly onSave: (name: string) => void }) => {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const save = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim() === '') return
    onSave(name.trim())
    setName('')
  }
  return (
    <form onSubmit={save}>
      <Group gap={6} wrap="nowrap" align="flex-end">
        <TextInput
          size="xs"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          placeholder={t('list.saveName')}
          aria-label={t('list.saveName')}
          description={isWhole ? undefined : t('list.saveNobody')}
          maxLength={40}
        />
        <Button type="submit" size="xs" variant="default">
          {t('list.save')}
        </Button>
      </Group>
    </form>
  )
}

/** The cause that the list is narrowed to, in its words. */
const CauseNamed = ({ id, onRemove }: { readonly id: string; readonly onRemove: () => void }) => {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: asDocument(CauseDocument), variables: { id } })
  return (
    <Group gap={4}>
      <Text size="sm">
        {t('cause.one')}:{' '}
        <Anchor component={Link} to={`/causes/${id}`} size="sm" lang={saidIn(data?.cause?.title)}>
          {data?.cause?.title ?? id.slice(0, 8)}
        </Anchor>
      </Text>
      <ActionIcon size="xs" variant="subtle" color="gray" aria-label={t('list.removeCause')} onClick={onRemove}>
        ×
      </ActionIcon>
    </Group>
  )
}

/** The usual questions, one's own, and the form for all others. */
export const FilterBar = ({ filter, onApply }: { readonly filter: ListFilter; readonly onApply: (filter: ListFilter) => void }) => {
  const { t } = useTranslation()
  const [opened, { toggle }] = useDisclosure(false)
  const { filters, save, remove } = useSavedFilters()
  const seesCauses = useMay('seeCauses')
  const address = writeFilter(filter)
  const kept = writeFilter(withoutPersons(filter))
  return (
    <Stack gap="xs">
      <QuickSearch key={filter.text} text={filter.text} onSearch={(text) => onApply({ ...filter, text: text === '' ? undefined : text })} />
      <Group gap="xs" component="nav" aria-label={t('list.saved')}>
        {PRESETS.map(([name, preset]) => (
          <Button
            key={name}
            component={Link}
            to={{ search: writeFilter(preset) }}
            size="compact-sm"
            variant={address === writeFilter(preset) ? 'filled' : 'default'}
            aria-current={address === writeFilter(preset) ? 'page' : undefined}
          >
            {t(`list.presets.${name}`)}
          </Button>
        ))}
        {filters.map((saved) => (
          <Group key={saved.name} gap={2} wrap="nowrap">
            <Anchor component={Link} size="sm" to={{ search: saved.address }} aria-current={saved.address === address ? 'page' : undefined}>
              {saved.name}
            </Anchor>
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={t('list.remove', { name: saved.name })}
              onClick={() => remove(saved.name)}
            >
              ×
            </ActionIcon>
          </Group>
        ))}
        <Button size="compact-sm" variant="default" onClick={toggle} aria-expanded={opened}>
          {t('list.showFilters')}
        </Button>
      </Group>
      {filter.cause && seesCauses && <CauseNamed id={filter.cause} onRemove={() => onApply({ ...filter, cause: undefined })} />}
      {filter.id && (
        <Group gap={4}>
          <Text size="sm">{t('list.picked', { n: filter.id.length })}</Text>
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t('list.unpick')}
            onClick={() => onApply({ ...filter, id: undefined })}
          >
            ×
          </ActionIcon>
        </Group>
      )}
      {opened && (
        <Stack>
          <FilterForm key={address} filter={filter} onApply={onApply} />
          {kept !== '' && <SaveFilter isWhole={kept === address} onSave={(name) => save({ name, address: kept })} />}
        </Stack>
      )}
    </Stack>
  )
}
