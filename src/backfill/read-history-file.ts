import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse'
import { GatewayError } from '../errors.js'
import { asFileFault } from '../model/file-fault.js'
import { CSV_COLUMNS, faultOfHeader, rowOfCells } from './csv-row.js'
import { readLines } from './read-lines.js'

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

/** Bytes. A row that is longer is no dossier: a quotation mark was not closed, or the lines were joined. */
const LONGEST_ROW = 1_000_000

export const openHistoryFile = async (path: string): Promise<HistoryFile> => {
  const format = /\.csv$/i.test(path) ? 'CSV' : /\.(ndjson|jsonl)$/i.test(path) ? 'NDJSON' : undefined
  if (!format) throw new GatewayError('INVALID_INPUT', 'Tệp lịch sử phải là .csv hoặc .ndjson.')
  const begin = await beginOf(path)
  if (format === 'NDJSON' && /^\uFEFF?\s*\[/.test(begin)) throw new GatewayError('INVALID_INPUT', ARRAY_SENTENCE)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
    }
  } catch (error) {
    throw asFileFault(error, path, 'READ')
  }
  return { path, format, bytes, fingerprint: hash.digest('hex'), delimiter: format === 'CSV' ? delimiterOf(begin) : ',' }
}

const ARRAY_SENTENCE =
  'Tệp .ndjson phải có mỗi dòng một hồ sơ ({…}), không phải một mảng JSON ([…]). Hãy tách mảng ra từng dòng, ví dụ: jq -c ".[]" mang.json > ho-so.ndjson. Chưa nạp gì.'

const beginOf = async (path: string): Promise<string> => {
  const file = await open(path).catch((error: unknown) => {
    throw asFileFault(error, path, 'READ')
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch (error) {
    throw asFileFault(error, path, 'READ')
  } finally {
    await file.close()
  }
}

const delimiterOf = (begin: string): ',' | ';' => {
  const [first = ''] = begin.split(/\r?\n/)
  return first.split(';').length > first.split(',').length ? ';' : ','
}

/** The rows behind `after`. A file that cannot be read on (a quotation mark that is never closed) throws INVALID_INPUT with the row, behind all that stand before it. */
export const readHistoryRows = (file: HistoryFile, after: number): AsyncGenerator<FileRow> =>
  file.format === 'CSV' ? readCsv(file, after) : readNdjson(file, after)

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

async function* readNdjson({ path }: HistoryFile, after: number): AsyncGenerator<FileRow> {
  let row = 0
  let bytes = 0
  for await (const line of readLines(createReadStream(path, { highWaterMark: 1 << 18 }), LONGEST_ROW)) {
    row += 1
    bytes += line.bytes
    if (row <= after) continue
    const text = row === 1 ? line.text.replace(/^\uFEFF/, '') : line.text
    if (line.isCut) yield { row, bytes, original: `${text.slice(0, KEPT_OF_CUT)}…`, fault: CUT_SENTENCE }
    else if (text.trim() !== '') yield { row, bytes, original: text, ...readJson(text) }
  }
}

/** Of a line that is too long so much is written beside the reason, to be found again by. */
const KEPT_OF_CUT = 1_000
const CUT_SENTENCE = 'Dòng dài quá 1 000 000 byte; ở đây chỉ giữ đoạn đầu.'

const readJson = (text: string): Pick<FileRow, 'told' | 'fault'> => {
  try {
    return { told: JSON.parse(text) as unknown }
  } catch {
    return { fault: 'Dòng không phải là JSON.' }
  }
}
