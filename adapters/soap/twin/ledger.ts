import { createHash } from 'node:crypto'
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * How a request ended on the wire. NOT_YET also covers a twin that was killed before it could answer.
 * BROKEN_REPLY: bytes were sent, but not an answer that a careful client accepts (or so slowly that it will not wait).
 */
export type Answered = 'NOT_YET' | 'OK' | 'FAULT' | 'HTTP_ERROR' | 'DROPPED' | 'HUNG' | 'BROKEN_REPLY'

export interface LedgerRequest {
  readonly seq: number
  /** Real time, ISO-8601 UTC. */
  readonly at: string
  readonly path: string
  /** The operation's name from the WSDL, or UNKNOWN. */
  readonly operation: string
  readonly sha256: string
  readonly bytes: number
  /** The body exactly as received. Where it is not valid UTF-8, `rawBase64` holds what this string could not. */
  readonly raw: string
  readonly rawBase64?: string
  readonly soapAction?: string
  /** The caller's `X-Correlation-Id`, as it came. */
  readonly correlationId?: string
  readonly remote: string
  answered: Answered
  httpStatus?: number
  misbehaviour?: string
  /** How often the twin's handler ran to its end for this request: 0 when refused before, 2 for ANSWER_TWICE. */
  processed: number
}

export interface LedgerDeed {
  readonly seq: number
  readonly at: string
  /** The twin's own accelerated time, ISO-8601 UTC. */
  readonly twinAt: string
  /** The request that caused it; absent for what the twin did by itself (time passing, a control action, a call out). */
  readonly requestSeq?: number
  readonly what: string
  readonly detail: Readonly<Record<string, unknown>>
}

type Line =
  | ({ line: 'request' } & LedgerRequest)
  | ({ line: 'outcome' } & Pick<LedgerRequest, 'seq' | 'answered' | 'httpStatus' | 'misbehaviour' | 'processed'>)
  | ({ line: 'deed' } & LedgerDeed)

/** What a request looked like when its last byte had come in. */
export type Received = Pick<LedgerRequest, 'path' | 'operation' | 'soapAction' | 'correlationId' | 'remote'> & { body: Buffer }

/** The deed that marks a reset: what stands before it no longer makes up the twin's state. */
export const RESET = 'RESET'

/**
 * What a counterpart system received and did: the oracle of the flow tests, kept outside the gateway's database and filled
 * before anything is decided about a request. Append-only. With a file, each line is handed to the operating system before the
 * call that wrote it returns, so a SIGKILL of the twin loses nothing that was answered (a power cut may).
 */
export class Ledger {
  readonly requests: LedgerRequest[] = []
  readonly deeds: LedgerDeed[] = []
  private seq = 0
  private file: number | undefined

  constructor(private readonly twinNow: () => Date) {}

  /** Reads what an earlier process wrote, forgetting a last line that was cut, and appends to the same file from now on. */
  open(path: string): void {
    mkdirSync(dirname(path), { recursive: true })
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    const end = bytes.lastIndexOf(0x0a) + 1
    for (const text of bytes.subarray(0, end).toString('utf8').split('\n')) {
      if (text !== '') this.take(JSON.parse(text) as Line)
    }
    this.file = openSync(path, existsSync(path) ? 'r+' : 'w+')
    ftruncateSync(this.file, end)
    closeSync(this.file)
    this.file = openSync(path, 'a')
  }

  /** Of a twin that starts over and keeps no file. The numbers go on. */
  clear(): void {
    this.requests.length = 0
    this.deeds.length = 0
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file)
    this.file = undefined
  }

  received({ body, ...rest }: Received): LedgerRequest {
    const raw = body.toString('utf8')
    const faithful = Buffer.from(raw, 'utf8').equals(body)
    const request: LedgerRequest = {
      seq: this.next(),
      at: new Date().toISOString(),
      ...rest,
      sha256: createHash('sha256').update(body).digest('hex'),
      bytes: body.length,
      raw,
      ...(faithful ? {} : { rawBase64: body.toString('base64') }),
      answered: 'NOT_YET',
      processed: 0,
    }
    this.requests.push(request)
    this.append({ line: 'request', ...request })
    return request
  }

  /** Call before the first byte of the answer leaves. */
  outcome(request: LedgerRequest, outcome: Partial<Pick<LedgerRequest, 'answered' | 'httpStatus' | 'misbehaviour' | 'processed'>>): void {
    Object.assign(request, outcome)
    const { seq, answered, httpStatus, misbehaviour, processed } = request
    this.append({ line: 'outcome', seq, answered, httpStatus, misbehaviour, processed })
  }

  did(what: string, detail: Readonly<Record<string, unknown>> = {}, requestSeq?: number): LedgerDeed {
    const deed: LedgerDeed = {
      seq: this.next(),
      at: new Date().toISOString(),
      twinAt: this.twinNow().toISOString(),
      ...(requestSeq === undefined ? {} : { requestSeq }),
      what,
      // A copy: a handler that goes on to change its own object must not rewrite history.
      detail: structuredClone(detail),
    }
    this.deeds.push(deed)
    this.append({ line: 'deed', ...deed })
    return deed
  }

  /** Requests and deeds with a number above `seq`, oldest first. Without a number: all. */
  since(seq = 0): { requests: LedgerRequest[]; deeds: LedgerDeed[]; last: number } {
    const later = (entry: { seq: number }) => entry.seq > seq
    return { requests: this.requests.filter(later), deeds: this.deeds.filter(later), last: this.seq }
  }

  /** The deeds that make up the twin's present state: those after the last reset. */
  deedsSinceReset(): LedgerDeed[] {
    return this.deeds.slice(this.deeds.findLastIndex((deed) => deed.what === RESET) + 1)
  }

  private next(): number {
    this.seq += 1
    return this.seq
  }

  private append(line: Line): void {
    if (this.file === undefined) return
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`, 'utf8')
    for (let written = 0; written < bytes.length; ) written += writeSync(this.file, bytes, written)
  }

  private take(entry: Line): void {
    this.seq = Math.max(this.seq, entry.seq)
    const { line, ...rest } = entry
    if (line === 'request') this.requests.push(rest as LedgerRequest)
    else if (line === 'deed') this.deeds.push(rest as LedgerDeed)
    else {
      const request = this.requests.findLast((known) => known.seq === entry.seq)
      if (request) Object.assign(request, rest)
    }
  }
}
