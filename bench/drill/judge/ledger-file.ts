import { open } from 'node:fs/promises'
import type { SystemId } from '../../../src/model/system.js'
import { type DeedDetail, detailOf } from './deed-detail.js'

/** One request that a twin saw, without its content. */
export interface SeenRequest {
  readonly seq: number
  /** Real time of the machine, in ms. */
  readonly atMs: number
  readonly operation: string
  /** Our key (MaGiaoDich) when it carried one: it is then a write. */
  readonly key?: string
  answered: string
  processed: number
  misbehaviour?: string
}

/** One thing that a twin did. */
export interface SeenDeed {
  readonly seq: number
  readonly atMs: number
  readonly requestSeq?: number
  readonly what: string
  readonly detail: DeedDetail
}

/** What a twin has written down so far, read from its own file: neither our code nor the twin's is asked. */
export interface LedgerFile {
  readonly systemId: SystemId
  /** By number. */
  readonly requests: ReadonlyMap<number, SeenRequest>
  readonly deeds: readonly SeenDeed[]
  /** Takes in what was written since the last call. */
  read(): Promise<void>
}

type Line = { readonly line: 'request' | 'outcome' | 'deed'; readonly seq: number } & Readonly<Record<string, unknown>>

const KEY = /<(?:[\w.-]+:)?MaGiaoDich>([^<]+)</
const WRITE = /^(?!TraCuu|LayThayDoi)/
const CHUNK_BYTES = 1_048_576

export const openLedgerFile = (systemId: SystemId, path: string): LedgerFile => {
  const requests = new Map<number, SeenRequest>()
  const deeds: SeenDeed[] = []
  let offset = 0
  let rest: Buffer = Buffer.alloc(0)

  const take = (line: Line): void => {
    if (line.line === 'outcome') {
      const known = requests.get(line.seq)
      if (known) Object.assign(known, { answered: line.answered, processed: line.processed, misbehaviour: line.misbehaviour })
      return
    }
    const atMs = Date.parse(String(line.at))
    if (line.line === 'request') {
      const operation = String(line.operation)
      const key = WRITE.test(operation) ? KEY.exec(String(line.raw))?.[1] : undefined
      requests.set(line.seq, { seq: line.seq, atMs, operation, ...(key !== undefined && { key }), answered: 'NOT_YET', processed: 0 })
      return
    }
    const what = String(line.what)
    deeds.push({
      seq: line.seq,
      atMs,
      ...(typeof line.requestSeq === 'number' && { requestSeq: line.requestSeq }),
      what,
      detail: detailOf(what, line.seq, line.detail as Readonly<Record<string, unknown>>),
    })
  }
  const readOn = async (): Promise<void> => {
    const file = await open(path, 'r')
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES)
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, offset)
        if (bytesRead === 0) return
        offset += bytesRead
        const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)])
        const end = bytes.lastIndexOf(0x0a) + 1
        rest = Buffer.from(bytes.subarray(end))
        for (const text of bytes.subarray(0, end).toString('utf8').split('\n')) if (text !== '') take(JSON.parse(text) as Line)
      }
    } finally {
      await file.close()
    }
  }
  let reading: Promise<void> = Promise.resolve()
  return {
    systemId,
    requests,
    deeds,
    // One at a time: all move the same place in the file.
    read: () => {
      reading = reading.then(readOn)
      return reading
    },
  }
}
