/** Tables for people, `--json` for scripts. */
export interface Printer {
  /** `empty` is said in place of an empty table. */
  table(rows: readonly Record<string, unknown>[], empty: string): void
  result(value: Record<string, unknown>, sentence: string): void
}

const write = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const jsonPrinter: Printer = {
  table: (rows) => write(JSON.stringify(rows, null, 2)),
  result: (value) => write(JSON.stringify(value)),
}

const tablePrinter: Printer = {
  table: (rows, empty) => {
    const [first] = rows
    if (!first) return write(empty)
    const columns = Object.keys(first)
    const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))
    const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => text(row[column]).length)))
    const line = (cells: readonly string[]): string => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')
    write(line(columns))
    for (const row of rows) write(line(columns.map((column) => text(row[column]))))
  },
  result: (_value, sentence) => write(sentence),
}

export const printerFor = (json: boolean): Printer => (json ? jsonPrinter : tablePrinter)
