import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pages } from '../data/use-pages.js'
import { BusyButton } from './busy-button.js'
import { Failure } from './failure.js'
import { Loading } from './loading.js'

interface PagedListProps<Row, Data> {
  readonly pages: Pages<Row, Data>
  /** What is said when there is no row. */
  readonly none: string
  readonly children: (rows: readonly Row[]) => ReactNode
}

/** A list that is read page by page: why it could not be read, that it is being read, that there is nothing, or its rows and the way to more. */
export const PagedList = <Row, Data>({ pages, none, children }: PagedListProps<Row, Data>) => {
  const { t } = useTranslation()
  const { rows, hasMore, loading, error, more, again } = pages
  return (
    <>
      {error && <Failure error={error} again={again} />}
      {rows.length === 0 && loading && <Loading height={160} />}
      {rows.length === 0 && !loading && !error && <Text>{none}</Text>}
      {rows.length > 0 && children(rows)}
      {rows.length > 0 && hasMore && (
        <Group>
          <BusyButton variant="default" size="xs" onClick={more} busy={loading}>
            {t('common.more')}
          </BusyButton>
        </Group>
      )}
    </>
  )
}
