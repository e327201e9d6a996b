import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { ColorSwatch, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SystemId, SystemTimelineState, SystemTimelinesQuery } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'
import { healthBars } from './health-bars.js'

const COLOURS: Record<SystemTimelineState, string> = {
  UP: 'var(--mantine-color-teal-7)',
  UNKNOWN: 'var(--console-unknown)',
  BREAKER_OPEN: 'var(--mantine-color-yellow-6)',
  REFUSING: 'var(--mantine-color-pink-5)',
  DOWN: 'var(--mantine-color-red-7)',
  PAUSED: 'var(--mantine-color-orange-6)',
  MAINTENANCE: 'var(--mantine-color-blue-5)',
}
const TICKS = 4
const DAY_MS = 86_400_000

/** A bar a system, coloured by what it was; the same stands in the table beside it. */
const HealthChart = ({ histories }: { readonly histories: SystemTimelinesQuery['systemHistory'] }) => {
  const { t } = useTranslation()
  const { clock, day } = useFormats()
  const { rows, series, from, until } = healthBars(histories)
  const length = until - from
  const states = [...new Set(series.map(({ state }) => state))]
  return (
    <div aria-hidden="true">
      <BarChart
        h={50 + rows.length * 44}
        data={rows.map((row) => ({ ...row, name: t(`system.short.${row.systemId as SystemId}`) }))}
        dataKey="name"
        orientation="vertical"
        type="stacked"
        withTooltip={false}
        gridAxis="none"
        series={series.map(({ name, state }) => ({ name, color: COLOURS[state] }))}
        xAxisProps={{
          type: 'number',
          domain: [0, length],
          ticks: Array.from({ length: TICKS + 1 }, (_, tick) => (length * tick) / TICKS),
          tickFormatter: (at: number) => (length > DAY_MS * 2 ? day(from + at) : clock(from + at)),
        }}
        yAxisProps={{ width: 70 }}
        barProps={{ isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false }}
      />
      <Group gap="md" mt="xs">
        {states.map((state) => (
          <Group key={state} gap={6}>
            <ColorSwatch size={12} withShadow={false} color={COLOURS[state]} />
            <Text size="sm">{t(`timeline.states.${state}`)}</Text>
          </Group>
        ))}
      </Group>
    </div>
  )
}

export default HealthChart
