import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import { type CauseChoiceFragment, CausesToChooseDocument, CauseToChooseDocument } from '../generated/graphql.js'

const CausesToChoose = asDocument(CausesToChooseDocument)
const CauseToChoose = asDocument(CauseToChooseDocument)

interface CauseSelectProps {
  readonly value: string | undefined
  readonly onChange: (cause: string | undefined) => void
}

/** Nguyên nhân lỗi that still keep transfers back, most of them first; one that came with the address stays to be chosen. */
export const CauseSelect = ({ value, onChange }: CauseSelectProps) => {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: CausesToChoose, variables: {} })
  const open = data?.causes.edges.map(({ node }) => node)
  const isListed = value === undefined || !open || open.some(({ id }) => id === value)
  const [other] = useQuery({ query: CauseToChoose, variables: { id: value ?? '' }, pause: isListed })
  const choiceOf = ({ id, systemId, title }: CauseChoiceFragment) => ({ value: id, label: `${t(`system.short.${systemId}`)}: ${title}` })
  const unlisted = isListed ? [] : [other.data?.cause ? choiceOf(other.data.cause) : { value, label: value.slice(0, 8) }]
  return (
    <Select
      size="xs"
      label={t('cause.one')}
      data={[...(open ?? []).map(choiceOf), ...unlisted]}
      value={value ?? null}
      onChange={(cause) => onChange(cause ?? undefined)}
      searchable
      clearable
    />
  )
}
