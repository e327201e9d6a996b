import type { Dispatcher, Pool } from 'undici'

/** One request and what became of it, told so that "did any byte leave?" has a sure answer. */
export interface HttpRequest {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Buffer
  readonly totalMs: number
  /** By the clock of `performance.now()`: later than this no byte leaves. */
  readonly beginBefore?: number | undefined
  readonly maxReplyBytes: number
  readonly signal?: AbortSignal | undefined
}

export type ExchangeFailure = 'TIMEOUT' | 'RESET' | 'TOO_LARGE' | 'BROKEN_REPLY' | 'ABORTED' | 'UNREACHABLE' | 'STALLED'

export type HttpExchange =
  | { readonly kind: 'ANSWER'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }
  | {
      readonly kind: 'FAILED'
      /** False only when the request was never handed to a connection. */
      readonly sent: boolean
      readonly failure: ExchangeFailure
      /** A code such as ECONNREFUSED; never text of the other side or of ours. */
      readonly detail: string
    }

/**
 * undici calls `onRequestStart` when a request is taken up by an open connection, in the same turn in which its first byte is written. What
 * fails earlier (name, connection, TLS, waiting for a free connection) was not sent; all that fails later may have been processed.
 */
export function exchange(pool: Pool, request: HttpRequest): Promise<HttpExchange> {
  return new Promise((resolve) => {
    const call = new Exchange(request, resolve)
    if (call.over) return
    const options: Dispatcher.DispatchOptions = {
      path: request.path,
      method: 'POST',
      headers: request.headers,
      body: request.body,
      // A SOAP call is never repeated by the machine below us.
      idempotent: false,
    }
    try {
      pool.dispatch(options, call)
    } catch (error) {
      call.onResponseError(undefined, error)
    }
  })
}

class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined
  private status = 0
  private headers: Record<string, string> = {}
  private readonly chunks: Buffer[] = []
  private received = 0
  over = false
  private readonly startedAt = performance.now()
  private readonly deadline: NodeJS.Timeout

  constructor(
    private readonly request: HttpRequest,
    private readonly resolve: (result: HttpExchange) => void,
  ) {
    this.deadline = setTimeout(() => this.stop('TIMEOUT', 'total deadline'), request.totalMs)
    if (this.isTooLate()) this.stop('STALLED', 'stalled before the call')
    else if (request.signal?.aborted) this.stop('ABORTED', 'aborted by us')
    else request.signal?.addEventListener('abort', this.onAbort)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isTooLate()) this.stop('STALLED', 'stalled before the first byte')
    // Over before it began: aborting here keeps undici from writing it.
    if (this.over) controller.abort(new Error('over'))
    else this.controller = controller
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.status = status
    this.headers = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    )
    if (Number(this.headers['content-length'] ?? 0) > this.request.maxReplyBytes) this.stop('TOO_LARGE', 'by its content-length')
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.received += chunk.length
    if (this.received > this.request.maxReplyBytes) this.stop('TOO_LARGE', `more than ${this.request.maxReplyBytes} bytes`)
    else this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.finish({ kind: 'ANSWER', status: this.status, headers: this.headers, body: Buffer.concat(this.chunks, this.received) })
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: unknown): void {
    const code = codeOf(error)
    const sent = this.controller !== undefined
    this.finish({ kind: 'FAILED', sent, failure: sent ? failureOf(code) : 'UNREACHABLE', detail: code })
  }

  /** A process that stood still finds its connection open before its timers have run. */
  private isTooLate(): boolean {
    const now = performance.now()
    return now > this.startedAt + this.request.totalMs || now > (this.request.beginBefore ?? Number.POSITIVE_INFINITY)
  }

  private readonly onAbort = (): void => this.stop('ABORTED', 'aborted by us')

  private stop(failure: ExchangeFailure, detail: string): void {
    const sent = this.controller !== undefined
    this.finish({ kind: 'FAILED', sent, failure, detail })
    this.controller?.abort(new Error(detail))
  }

  private finish(result: HttpExchange): void {
    if (this.over) return
    this.over = true
    clearTimeout(this.deadline)
    this.request.signal?.removeEventListener('abort', this.onAbort)
    this.resolve(result)
  }
}

function failureOf(code: string): ExchangeFailure {
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'ETIMEDOUT') return 'TIMEOUT'
  return code.startsWith('HPE_') || NOT_HTTP.has(code) ? 'BROKEN_REPLY' : 'RESET'
}

const NOT_HTTP = new Set(['HTTPParserError', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_HEADERS_OVERFLOW'])

/** Messages of network errors may quote what was sent; codes do not. An AggregateError (IPv4 and IPv6 both refused) has them inside. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return codeOf(error.errors[0])
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown'
}
