import { Table, Text, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DiscrepancyFactsFragment } from '../generated/graphql.js'
import { Moment } from '../show/moment.js'
import { saidIn } from '../text/said.js'
import classes from './sides.module.css'

type Lines = readonly string[] | null | undefined

/** One side's value: a line that the other side has not is marked. */
const Value = ({ lines, other }: { readonly lines: Lines; readonly other: Lines }) => {
  const { t } = useTranslation()
  if (!lines || lines.length === 0) return <Text size="sm">{t('discrepancy.nothing')}</Text>
  return lines.map((line) => {
    const differs = !other?.includes(line)
    return (
      <Text key={line} size="sm" className={differs ? classes.differs : classes.same} lang={saidIn(line)}>
        {differs && (
          <>
            <span aria-hidden="true">≠ </span>
            <VisuallyHidden>{t('discrepancy.differs')}: </VisuallyHidden>
          </>
        )}
        {line}
      </Text>
    )
  })
}

interface Row {
  readonly name: string
  readonly ours: ReactNode
  readonly theirs: ReactNode
}

/** Three columns; on a small screen the name of a row stands above its two values, which would break within a date beside it. */
const SideRow = ({ row: { name, ours, theirs }, isNarrow }: { readonly row: Row; readonly isNarrow: boolean }) => {
  const values = (
    <>
      <Table.Td>{ours}</Table.Td>
      <Table.Td>{theirs}</Table.Td>
    </>
  )
  if (!isNarrow)
    return (
      <Table.Tbody>
        <Table.Tr>
          <Table.Th scope="row">{name}</Table.Th>
          {values}
        </Table.Tr>
      </Table.Tbody>
    )
  return (
    <Table.Tbody>
      <Table.Tr>
        <Table.Th scope="rowgroup" colSpan={2}>
          {name}
        </Table.Th>
      </Table.Tr>
      <Table.Tr>{values}</Table.Tr>
    </Table.Tbody>
  )
}

/** Both sides next to each other, with the times of their last changes. */
export const SidesTable = ({ discrepancy }: { readonly discrepancy: DiscrepancyFactsFragment }) => {
  const { t } = useTranslation()
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false
  const { fields, ourChangedAt, theirChangedAt, systemId } = discrepancy
  const rows: readonly Row[] = [
    ...fields.map(({ field, ours, theirs }) => ({
      name: t(`discrepancy.fields.${field}`),
      ours: <Value lines={ours} other={theirs} />,
      theirs: <Value lines={theirs} other={ours} />,
    })),
    {
      name: t('discrepancy.changedAt'),
      ours: ourChangedAt ? <Moment at={ourChangedAt} /> : t('discrepancy.nothing'),
      theirs: theirChangedAt ? <Moment at={theirChangedAt} /> : t('discrepancy.notTold'),
    },
  ]
  return (
    <>
      <Table aria-label={t('discrepancy.sides')} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            {!isNarrow && <Table.Th>{t('discrepancy.field')}</Table.Th>}
            <Table.Th>{t('discrepancy.ours')}</Table.Th>
            <Table.Th>{t('discrepancy.theirs', { system: t(`system.short.${systemId}`) })}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        {rows.map((row) => (
          <SideRow key={row.name} row={row} isNarrow={isNarrow} />
        ))}
      </Table>
      {fields.length > 0 && <Text size="xs">{t('discrepancy.marked')}</Text>}
    </>
  )
}
