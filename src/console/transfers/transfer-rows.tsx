// biome-ignore-all lint/a11y/useSemanticElements: rows out of sight do not exist, and a table of positioned rows is none to a browser
// biome-ignore-all lint/a11y/useFocusableInteractive: what can be used in a row is a link; the row itself is not
import { Anchor, Checkbox } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { TransferRowFragment } from '../generated/graphql.js'
import { StateBadge } from '../show/badges.js'
import { Ago, Moment } from '../show/moment.js'
import { saidIn } from '../text/said.js'
import classes from './transfer-rows.module.css'
import type { TransferList } from './use-transfer-list.js'

const ROW_PX = 40
const CARD_PX = 84
/** The next page is asked for when so many rows are left below. */
const AHEAD = 60

interface RowProps {
  readonly row: TransferRowFragment
  readonly index: number
  readonly start: number
  readonly height: number
  /** Undefined: this person picks none. */
  readonly picked?: boolean
  readonly onPick: (id: string) => void
}

const Row = memo(({ row, index, start, height, picked, onPick }: RowProps) => {
  const { t } = useTranslation()
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes.row}
      style={{ height, transform: `translateY(${start}px)` }}
      data-index={index}
    >
      <div role="cell" className={`${classes.cell} ${classes.code}`}>
        {picked !== undefined && (
          <Checkbox
            size="xs"
            checked={picked}
            onChange={() => onPick(row.id)}
            aria-label={t('list.pick', { code: row.dossier.code, operation: t(`transfer.operation.${row.operation}`) })}
          />
        )}
        <Anchor component={Link} to={`/transfers/${row.id}`} size="sm">
          {row.dossier.code}
        </Anchor>
      </div>
      <div role="cell" className={`${classes.cell} ${classes.applicant}`}>
        {row.dossier.applicant.fullName}
      </div>
      <div role="cell" className={`${classes.cell} ${classes.operation}`}>
        {t(`system.short.${row.systemId}`)}: {t(`transfer.operation.${row.operation}`)}
      </div>
      <div role="cell" className={`${classes.cell} ${classes.state}`}>
        <StateBadge state={row.state} heldReason={row.heldReason} behind={Boolean(row.blockedBy)} />
      </div>
      <div role="cell" className={`${classes.cell} ${classes.due}`}>
        <Moment at={row.dueAt} only="day" />
      </div>
      <div role="cell" className={`${classes.cell} ${classes.changed}`}>
        <Ago at={row.updatedAt} />
      </div>
      <div role="cell" className={`${classes.cell} ${classes.attempts}`}>
        {row.attemptCount}
      </div>
      <div role="cell" className={`${classes.cell} ${classes.error}`} lang={saidIn(row.lastError)} title={row.lastError ?? undefined}>
        {row.state === 'DELIVERED' ? '' : row.lastError}
      </div>
    </div>
  )
})

interface TransferRowsProps {
  readonly list: TransferList
  /** Undefined: this person picks none. */
  readonly picked?: ReadonlySet<string>
  readonly onPick: (id: string) => void
}

/** The list itself: only the rows in sight exist. Arrow keys go from row to row; Home and End to the ends of what is loaded. */
export const TransferRows = ({ list, picked, onPick }: TransferRowsProps) => {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false
  const height = isNarrow ? CARD_PX : ROW_PX
  const { rows, hasMore, loadMore, total } = list
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of a row is what has changed
  useEffect(() => virtualizer.measure(), [height])
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) loadMore()
  }, [hasMore, last, rows.length, loadMore])

  /** The row that a key leads to may be out of sight, and then exists with one of the next renderings only: unless one has gone elsewhere by then. */
  const goingTo = useRef<number | null>(null)
  const arrive = (): void => {
    if (goingTo.current === null) return
    const { activeElement, body } = document
    const isHere = activeElement === body || scroller.current?.contains(activeElement) === true
    const link = scroller.current?.querySelector<HTMLElement>(`[data-index="${goingTo.current}"] a`)
    if (isHere && !link) return
    goingTo.current = null
    if (isHere) link?.focus({ preventScroll: true })
  }
  useEffect(arrive)

  const go = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = Number((event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index ?? Number.NaN)
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }
    const to = moves[event.key]
    if (to === undefined || Number.isNaN(at) || to < 0 || to >= rows.length) return
    event.preventDefault()
    virtualizer.scrollToIndex(to)
    goingTo.current = to
    arrive()
  }

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      onKeyDown={go}
      role="table"
      aria-label={t('list.title')}
      aria-rowcount={total?.isExact ? total.count + 1 : -1}
    >
      <div role="row" aria-rowindex={1} className={classes.head}>
        <div role="columnheader">{t('transfer.dossier')}</div>
        <div role="columnheader">{t('transfer.applicant')}</div>
        <div role="columnheader">{t('transfer.receiver')}</div>
        <div role="columnheader">{t('transfer.stateHead')}</div>
        <div role="columnheader">{t('overview.due')}</div>
        <div role="columnheader">{t('transfer.updated')}</div>
        <div role="columnheader" title={t('transfer.attemptCount')}>
          #<span hidden>{t('transfer.attemptCount')}</span>
        </div>
        <div role="columnheader">{t('transfer.what')}</div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ key, index, start }) => {
          const row = rows[index]
          return row && <Row key={key} row={row} index={index} start={start} height={height} picked={picked?.has(row.id)} onPick={onPick} />
        })}
      </div>
    </div>
  )
}
