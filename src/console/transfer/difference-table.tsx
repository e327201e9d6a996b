import { Badge, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DifferenceFactsFragment } from '../generated/graphql.js'
import { fieldText } from './field-text.js'

/** Field by field: what the source says, and what goes in its place. `withNow`: whether the source says by now what was amended. */
export const DifferenceTable = ({
  differences,
  withNow = false,
}: {
  readonly differences: readonly DifferenceFactsFragment[]
  readonly withNow?: boolean
}) => {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={280} type="native">
      <Table aria-label={t('amend.differences')} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('amend.field')}</Table.Th>
            <Table.Th>{t('amend.before')}</Table.Th>
            <Table.Th>{t('amend.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.map(({ field, group, label, before, after, sourceNow, settled }) => (
            <Table.Tr key={field}>
              <Table.Td>
                {group ? `${group}: ${label}` : label}
                {withNow && (
                  <div>
                    <Badge size="sm" color={settled ? 'green' : 'orange'}>
                      {t(settled ? 'amend.settled' : 'amend.differs')}
                    </Badge>
                  </div>
                )}
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <del>{fieldText(before) || t('amend.empty')}</del>
                {withNow && !settled && sourceNow !== before && (
                  <Text size="xs">{t('amend.sourceNow', { value: fieldText(sourceNow) || t('amend.empty') })}</Text>
                )}
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <ins>{fieldText(after) || t('amend.empty')}</ins>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
