import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { useTranslation } from 'react-i18next'
import type { ReportNumbersFragment } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'

const SERIES = {
  counts: [
    ['onTime', 'teal.7'],
    ['lateByInterlink', 'red.7'],
    ['late', 'orange.6'],
    ['open', 'gray.5'],
  ],
  hours: [
    ['interlinkHours', 'red.7'],
    ['savedHours', 'teal.7'],
  ],
} as const

interface ReportChartProps {
  readonly rows: readonly (ReportNumbersFragment & { readonly name: string })[]
  readonly of: keyof typeof SERIES
}

/** The same stands in the table below it, for who cannot see the chart. */
const ReportChart = ({ rows, of }: ReportChartProps) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  return (
    <div aria-hidden="true">
      <BarChart
        h={220}
        data={rows.map((row) => ({ ...row }))}
        dataKey="name"
        type={of === 'counts' ? 'stacked' : 'default'}
        withLegend
        legendProps={{ itemSorter: null }}
        maxBarWidth={64}
        yAxisProps={{ allowDecimals: of === 'hours' }}
        series={SERIES[of].map(([name, color]) => ({ name, label: t(`report.${name}`), color }))}
        valueFormatter={count}
        barProps={{ isAnimationActive: false }}
        tooltipAnimationDuration={0}
        barChartProps={{ accessibilityLayer: false }}
      />
    </div>
  )
}

export default ReportChart
