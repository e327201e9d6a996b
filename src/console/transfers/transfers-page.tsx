import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useMay } from '../session/permissions.js'
import { Failure } from '../show/failure.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'
import { type ListFilter, readFilter, toFilterInput, writeFilter } from './filter-address.js'
import { FilterBar } from './filter-bar.js'
import { ReplayDialog } from './replay-dialog.js'
import { type Selection, useSelection } from './selection.js'
import { TransferRows } from './transfer-rows.js'
import { type TransferList, useTransferList } from './use-transfer-list.js'

const SelectionBar = ({
  list,
  selection,
  onReplay,
}: {
  readonly list: TransferList
  readonly selection: Selection
  readonly onReplay: () => void
}) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const mayAct = useMay('actOnTransfers')
  const { total } = list
  const totalText = total ? (total.isExact ? count(total.count) : t('common.atLeast', { n: count(total.count) })) : '…'
  if (selection.kind === 'NONE') return null
  return (
    <Group gap="xs" role="group" aria-label={t('list.selected', { n: count(selection.ids.size) })}>
      <Text size="sm" role="status">
        {selection.kind === 'ALL' ? t('list.selectedAll', { n: totalText }) : t('list.selected', { n: count(selection.ids.size) })}
      </Text>
      {selection.kind === 'SOME' && (
        <Button size="compact-sm" variant="default" onClick={selection.chooseAll}>
          {t('list.selectAll', { n: totalText })}
        </Button>
      )}
      {mayAct && (
        <Button size="compact-sm" onClick={onReplay}>
          {t('list.replay')}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={selection.clear}>
        {t('list.unselect')}
      </Button>
    </Group>
  )
}

const TransfersPage = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const [address, setAddress] = useSearchParams()
  const filter = readFilter(address)
  const input = toFilterInput(filter)
  const list = useTransferList(input)
  const selection = useSelection(writeFilter(filter))
  const [replaying, setReplaying] = useState(false)
  const apply = (next: ListFilter): void => setAddress(new URLSearchParams(writeFilter(next)))
  const { total, rows, loading, newer, error } = list
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('list.title')} />
        <Text size="sm" role="status">
          {total && t('list.count', { n: total.isExact ? count(total.count) : t('common.atLeast', { n: count(total.count) }) })}
        </Text>
      </Group>
      <FilterBar filter={filter} onApply={apply} />
      <SelectionBar list={list} selection={selection} onReplay={() => setReplaying(true)} />
      {newer > 0 && (
        <Button size="compact-sm" variant="default" onClick={list.again}>
          {t('list.fresh', { n: count(newer) })}
        </Button>
      )}
      {error && <Failure error={error} again={list.again} />}
      {rows.length > 0 && <TransferRows list={list} selection={selection} />}
      {rows.length === 0 && loading && (
        <Center p="xl">
          <Loader aria-label={t('common.loading')} />
        </Center>
      )}
      {rows.length === 0 && !loading && !error && <Text>{t('fault.nothing')}</Text>}
      {replaying && <ReplayDialog filter={input} selection={selection} onClose={() => setReplaying(false)} />}
    </Stack>
  )
}

export default TransfersPage
