import { type FileHandle, open, rm } from 'node:fs/promises'
import { stringify } from 'csv-stringify/sync'
import { asFileFault } from '../model/file-fault.js'
import { REJECTED_COLUMNS } from './csv-row.js'
import type { FileRow, HistoryFile } from './read-history-file.js'

/**
 * Tệp các dòng bị loại, `ho-so.rejected.csv` beside `ho-so.csv`: each row as it stood, with its number and the reason, to be mended and loaded again as a file of its own. The run's row
 * says how long it was when the last batch was committed: what a killed process wrote behind that is written over, so each row stands here once.
 */
export interface RejectedFile {
  /** Puts the rows of a batch at `at` and cuts off what was behind; on the disk when it resolves. Returns the new length. */
  write(at: number, rows: readonly RejectedRow[]): Promise<number>
  /** `length`: of all that was committed, at the end of the run; nothing stands behind it then. */
  close(length?: number): Promise<void>
}

export interface RejectedRow {
  readonly row: FileRow
  readonly reason: string
}

export const rejectedPlaceOf = (path: string): string => path.replace(/\.(csv|ndjson|jsonl)$/i, '.rejected.$1')

export const openRejectedFile = async (path: string, { format, delimiter }: HistoryFile): Promise<RejectedFile> => {
  let opened: FileHandle | undefined
  // Personal data: for this account alone.
  const file = async (): Promise<FileHandle> => {
    opened ??= await open(path, 'r+', 0o600)
      .catch(() => open(path, 'w+', 0o600))
      .catch((error: unknown) => {
        throw asFileFault(error, path, 'WRITE')
      })
    return opened
  }
  return {
    write: async (at, rows) => {
      if (rows.length === 0) return at
      const handle = await file()
      // Somebody may have taken it away, or cut it, between two processes.
      const start = Math.min(at, (await handle.stat()).size)
      const text = format === 'CSV' ? csvOf(rows, delimiter, start === 0) : rows.map(lineOf).join('')
      const bytes = Buffer.from(text)
      await handle.write(bytes, 0, bytes.length, start)
      await handle.truncate(start + bytes.length)
      await handle.datasync()
      return start + bytes.length
    },
    close: async (length) => {
      if (length !== undefined && length > 0) await opened?.truncate(length)
      await opened?.close()
      if (length === 0) await rm(path, { force: true })
    },
  }
}

const csvOf = (rows: readonly RejectedRow[], delimiter: string, withHeader: boolean): string => {
  const own: readonly string[] = REJECTED_COLUMNS
  const cellsOf = ({ original }: FileRow, pick: 'header' | 'cells'): readonly string[] =>
    typeof original === 'string' ? [] : original[pick].filter((_cell, place) => !own.includes(original.header[place] ?? ''))
  const [first] = rows
  const header = withHeader && first ? [[...own, ...cellsOf(first.row, 'header')]] : []
  const lines = rows.map(({ row, reason }) => [String(row.row), reason, ...cellsOf(row, 'cells')])
  // A spreadsheet knows UTF-8 by its mark.
  return `${withHeader ? '\uFEFF' : ''}${stringify([...header, ...lines], { delimiter })}`
}

const lineOf = ({ row, reason }: RejectedRow): string => {
  const { told, original } = row
  const isObject = typeof told === 'object' && told !== null && !Array.isArray(told)
  return `${JSON.stringify({ dong: row.row, ly_do: reason, ...(isObject ? withoutMarks(told) : { nguyen_van: original }) })}\n`
}

const withoutMarks = (told: object): object =>
  Object.fromEntries(Object.entries(told).filter(([name]) => name !== 'dong' && name !== 'ly_do'))
