import { Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { leftOutOf } from '../data/conditions-address.js'
import { asDocument } from '../data/documents.js'
import { downloadFile } from '../data/download-file.js'
import { usePages } from '../data/use-pages.js'
import { type AuditFilterInput, AuditPageDocument, type AuditPageQuery } from '../generated/graphql.js'
import { BusyButton } from '../show/busy-button.js'
import { LeftOut } from '../show/left-out.js'
import { PageTitle } from '../show/page-title.js'
import { PagedList } from '../show/paged-list.js'
import { useFormats } from '../text/format.js'
import { exportAddress, readAsked, toAuditFilter, writeAsked } from './audit-address.js'
import { AuditEntryCard } from './audit-entry.js'
import { AuditForm } from './audit-form.js'

const Entries = asDocument(AuditPageDocument)
const entriesOf = ({ auditEntries }: AuditPageQuery) => auditEntries

const Download = ({ filter }: { readonly filter: AuditFilterInput }) => {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const download = async (): Promise<void> => {
    setBusy(true)
    const answer = await downloadFile(exportAddress(filter))
    setBusy(false)
    if (answer !== 'DONE')
      notifications.show({ color: 'red', title: t('audit.downloadFailed'), message: answer?.refused ?? t('fault.unreachable') })
  }
  return (
    <BusyButton size="xs" variant="default" busy={busy} onClick={() => void download()}>
      {t('audit.download')}
    </BusyButton>
  )
}

/** Every act of a person, newest first; the conditions stand in the address. */
const AuditPage = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const [search, setSearch] = useSearchParams()
  const asked = readAsked(search)
  const address = writeAsked(asked)
  const unread = leftOutOf(search, address)
  const filter = toAuditFilter(asked)
  const pages = usePages(Entries, { filter }, entriesOf)
  const total = pages.data?.auditEntries
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('audit.title')} />
        <Group gap="sm">
          <Text size="sm" role="status">
            {total &&
              t('audit.count', {
                n: total.totalCountIsExact ? count(total.totalCount) : t('common.atLeast', { n: count(total.totalCount) }),
              })}
          </Text>
          {unread.length === 0 && <Download filter={filter} />}
        </Group>
      </Group>
      <AuditForm key={address} asked={asked} onApply={(next) => setSearch(new URLSearchParams(writeAsked(next)))} />
      <LeftOut names={unread} />
      <PagedList pages={pages} none={t('audit.none')}>
        {(rows) => (
          <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
            {rows.map((entry) => (
              <AuditEntryCard key={entry.id} entry={entry} />
            ))}
          </Stack>
        )}
      </PagedList>
    </Stack>
  )
}

export default AuditPage
