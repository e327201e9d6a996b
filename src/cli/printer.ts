import stringWidth from 'string-width'
import type { Terminal } from './terminal.js'

/** One column of a table for people. */
export interface Column<Row> {
  readonly heading: string
  readonly of: (row: Row) => string | number | null | undefined
}

/** Tables for people, `--json` for scripts. */
export interface Printer {
  /** As JSON all of each row. `empty` is said in place of an empty table. */
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): void
  result(value: object, sentence: string): void
}

const jsonPrinter = ({ write }: Terminal): Printer => ({
  table: (rows) => write(JSON.stringify(rows, null, 2)),
  result: (value) => write(JSON.stringify(value)),
})

/** As much of a text as fits into so many columns. */
const shortened = (text: string, width: number): string => {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (stringWidth(kept) + stringWidth(character) >= width) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

const GAP = '  '
/** Narrower than this the last column is not cut: the line breaks instead. */
const LEAST_WIDTH = 12

/** Columns as wide as what stands in them; on a screen the last one is cut where the screen ends. */
export const linesOf = <Row>(rows: readonly Row[], columns: readonly Column<Row>[], screenWidth = Number.POSITIVE_INFINITY): string[] => {
  const cells = [
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ of }) => String(of(row) ?? '').replaceAll(/\s+/g, ' '))),
  ]
  const widths = columns.map((_column, index) => Math.max(...cells.map((line) => stringWidth(line[index] ?? ''))))
  const left = screenWidth - widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0)
  const lastWidth = left < LEAST_WIDTH ? Number.POSITIVE_INFINITY : left
  const cell = (text: string, index: number): string => {
    if (index === columns.length - 1) return shortened(text, lastWidth)
    return text + ' '.repeat((widths[index] ?? 0) - stringWidth(text))
  }
  return cells.map((line) => line.map(cell).join(GAP).trimEnd())
}

const tablePrinter = ({ write, width }: Terminal): Printer => ({
  table: (rows, columns, empty) => {
    if (rows.length === 0) return write(empty)
    write(linesOf(rows, columns, width).join('\n'))
  },
  result: (_value, sentence) => write(sentence),
})

export const printerFor = (json: boolean | undefined, terminal: Terminal): Printer =>
  json ? jsonPrinter(terminal) : tablePrinter(terminal)
