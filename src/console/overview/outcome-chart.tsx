import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { Table, VisuallyHidden } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../text/format.js'
import { type HourOfOutcomes, OUTCOMES, type Outcome } from './hourly-outcomes.js'

const COLOURS: Record<Outcome, string> = {
  DELIVERED: 'teal.7',
  MOVING: 'blue.5',
  WAITING: 'yellow.6',
  ATTENTION: 'red.7',
  CLOSED: 'gray.5',
}

interface Outcomes {
  readonly hours: readonly HourOfOutcomes[]
}

const Chart = ({ hours }: Outcomes) => {
  const { t } = useTranslation()
  const { clock, count } = useFormats()
  return (
    <>
      <div aria-hidden="true">
        <BarChart
          h={220}
          data={hours.map((row) => ({ ...row, hour: clock(row.hour) }))}
          dataKey="hour"
          type="stacked"
          withLegend
          legendProps={{ itemSorter: null }}
          yAxisProps={{ allowDecimals: false }}
          series={OUTCOMES.map((outcome) => ({ name: outcome, label: t(`overview.outcome.${outcome}`), color: COLOURS[outcome] }))}
          valueFormatter={count}
          barProps={{ isAnimationActive: false }}
          tooltipAnimationDuration={0}
          barChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <VisuallyHidden>
        <Table>
          <caption>{t('overview.outcomesTable')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('overview.hour')}</th>
              {OUTCOMES.map((outcome) => (
                <th scope="col" key={outcome}>
                  {t(`overview.outcome.${outcome}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hours.map((row) => (
              <tr key={row.hour}>
                <th scope="row">{clock(row.hour)}</th>
                {OUTCOMES.map((outcome) => (
                  <td key={outcome}>{row[outcome]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </VisuallyHidden>
    </>
  )
}

const isSame = (one: Outcomes, other: Outcomes): boolean => JSON.stringify(one.hours) === JSON.stringify(other.hours)

/** The chart, and the same as a table for who cannot see it. Drawing it is most of what an answer costs the browser: it is drawn when a number has changed. */
export default memo(Chart, isSame)
