import { setTimeout as pause } from 'node:timers/promises'
import type { DrillSystem, Unit } from './drill-system.js'

/** A client of GraphQL without patience, which writes down what it must not be answered. */
export interface Client {
  /** Answers that a client must not get: an error that is not 503 with Retry-After. */
  readonly misanswers: readonly string[]
  /** No answer at all, though no gateway was ended or started meanwhile. */
  readonly silences: readonly string[]
  /** One GraphQL request to a gateway (by default the one address before all), no patience. */
  ask<Data>(query: string, variables: object, role?: Role, port?: number): Promise<Data>
}

/**
 * A request that came to nothing. Whether it was taken is unknown. UNAVAILABLE: 503 with Retry-After, as is promised; SILENT: not
 * connected, reset, no answer in time; ERROR: anything else.
 */
export class NoAnswer extends Error {
  constructor(
    readonly kind: 'UNAVAILABLE' | 'SILENT' | 'ERROR',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

interface Body<Data> {
  readonly data?: Data | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

const readBody = <Data>(text: string): Body<Data> => {
  try {
    return (JSON.parse(text) ?? {}) as Body<Data>
  } catch {
    return {}
  }
}

type Role = Parameters<DrillSystem['token']>[0]

interface Reached extends Pick<DrillSystem, 'token'> {
  readonly frontDoor: Pick<DrillSystem['frontDoor'], 'port'>
  readonly gateways: readonly Pick<Unit, 'pid' | 'port'>[]
}

const ASK_AGAIN_MS = 150
/** Far longer than our own waits for a lock or a connection (ten seconds): an answer that is right but late is no silence. */
const REQUEST_TIMEOUT_MS = 30_000

export const openClient = (system: Reached): Client => {
  const misanswers: string[] = []
  const silences: string[] = []

  /** Which programs answer now; undefined while one of them does not. */
  const answering = (): string | undefined =>
    system.gateways.every(({ pid, port }) => pid !== undefined && port > 0) ? system.gateways.map(({ pid }) => pid).join(' ') : undefined

  const ask: Client['ask'] = async <Data>(query: string, variables: object, role?: Role, port?: number) => {
    const before = answering()
    try {
      return await request<Data>(query, variables, role, port)
    } catch (error) {
      if (!(error instanceof NoAnswer) || error.kind === 'UNAVAILABLE') throw error
      if (error.kind === 'ERROR') misanswers.push(error.message)
      // A gateway's end is known a moment later than its silence.
      if (error.kind === 'SILENT') await pause(ASK_AGAIN_MS)
      if (error.kind === 'SILENT' && before !== undefined && before === answering()) silences.push(error.message)
      throw error
    }
  }

  const request = async <Data>(
    query: string,
    variables: object,
    // What a citizen's application hands in waits for an officer: ViLIS hears of it later. This is the officer's hand.
    role: Role = 'admin',
    port = system.frontDoor.port,
  ): Promise<Data> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${system.token(role)}`, connection: 'close' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new NoAnswer('SILENT', `không có trả lời (${(error as Error).name})`, { cause: error })
    })
    const text = await response.text().catch(() => '')
    const isPromised = response.status === 503 && /^[1-9]\d*$/.test(response.headers.get('retry-after') ?? '')
    if (isPromised) throw new NoAnswer('UNAVAILABLE', 'HTTP 503')
    if (response.status >= 500) throw new NoAnswer('ERROR', `HTTP ${response.status}, không có Retry-After`)
    if (text === '') throw new NoAnswer('SILENT', `HTTP ${response.status} không có nội dung`)
    const { data, errors = [] } = readBody<Data>(text)
    const [error] = errors
    // Not a refusal: what became of the request is not told.
    if (error) throw new NoAnswer('ERROR', `HTTP ${response.status} ${error.extensions?.code ?? ''} ${error.message}`)
    if (data === undefined || data === null) throw new NoAnswer('ERROR', `HTTP ${response.status}, không phải câu trả lời GraphQL`)
    return data
  }

  return { ask, misanswers, silences }
}
