// biome-ignore-all lint/a11y/useSemanticElements: rows out of sight do not exist, and a table of positioned rows is none to a browser
// biome-ignore-all lint/a11y/useFocusableInteractive: what can be used in a row is a link; the row itself is not
import { Anchor, Button, Card, Group, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asDocument } from '../data/documents.js'
import { usePages } from '../data/use-pages.js'
import { type PlanFactsFragment, PlanRowsDocument, type PlanRowsQuery } from '../generated/graphql.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { Moment } from '../show/moment.js'
import { saidIn } from '../text/said.js'
import type { RowsShown } from './plan-counts.js'
import classes from './plan-rows.module.css'

const Rows = asDocument(PlanRowsDocument)
const rowsOf = ({ replayPlan }: PlanRowsQuery) => replayPlan?.rows
const ROW_PX = 36
/** A card, and one that says why. */
const CARD_PX = 56
const REASONED_PX = 120
const AHEAD = 40
const A_PAGE = 100

interface PlanRowsProps {
  readonly plan: PlanFactsFragment
  readonly shown: RowsShown
  readonly onShow: (rows: RowsShown) => void
}

type Row = NonNullable<PlanRowsQuery['replayPlan']>['rows']['edges'][number]['node']

const whyOf = ({ resultReason, forecastReason }: Row): string | null | undefined => resultReason ?? forecastReason

/** The transfers of the plan in the order in which they go, with what was foreseen and what became of each. */
export const PlanRows = ({ plan, shown, onShow }: PlanRowsProps) => {
  const { t } = useTranslation()
  const { rows, hasMore, loading, error, more, again } = usePages(Rows, { id: plan.id, ...shown }, rowsOf, { first: A_PAGE })
  const scroller = useRef<HTMLDivElement>(null)
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index]
      return isNarrow ? (row && whyOf(row) ? REASONED_PX : CARD_PX) : ROW_PX
    },
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights of rows are what has changed
  useEffect(() => virtualizer.measure(), [isNarrow, rows])
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && hasMore && last >= rows.length - AHEAD) more()
  })
  // Counts that moved are rows that moved: few are read anew, of many one decides oneself.
  const moved = JSON.stringify([plan.state, plan.results, plan.forecasts])
  const seen = useRef(moved)
  const isShort = rows.length <= A_PAGE
  const isBehind = seen.current !== moved
  useEffect(() => {
    if (seen.current === moved || !isShort) return
    seen.current = moved
    again()
  })
  const refresh = (): void => {
    seen.current = moved
    again()
  }
  const narrowed = shown.forecast ? t(`plan.forecast.${shown.forecast}`) : shown.result ? t(`plan.result.${shown.result}`) : undefined
  return (
    <Card component="section" aria-labelledby="plan-rows">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="plan-rows">
          {t('plan.list')}
          {narrowed && `: ${narrowed}`}
        </Title>
        <Group gap="xs">
          {isBehind && !isShort && (
            <Button size="compact-sm" variant="default" onClick={refresh}>
              {t('fault.again')}
            </Button>
          )}
          {narrowed && (
            <Button size="compact-sm" variant="default" onClick={() => onShow({})}>
              {t('plan.allRows')}
            </Button>
          )}
        </Group>
      </Group>
      {error && <Failure error={error} again={again} />}
      {rows.length === 0 && loading && <Loading height={120} />}
      {rows.length === 0 && !loading && !error && <Text size="sm">{t('fault.nothing')}</Text>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls by the keys */}
      <div ref={scroller} className={classes.scroller} role="table" aria-labelledby="plan-rows" hidden={rows.length === 0} tabIndex={0}>
        <div role="row" className={`${classes.row} ${classes.head}`}>
          <div role="columnheader">{t('plan.position')}</div>
          <div role="columnheader">{t('transfer.dossier')}</div>
          <div role="columnheader">{t('overview.due')}</div>
          <div role="columnheader">{t('transfer.receiver')}</div>
          <div role="columnheader">{t('plan.results')}</div>
          <div role="columnheader">{t('plan.why')}</div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ key, index, start, size }) => {
            const row = rows[index]
            if (!row) return null
            const { transfer } = row
            const why = whyOf(row)
            return (
              <div key={key} role="row" className={classes.row} style={{ height: size, transform: `translateY(${start}px)` }}>
                <div role="cell">{row.position}</div>
                <div role="cell" className={classes.cell}>
                  <Anchor component={Link} to={`/transfers/${transfer.id}`} size="sm">
                    {transfer.dossier.code}
                  </Anchor>
                </div>
                <div role="cell">
                  <Moment at={transfer.dueAt} only="day" />
                </div>
                <div role="cell" className={classes.cell}>
                  {t(`system.short.${transfer.systemId}`)}: {t(`transfer.operation.${transfer.operation}`)}
                </div>
                <div role="cell" className={classes.cell}>
                  {row.result === 'WAITING' && row.forecast ? t(`plan.forecast.${row.forecast}`) : t(`plan.result.${row.result}`)}
                </div>
                <div role="cell" className={classes.cell} lang={saidIn(why)} title={why ?? undefined}>
                  {why}
                </div>
              </div>
            )
          })}
        </div>
      </div>
    </Card>
  )
}
