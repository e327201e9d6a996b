import { Card, Progress, Table, Text, Title, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PlanFactsFragment, ReplayRowForecast, ReplayRowResult } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'

const FORECAST_COLOURS: Record<ReplayRowForecast, string> = {
  WOULD_BE_SENT: 'teal.7',
  ALREADY_THERE: 'blue.5',
  STILL_REJECTED: 'red.7',
  BLOCKED: 'orange.6',
  CHANGED: 'grape.5',
  UNCERTAIN: 'yellow.6',
  NOT_ALLOWED: 'gray.5',
}

const RESULT_COLOURS: Record<ReplayRowResult, string> = {
  DELIVERED: 'teal.7',
  QUEUED: 'blue.5',
  WAITING: 'gray.4',
  FAILED: 'red.7',
  BLOCKED: 'orange.6',
  SKIPPED: 'yellow.6',
}

interface Counted {
  readonly name: string
  readonly label: string
  readonly colour: string
  readonly count: number
  readonly onChoose: () => void
}

/** One bar of all rows, and the same in figures, by which the rows below are narrowed. */
const Counts = ({
  id,
  title,
  none,
  counts,
  total,
}: {
  id: string
  title: string
  none?: string
  counts: readonly Counted[]
  total: number
}) => {
  const { count } = useFormats()
  const present = counts.filter((one) => one.count > 0)
  return (
    <Card component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="xs">
        {title}
      </Title>
      {present.length === 0 && none && <Text size="sm">{none}</Text>}
      {present.length > 0 && (
        <>
          <Progress.Root size="lg" aria-hidden="true" mb="xs">
            {present.map(({ name, colour, count: many }) => (
              <Progress.Section key={name} value={(many / Math.max(total, 1)) * 100} color={colour} />
            ))}
          </Progress.Root>
          <Table verticalSpacing={2} withRowBorders={false}>
            <Table.Tbody>
              {present.map(({ name, label, colour, count: many, onChoose }) => (
                <Table.Tr key={name}>
                  <Table.Td>
                    <UnstyledButton onClick={onChoose} fz="sm" td="underline">
                      <span
                        aria-hidden="true"
                        style={{
                          display: 'inline-block',
                          width: 10,
                          height: 10,
                          marginInlineEnd: 6,
                          background: `var(--mantine-color-${colour.replace('.', '-')})`,
                        }}
                      />
                      {label}
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td ta="right">{count(many)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </Card>
  )
}

export interface RowsShown {
  readonly forecast?: ReplayRowForecast
  readonly result?: ReplayRowResult
}

interface PlanCountsProps {
  readonly plan: PlanFactsFragment
  readonly onShow: (rows: RowsShown) => void
}

export const ForecastCounts = ({ plan, onShow }: PlanCountsProps) => {
  const { t } = useTranslation()
  const counts = plan.forecasts.map(({ forecast, count }) => ({
    name: forecast,
    label: t(`plan.forecast.${forecast}`),
    colour: FORECAST_COLOURS[forecast],
    count,
    onChoose: () => onShow({ forecast }),
  }))
  return <Counts id="forecasts" title={t('plan.forecasts')} none={t('plan.forecastsNone')} counts={counts} total={plan.rowCount} />
}

export const ResultCounts = ({ plan, onShow }: PlanCountsProps) => {
  const { t } = useTranslation()
  const counts = plan.results.map(({ result, count }) => ({
    name: result,
    label: t(`plan.result.${result}`),
    colour: RESULT_COLOURS[result],
    count,
    onChoose: () => onShow({ result }),
  }))
  return <Counts id="results" title={t('plan.results')} counts={counts} total={plan.rowCount} />
}
