import type { ServerResponse } from 'node:http'
import type { Answered, Ledger, LedgerRequest } from './ledger.js'
import { CONTENT_TYPE, faultReply, type SoapVersion, type TwinFault, type TwinReply } from './twin-fault.js'

/** What an exchange needs of the twin that it belongs to. */
export interface ExchangeHost {
  readonly ledger: Ledger
  /** Parses and runs the request once; counted in the ledger by the exchange. */
  process(): Promise<TwinReply>
  /** Runs after `ms` of twin time. */
  later(ms: number, run: () => Promise<void>): void
  /** An answer that belongs to another dossier or operation than this request. */
  foreignReply(of: 'DOSSIER' | 'OPERATION'): TwinReply
}

/**
 * One request and what is done with its connection. Every way to end it writes the ledger first and the socket second, so an
 * answer that a client has seen is always in the ledger.
 */
export class Exchange {
  constructor(
    readonly request: LedgerRequest,
    readonly version: SoapVersion,
    private readonly response: ServerResponse,
    private readonly host: ExchangeHost,
  ) {}

  async process(): Promise<TwinReply> {
    const reply = await this.host.process()
    this.host.ledger.outcome(this.request, { processed: this.request.processed + (reply.isFault ? 0 : 1) })
    return reply
  }

  processLater(ms: number): void {
    this.host.later(ms, async () => {
      await this.process()
    })
  }

  fault(fault: TwinFault): TwinReply {
    return faultReply(this.version, fault)
  }

  foreignReply(of: 'DOSSIER' | 'OPERATION'): TwinReply {
    return this.host.foreignReply(of)
  }

  status(httpStatus: number, retryAfter?: string): void {
    const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter }
    this.ends('HTTP_ERROR', httpStatus)
    this.response.writeHead(httpStatus, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(`HTTP ${httpStatus}\n`)
  }

  send(reply: TwinReply, answered: Answered = reply.isFault ? 'FAULT' : 'OK'): void {
    this.ends(answered, reply.httpStatus)
    this.head(reply).end(reply.body)
  }

  /** Sends the same answer once more, as bytes that no request asked for, on the same connection. */
  sendTwice(reply: TwinReply): void {
    const socket = this.response.socket
    this.response.once('finish', () => {
      const length = Buffer.byteLength(reply.body)
      socket?.write(`HTTP/1.1 200 OK\r\nContent-Type: ${reply.contentType}\r\nContent-Length: ${length}\r\n\r\n${reply.body}`)
    })
    this.send(reply)
  }

  /** Sends more than `bytes` bytes in chunks, with no length in the header, and stops when the client hangs up. */
  async sendPadded(reply: TwinReply, bytes: number): Promise<void> {
    this.ends('BROKEN_REPLY', reply.httpStatus)
    const response = this.head(reply)
    const split = reply.body.indexOf('>', reply.body.indexOf('Envelope')) + 1
    response.write(reply.body.slice(0, split))
    const padding = `<!--${'x'.repeat(65_529)}-->`
    for (let sent = 0; sent <= bytes && !response.destroyed; sent += padding.length) {
      if (!response.write(padding)) await new Promise<void>((resolve) => wakes(response, resolve))
    }
    response.end(reply.body.slice(split))
  }

  /** Sends one byte, then one more every `everyMs`, with the true length in the header. */
  drip(reply: TwinReply, everyMs: number): void {
    this.ends('BROKEN_REPLY', reply.httpStatus)
    const bytes = Buffer.from(reply.body, 'utf8')
    const response = this.response.writeHead(reply.httpStatus, { 'Content-Type': reply.contentType, 'Content-Length': bytes.length })
    let sent = 0
    const timer = setInterval(() => step(), everyMs)
    const step = () => {
      if (sent < bytes.length && !response.destroyed) response.write(bytes.subarray(sent, sent + 1))
      sent += 1
      if (sent < bytes.length && !response.destroyed) return
      clearInterval(timer)
      response.end()
    }
    response.once('close', () => clearInterval(timer))
    step()
  }

  /** Sends the head and half of the body, then resets the connection. */
  sendHalf(reply: TwinReply): void {
    this.ends('BROKEN_REPLY', reply.httpStatus)
    const bytes = Buffer.from(reply.body, 'utf8')
    const response = this.response.writeHead(reply.httpStatus, { 'Content-Type': reply.contentType, 'Content-Length': bytes.length })
    response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.resetAndDestroy())
  }

  /** Sends the answer after so long; to a caller who has gone, nothing. Until then the ledger says NOT_YET. */
  sendLater(reply: TwinReply, ms: number): void {
    this.host.later(ms, async () => {
      if (this.response.destroyed || this.response.socket?.destroyed) this.ends('HUNG')
      else this.send(reply)
    })
  }

  drop(): void {
    this.ends('DROPPED')
    this.response.socket?.destroy()
  }

  /** Leaves the connection open and silent, until the client or the twin goes. */
  hang(): void {
    this.ends('HUNG')
  }

  private ends(answered: Answered, httpStatus?: number): void {
    this.host.ledger.outcome(this.request, { answered, ...(httpStatus === undefined ? {} : { httpStatus }) })
  }

  private head(reply: TwinReply): ServerResponse {
    return this.response.writeHead(reply.httpStatus, { 'Content-Type': reply.contentType || CONTENT_TYPE[this.version] })
  }
}

function wakes(response: ServerResponse, resolve: () => void): void {
  const wake = () => {
    response.off('drain', wake).off('close', wake)
    resolve()
  }
  response.once('drain', wake).once('close', wake)
}
