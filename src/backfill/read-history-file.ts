import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse'
import { GatewayError } from '../errors.js'
import { asFileFault } from '../model/file-fault.js'
import { CSV_COLUMNS, faultOfHeader, rowOfCells } from './csv-row.js'

/** Tệp lịch sử, read row by row: no more of it stands in memory than a few rows. */
export interface HistoryFile {
  readonly path: string
  readonly format: 'CSV' | 'NDJSON'
  readonly bytes: number
  /** Hex SHA-256 of its bytes. */
  readonly fingerprint: string
  /** Between the cells of CSV: a spreadsheet in Vietnamese writes a semicolon. */
  readonly delimiter: ',' | ';'
}

export interface FileRow {
  /** As a spreadsheet or an editor numbers it: the first line is 1. */
  readonly row: number
  /** Bytes of the file up to the end of this row. */
  readonly bytes: number
  /** In the documented form, unchecked; absent: `fault` says why it is none. */
  readonly told?: unknown
  readonly fault?: string
  /** As it stands in the file: cells under the names of their columns, or the line. */
  readonly original: { readonly header: readonly string[]; readonly cells: readonly string[] } | string
}

/** A row that is longer is no dossier: a quotation mark was not closed. */
const LONGEST_ROW = 1_000_000

export const openHistoryFile = async (path: string): Promise<HistoryFile> => {
  const format = /\.csv$/i.test(path) ? 'CSV' : /\.(ndjson|jsonl)$/i.test(path) ? 'NDJSON' : undefined
  if (!format) throw new GatewayError('INVALID_INPUT', 'Tệp lịch sử phải là .csv hoặc .ndjson.')
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
    }
    return { path, format, bytes, fingerprint: hash.digest('hex'), delimiter: format === 'CSV' ? await delimiterOf(path) : ',' }
  } catch (error) {
    throw asFileFault(error, path, 'READ')
  }
}

const delimiterOf = async (path: string): Promise<',' | ';'> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0)
    const [first = ''] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/)
    return first.split(';').length > first.split(',').length ? ';' : ','
  } finally {
    await file.close()
  }
}

/** The rows behind `after`. A file that cannot be read on (a quotation mark that is never closed) throws INVALID_INPUT with the row, behind all that stand before it. */
export const readHistoryRows = (file: HistoryFile, after: number): AsyncGenerator<FileRow> =>
  file.format === 'CSV' ? readCsv(file, after) : readLines(file, after)

interface ReadRecord {
  readonly record: readonly string[]
  readonly info: InfoRecord
}

/** As the parser hands them out, also those that it had read when it broke off: its stream throws them away then. */
async function* readRecords({ path, delimiter }: HistoryFile): AsyncGenerator<ReadRecord, CsvError | undefined> {
  const arrived: ReadRecord[] = []
  const onRecord = (one: unknown): unknown => {
    arrived.push(one as ReadRecord)
    return one
  }
  const form = { bom: true, delimiter, info: true, relax_column_count: true, max_record_size: LONGEST_ROW }
  const parser = parse({ ...form, on_record: onRecord as Options['on_record'] })
  pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), parser, () => undefined)
  let broken: CsvError | undefined
  try {
    for await (const one of parser as AsyncIterable<ReadRecord>) {
      arrived.shift()
      yield one
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    broken = error
  }
  yield* arrived
  return broken
}

async function* readCsv(file: HistoryFile, after: number): AsyncGenerator<FileRow> {
  const records = readRecords(file)
  let header: readonly string[] | undefined
  let row = 0
  try {
    let next = await records.next()
    for (; !next.done; next = await records.next()) {
      const { record, info } = next.value
      row += 1
      if (header === undefined) {
        header = record.map((name) => name.trim())
        const fault = faultOfHeader(header)
        if (fault !== undefined) throw new GatewayError('INVALID_INPUT', fault)
        continue
      }
      if (row <= after || record.every((cell) => cell.trim() === '')) continue
      const counted = { row, bytes: info.bytes, original: { header, cells: record } }
      if (record.length === header.length) yield { ...counted, told: rowOfCells(header, record) }
      else yield { ...counted, fault: `Hàng có ${record.length} ô, dòng đầu có ${header.length} cột.` }
    }
    if (next.value)
      throw new GatewayError(
        'INVALID_INPUT',
        `Hàng ${row + 1} của tệp CSV có dấu ngoặc kép không đóng, hoặc đặt sai chỗ (${next.value.code}): từ hàng ấy trở đi không đọc được.`,
      )
  } finally {
    // Whoever stops early lets go of the file.
    await records.return(undefined)
  }
  if (header === undefined) throw new GatewayError('INVALID_INPUT', `Tệp trống. Dòng đầu phải là tên các cột: ${CSV_COLUMNS.join(', ')}.`)
}

async function* readLines({ path }: HistoryFile, after: number): AsyncGenerator<FileRow> {
  const input = createReadStream(path, { highWaterMark: 1 << 18 })
  let row = 0
  let bytes = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    row += 1
    bytes += Buffer.byteLength(line) + 1
    if (row <= after) continue
    const text = row === 1 ? line.replace(/^\uFEFF/, '') : line
    if (text.trim() === '') continue
    yield { row, bytes, original: text, ...readJson(text) }
  }
}

const readJson = (text: string): Pick<FileRow, 'told' | 'fault'> => {
  if (text.length > LONGEST_ROW) return { fault: 'Dòng dài quá 1 000 000 ký tự.' }
  try {
    return { told: JSON.parse(text) as unknown }
  } catch {
    return { fault: 'Dòng không phải là JSON.' }
  }
}
