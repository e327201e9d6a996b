import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../session/use-may.js'

/** The gateway looks for no shorter words. */
const SHORTEST = 2
const LONGEST = 200

/** What stands on a receipt, a certificate or a letter, whatever it is: found at once, beside the other conditions. */
export const QuickSearch = ({ text = '', onSearch }: { readonly text?: string; readonly onSearch: (text: string) => void }) => {
  const { t } = useTranslation()
  const searchesPersons = useMay('searchPersons')
  const [draft, setDraft] = useState(text)
  const wanted = draft.trim()
  const search = (event: FormEvent): void => {
    event.preventDefault()
    if (wanted === '' || wanted.length >= SHORTEST) onSearch(wanted)
  }
  return (
    <search>
      <form onSubmit={search}>
        <Group gap={6} wrap="nowrap" maw={560}>
          <TextInput
            size="xs"
            flex={1}
            type="search"
            value={draft}
            onChange={({ currentTarget }) => setDraft(currentTarget.value)}
            placeholder={t(searchesPersons ? 'list.quickPersons' : 'list.quick')}
            aria-label={`${t('list.find')}: ${t(searchesPersons ? 'list.quickPersons' : 'list.quick')}`}
            maxLength={LONGEST}
          />
          <Button type="submit" size="xs" variant="default" disabled={wanted.length > 0 && wanted.length < SHORTEST}>
            {t('list.find')}
          </Button>
        </Group>
      </form>
    </search>
  )
}
