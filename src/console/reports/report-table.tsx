import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ReportNumbersFragment } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'

const COLUMNS = ['dossiers', 'onTime', 'lateByInterlink', 'late', 'open', 'left', 'interlinkHours', 'savedHours'] as const

interface ReportTableProps {
  readonly caption: string
  readonly first: string
  readonly rows: readonly (ReportNumbersFragment & { readonly key: string; readonly name: string })[]
}

export const ReportTable = ({ caption, first, rows }: ReportTableProps) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  return (
    <Table.ScrollContainer minWidth={720} type="native" tabIndex={0} role="group" aria-label={caption}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{first}</Table.Th>
            {COLUMNS.map((name) => (
              <Table.Th scope="col" key={name} ta="right">
                {t(`report.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" fw={400}>
                {row.name}
              </Table.Th>
              {COLUMNS.map((name) => (
                <Table.Td key={name} ta="right">
                  {count(row[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
