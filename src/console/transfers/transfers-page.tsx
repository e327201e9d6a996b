import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { useMay } from '../session/use-may.js'
import { Failure } from '../show/failure.js'
import { LeftOut } from '../show/left-out.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'
import { type ListFilter, leftOut, MOST_PICKED, NO_FILTER, readFilter, toFilterInput, writeFilter } from './filter-address.js'
import { FilterBar } from './filter-bar.js'
import { ForbiddenApplicant, useForbidsApplicant } from './forbidden-applicant.js'
import { TransferRows } from './transfer-rows.js'
import { type TransferList, useTransferList } from './use-transfer-list.js'

/** A plan of the transfers that one has picked, wherever in the list they stand. */
const PlanOfPicked = ({ picked, onClear }: { readonly picked: ReadonlySet<string>; readonly onClear: () => void }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  if (picked.size === 0) return null
  const tooMany = picked.size > MOST_PICKED
  return (
    <Group gap="xs">
      <Button component={Link} to={`/plans/new?${writeFilter({ ...NO_FILTER, id: [...picked] })}`} size="compact-sm" disabled={tooMany}>
        {t('plan.picked', { n: count(picked.size) })}
      </Button>
      <Button size="compact-sm" variant="default" onClick={onClear}>
        {t('list.unpick')}
      </Button>
      {tooMany && <Text size="sm">{t('list.mostPicked', { n: count(MOST_PICKED) })}</Text>}
    </Group>
  )
}

/** From all that match, also what is not loaded, a replay plan is made: it looks before it sends, and goes on without this tab. */
const PlanOfAll = ({ list, address }: { readonly list: TransferList; readonly address: string }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const mayPlan = useMay('seePlans')
  const { total } = list
  if (!mayPlan || address === '' || !total || total.count === 0) return null
  return (
    <Group>
      <Button component={Link} to={`/plans/new?${address}`} size="compact-sm">
        {t('plan.allMatching', { n: total.isExact ? count(total.count) : t('common.atLeast', { n: count(total.count) }) })}
      </Button>
    </Group>
  )
}

interface FoundProps {
  readonly filter: ListFilter
  readonly address: URLSearchParams
  readonly onApply: (filter: ListFilter) => void
}

const FoundTransfers = ({ filter, address, onApply }: FoundProps) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const input = toFilterInput(filter)
  const unread = leftOut(address)
  const list = useTransferList(input)
  const { total, rows, loading, newer, error } = list
  const mayPlan = useMay('seePlans')
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const pick = useCallback(
    (id: string): void => setPicked((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id])),
    [],
  )
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('list.title')} />
        <Text size="sm" role="status">
          {total && t('list.count', { n: total.isExact ? count(total.count) : t('common.atLeast', { n: count(total.count) }) })}
        </Text>
      </Group>
      <FilterBar filter={filter} onApply={onApply} />
      <LeftOut names={unread} sentence="list.leftOut" />
      {unread.length === 0 && <PlanOfAll list={list} address={writeFilter(filter)} />}
      <PlanOfPicked picked={picked} onClear={() => setPicked(new Set())} />
      {newer > 0 && (
        <Button size="compact-sm" variant="default" onClick={list.again}>
          {t('list.fresh', { n: count(newer) })}
        </Button>
      )}
      {error && <Failure error={error} again={list.again} />}
      {rows.length > 0 && <TransferRows list={list} picked={mayPlan ? picked : undefined} onPick={pick} />}
      {rows.length === 0 && loading && (
        <Center p="xl">
          <Loader aria-label={t('common.loading')} />
        </Center>
      )}
      {rows.length === 0 && !loading && !error && <Text>{t('fault.nothing')}</Text>}
    </Stack>
  )
}

const TransfersPage = () => {
  const { t } = useTranslation()
  const [address, setAddress] = useSearchParams()
  const filter = readFilter(address)
  const apply = (next: ListFilter): void => setAddress(new URLSearchParams(writeFilter(next)))
  if (!useForbidsApplicant(filter)) return <FoundTransfers filter={filter} address={address} onApply={apply} />
  return (
    <Stack gap="sm">
      <PageTitle text={t('list.title')} />
      <FilterBar filter={filter} onApply={apply} />
      <ForbiddenApplicant onDrop={() => apply({ ...filter, applicant: undefined })} />
    </Stack>
  )
}

export default TransfersPage
