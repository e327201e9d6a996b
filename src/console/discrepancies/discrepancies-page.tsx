import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { leftOutOf } from '../data/conditions-address.js'
import { asDocument } from '../data/documents.js'
import { usePages } from '../data/use-pages.js'
import { DiscrepanciesDocument, type DiscrepanciesQuery, type DiscrepancyRowFragment } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { DiscrepancyBadge } from '../show/badges.js'
import { LeftOut } from '../show/left-out.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { PagedList } from '../show/paged-list.js'
import { WideTable } from '../show/wide-table.js'
import { useFormats } from '../text/format.js'
import { BatchList } from './batch-list.js'
import { BulkDialog } from './bulk-dialog.js'
import { readDiscrepancyAsked, toDiscrepancyFilter, writeDiscrepancyAsked } from './discrepancy-address.js'
import { DiscrepancyForm } from './discrepancy-form.js'

const Discrepancies = asDocument(DiscrepanciesDocument)
const EVERY_MS = 15_000
const pageOf = ({ discrepancies }: DiscrepanciesQuery) => discrepancies

/** On a small screen what is proposed and the state stand below the class and the code: nothing that decides is to be scrolled for. */
const Rows = ({ rows }: { readonly rows: readonly DiscrepancyRowFragment[] }) => {
  const { t } = useTranslation()
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false
  const [dossier, kind, system] = [t('discrepancy.dossier'), t('discrepancy.class'), t('discrepancy.system')]
  const more = [t('discrepancy.state'), t('discrepancy.proposed'), t('discrepancy.foundAt')]
  return (
    <WideTable
      label={t('discrepancy.list')}
      minWidth={isNarrow ? 0 : 720}
      heads={isNarrow ? [dossier, kind] : [dossier, kind, system, ...more]}
    >
      {rows.map((one) => (
        <Table.Tr key={one.id}>
          <Table.Td style={{ whiteSpace: isNarrow ? undefined : 'nowrap' }}>
            <Anchor component={Link} to={`/discrepancies/${one.id}`} size="sm">
              {one.dossierCode}
            </Anchor>
            {isNarrow && (
              <>
                <Text size="xs">
                  {t(`system.short.${one.systemId}`)}, <Moment at={one.foundAt ?? one.createdAt} />
                </Text>
                <DiscrepancyBadge state={one.state} />
              </>
            )}
          </Table.Td>
          <Table.Td>
            {t(`discrepancy.classes.${one.class}`)}
            {one.fields.length > 0 && <Text size="xs">{one.fields.map(({ field }) => t(`discrepancy.fields.${field}`)).join(', ')}</Text>}
            {isNarrow && <Text size="xs">{t(`discrepancy.repairs.${one.proposedRepair}`)}</Text>}
          </Table.Td>
          {!isNarrow && (
            <>
              <Table.Td>{t(`system.short.${one.systemId}`)}</Table.Td>
              <Table.Td>
                <DiscrepancyBadge state={one.state} />
              </Table.Td>
              <Table.Td>{t(`discrepancy.repairs.${one.proposedRepair}`)}</Table.Td>
              <Table.Td>
                <Moment at={one.foundAt ?? one.createdAt} />
              </Table.Td>
            </>
          )}
        </Table.Tr>
      ))}
    </WideTable>
  )
}

/** What runs have found, newest first; the conditions stand in the address, and one act goes to all that meet them. */
const DiscrepanciesPage = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const mayAct = useMay('actOnDiscrepancies')
  const [search, setSearch] = useSearchParams()
  const [acting, setActing] = useState(false)
  const [ordered, setOrdered] = useState(0)
  const asked = readDiscrepancyAsked(search)
  const address = writeDiscrepancyAsked(asked)
  const unread = leftOutOf(search, address)
  const filter = toDiscrepancyFilter(asked)
  const pages = usePages(Discrepancies, { filter }, pageOf, { everyMs: EVERY_MS })
  const { rows, data, again } = pages
  const total = data?.discrepancies
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('discrepancy.title')} />
        <Group gap="sm">
          <Text size="sm" role="status">
            {total &&
              t('discrepancy.count', {
                n: total.totalCountIsExact ? count(total.totalCount) : t('common.atLeast', { n: count(total.totalCount) }),
              })}
          </Text>
          {mayAct && rows.length > 0 && unread.length === 0 && (
            <Button size="xs" variant="default" onClick={() => setActing(true)}>
              {t('discrepancy.bulk.open')}
            </Button>
          )}
        </Group>
      </Group>
      <DiscrepancyForm key={address} asked={asked} onApply={(next) => setSearch(new URLSearchParams(writeDiscrepancyAsked(next)))} />
      <LeftOut names={unread} />
      <PagedList pages={pages} none={t('discrepancy.none')}>
        {(read) => <Rows rows={read} />}
      </PagedList>
      {mayAct && <BatchList key={ordered} onChanged={again} />}
      {acting && (
        <BulkDialog
          filter={filter}
          onDone={() => {
            setActing(false)
            setOrdered((before) => before + 1)
            again()
          }}
          onClose={() => setActing(false)}
        />
      )}
    </Stack>
  )
}

export default DiscrepanciesPage
