import { Card, Group, SegmentedControl, Skeleton, Table, Title } from '@mantine/core'
import { memo, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { SystemTimelinesDocument, type SystemTimelinesQuery } from '../generated/graphql.js'
import { Failure } from '../show/failure.js'
import { loadPage } from '../show/load-page.js'
import { WideTable } from '../show/wide-table.js'
import { useFormats } from '../text/format.js'

const SystemTimelines = asDocument(SystemTimelinesDocument)
const HealthChart = loadPage(() => import('./health-chart.js'))
const RANGES = [1, 24, 168] as const
/** In an hour a few seconds can be seen, in a day no minute. */
const EVERY_MS = { 1: 5_000, 24: 30_000, 168: 30_000 } as const

/** Every span in words, the newest first: for who cannot see the chart, and for who needs the minute. */
const SpanTable = ({ histories }: { readonly histories: SystemTimelinesQuery['systemHistory'] }) => {
  const { t } = useTranslation()
  const { moment, duration } = useFormats()
  return (
    <WideTable
      label={t('timeline.title')}
      minWidth={520}
      heads={(['system', 'state', 'from', 'until', 'lasted'] as const).map((name) => t(`timeline.${name}`))}
      isDense
    >
      {histories.flatMap(({ systemId, spans }) =>
        spans.toReversed().map(({ state, from, until }) => (
          <Table.Tr key={`${systemId}-${from}`}>
            <Table.Td>{t(`system.short.${systemId}`)}</Table.Td>
            <Table.Td>{t(`timeline.states.${state}`)}</Table.Td>
            <Table.Td>{moment(from)}</Table.Td>
            <Table.Td>{moment(until)}</Table.Td>
            <Table.Td>{duration((new Date(until).getTime() - new Date(from).getTime()) / 1_000)}</Table.Td>
          </Table.Tr>
        )),
      )}
    </WideTable>
  )
}

const Timelines = () => {
  const { t } = useTranslation()
  const [hours, setHours] = useState<(typeof RANGES)[number]>(24)
  const { data, error, again } = useFresh(SystemTimelines, { hours }, { everyMs: EVERY_MS[hours] })
  // What was read last stays in sight while another range is read.
  const last = useRef(data)
  if (data) last.current = data
  const histories = last.current?.systemHistory
  return (
    <Card component="section" aria-labelledby="timelines">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="timelines">
          {t('timeline.title')}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t('timeline.range')}
          value={String(hours)}
          onChange={(chosen) => setHours(Number(chosen) as (typeof RANGES)[number])}
          data={RANGES.map((range) => ({ value: String(range), label: t(`timeline.hours${range}`) }))}
        />
      </Group>
      {error && <Failure error={error} again={again} />}
      {histories && (
        <>
          <Suspense fallback={<Skeleton h={180} />}>
            <HealthChart histories={histories} />
          </Suspense>
          <details>
            <summary>{t('timeline.table')}</summary>
            <SpanTable histories={histories} />
          </details>
        </>
      )}
    </Card>
  )
}

/** Each system's health over the last hour, day or week. Drawn anew for its own answers alone: the page around it is answered every second. */
export const HealthTimelines = memo(Timelines)
