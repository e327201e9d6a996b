import { Alert, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { asDocument } from '../data/documents.js'
import { downloadFile } from '../data/download-file.js'
import { useFresh } from '../data/use-fresh.js'
import { MonthReportPageDocument, type ReportNumbersFragment } from '../generated/graphql.js'
import { BusyButton } from '../show/busy-button.js'
import { Fact, Facts } from '../show/fact.js'
import { Failure } from '../show/failure.js'
import { loadPage } from '../show/load-page.js'
import { Loading } from '../show/loading.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'
import { daysOf, readReportAsked, recordFile, reportFile, toReportFilter, writeReportAsked } from './report-address.js'
import { ReportForm } from './report-form.js'
import { ReportTable } from './report-table.js'

const Report = asDocument(MonthReportPageDocument)
/** The chart library is the largest part of the console: it comes after the figures. */
const ReportChart = loadPage(() => import('./report-chart.js'))
const EVERY_MS = 60_000
const TOTALS = ['dossiers', 'onTime', 'lateByInterlink', 'late', 'open', 'interlinkHours', 'savedHours'] as const

const Download = ({ address, text }: { readonly address: string; readonly text: string }) => {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const download = async (): Promise<void> => {
    setBusy(true)
    const answer = await downloadFile(address)
    setBusy(false)
    if (answer !== 'DONE')
      notifications.show({ color: 'red', title: t('report.failed'), message: answer?.refused ?? t('fault.unreachable') })
  }
  return (
    <BusyButton size="xs" variant="default" busy={busy} onClick={() => void download()}>
      {text}
    </BusyButton>
  )
}

/** On time, late, late because of the interlink, and what retries saved; the conditions stand in the address. */
const ReportsPage = () => {
  const { t } = useTranslation()
  const { count, moment, day } = useFormats()
  const [search, setSearch] = useSearchParams()
  const asked = readReportAsked(search, Date.now())
  const { data, error, again } = useFresh(Report, { filter: toReportFilter(asked), by: asked.by }, { everyMs: EVERY_MS })
  const report = data?.monthReport
  const { first, last } = daysOf(asked)
  const nameOf = ({ month, communeName, procedureCode, procedureName, systemId }: ReportNumbersFragment): string => {
    if (month) return `${month.slice(5)}/${month.slice(0, 4)}`
    if (systemId) return t(`system.short.${systemId}`)
    return communeName ?? (procedureCode ? `${procedureCode} ${procedureName ?? ''}` : '')
  }
  const keyOf = ({ month, communeCode, communeName, procedureCode, systemId }: ReportNumbersFragment): string =>
    [month, communeCode, communeName, procedureCode, systemId].join(' ')
  const rows = (report?.rows ?? []).map((row) => ({ ...row, key: keyOf(row), name: nameOf(row) }))
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('report.title')} />
        <Group gap="sm">
          <Text size="sm" role="status">
            {report?.asOf && t('report.asOf', { at: moment(report.asOf) })}
          </Text>
          <Download address={reportFile(asked)} text={t('report.csv')} />
          <Download address={recordFile(asked)} text={t('report.record')} />
        </Group>
      </Group>
      <ReportForm key={writeReportAsked(asked)} asked={asked} onApply={(next) => setSearch(new URLSearchParams(writeReportAsked(next)))} />
      <Text size="sm">
        {t(`report.range.${asked.basis}`, { first: day(first), last: day(last) })}
        {Date.parse(last) > Date.now() && ` ${t(`report.toCome.${asked.basis}`)}`}
      </Text>
      {error && <Failure error={error} again={again} />}
      {!report && !error && <Loading height={320} />}
      {report && !report.isWhole && (
        <Alert color="orange" variant="outline">
          {t(report.asOf ? 'report.growing' : 'report.notBegun')}
        </Alert>
      )}
      {report && (
        <Card component="section">
          <Facts>
            {TOTALS.map((name) => (
              <Fact key={name} name={t(`report.${name}`)}>
                {count(report.total[name])}
              </Fact>
            ))}
          </Facts>
        </Card>
      )}
      {report && rows.length === 0 && <Text>{t('report.none')}</Text>}
      {rows.length > 0 && (
        <>
          {(['counts', 'hours'] as const).map((of) => (
            <Card component="section" key={of} aria-labelledby={`report-${of}`}>
              <Title order={2} size="h4" id={`report-${of}`} mb="sm">
                {t(`report.${of}`)}
              </Title>
              <Suspense fallback={<Skeleton h={220} />}>
                <ReportChart rows={rows} of={of} />
              </Suspense>
            </Card>
          ))}
          <Card component="section">
            <ReportTable caption={t('report.title')} first={t(`report.dimension.${asked.by}`)} rows={rows} />
            <Text size="xs" mt="sm">
              {t('report.savedLead')}
            </Text>
          </Card>
        </>
      )}
    </Stack>
  )
}

export default ReportsPage
