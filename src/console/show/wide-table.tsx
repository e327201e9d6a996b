import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

interface WideTableProps {
  /** What it is called by a screen reader. */
  readonly label: string
  readonly heads: readonly string[]
  /** Narrower than that (px) it is scrolled. */
  readonly minWidth: number
  readonly isDense?: boolean
  /** Its rows. */
  readonly children: ReactNode
}

/** A table that a narrow screen scrolls for itself, so that the page stays as it is; by the keys as well. No landmark: it stands in a section of its own name. */
export const WideTable = ({ label, heads, minWidth, isDense = false, children }: WideTableProps) => (
  <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="group" aria-label={label}>
    <Table verticalSpacing={isDense ? 4 : 6}>
      <Table.Thead>
        <Table.Tr>
          {heads.map((head) => (
            <Table.Th scope="col" key={head}>
              {head}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  </Table.ScrollContainer>
)
