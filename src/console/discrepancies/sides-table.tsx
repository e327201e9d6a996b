import { Table, Text, VisuallyHidden } from '@mantine/core'
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

/** Both sides next to each other, with the times of their last changes. */
export const SidesTable = ({ discrepancy }: { readonly discrepancy: DiscrepancyFactsFragment }) => {
  const { t } = useTranslation()
  const { fields, ourChangedAt, theirChangedAt, systemId } = discrepancy
  return (
    <>
      <Table.ScrollContainer minWidth={280} type="native">
        <Table aria-label={t('discrepancy.sides')} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('discrepancy.field')}</Table.Th>
              <Table.Th>{t('discrepancy.ours')}</Table.Th>
              <Table.Th>{t('discrepancy.theirs', { system: t(`system.short.${systemId}`) })}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map(({ field, ours, theirs }) => (
              <Table.Tr key={field}>
                <Table.Th scope="row">{t(`discrepancy.fields.${field}`)}</Table.Th>
                <Table.Td>
                  <Value lines={ours} other={theirs} />
                </Table.Td>
                <Table.Td>
                  <Value lines={theirs} other={ours} />
                </Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Th scope="row">{t('discrepancy.changedAt')}</Table.Th>
              <Table.Td>{ourChangedAt ? <Moment at={ourChangedAt} /> : t('discrepancy.nothing')}</Table.Td>
              <Table.Td>{theirChangedAt ? <Moment at={theirChangedAt} /> : t('discrepancy.notTold')}</Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {fields.length > 0 && <Text size="xs">{t('discrepancy.marked')}</Text>}
    </>
  )
}
