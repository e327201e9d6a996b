import { type Client, createClientAsync, WSSecurity } from 'soap'
import type { Ledger } from './ledger.js'
import { KEEP_TEXT } from './soap-endpoint.js'
import type { TwinPart } from './twin.js'
import type { Credentials } from './username-token.js'
import { groupOf, textOf, type WireObject } from './wire-values.js'

export interface CallsOutOptions {
  /** The contract of the service that is called; a local file. */
  readonly wsdlPath: string
  /** Where to call, asked at every try; undefined while nobody listens yet: the calls wait and no try is counted. */
  endpoint(): string | undefined
  readonly ledger: Ledger
  readonly credentials?: Credentials
  /** Tries of one call before it is given up; 600 by default. */
  readonly giveUpAfter?: number
  /** Real milliseconds between tries, at most 1000, the default. */
  readonly everyMs?: number
  readonly timeoutMs?: number
  /** Whether the answer counts as "stored". By default: a Result of 1, at the top of the answer or one level below. */
  accepted?(answer: WireObject): boolean
}

/** One call to make. Calls of the same `key` (a dossier) go out one after the other, in the order given. */
export interface CallOut {
  readonly operation: string
  readonly key: string
  readonly args: Readonly<Record<string, unknown>>
}

interface WaitingCall extends CallOut {
  /** The number of the deed that planned it. */
  readonly callSeq: number
  tries: number
}

const CONCURRENT_KEYS = 8

/**
 * How a twin calls the gateway back: with node-soap's own client, until the answer says that it is stored, or the tries are spent.
 * What waits is in memory only: a twin that dies forgets it, as real counterparts do. The ledger holds CALL_OUT_PLANNED with the
 * arguments, CALLED_OUT for each try with its outcome (ACCEPTED, REFUSED with the answer, FAILED) and CALL_OUT_GIVEN_UP.
 */
export class CallsOut implements TwinPart {
  private readonly waiting = new Map<string, WaitingCall[]>()
  private timer: NodeJS.Timeout | undefined
  private client: Promise<Client> | undefined
  private passing: Promise<void> = Promise.resolve()
  private stopped = false

  constructor(private readonly options: CallsOutOptions) {}

  /** From now on it tries by itself; before, only when told to `flush`. */
  begin(): void {
    this.timer ??= setInterval(() => void this.flush(), Math.min(this.options.everyMs ?? 1000, 1000))
    this.timer.unref()
  }

  /** Puts the call in line; returns its number in the ledger. Sending it twice makes two calls, as a careless system does. */
  send(call: CallOut, requestSeq?: number): number {
    const planned = this.options.ledger.did('CALL_OUT_PLANNED', { ...call }, requestSeq)
    const line = this.waiting.get(call.key) ?? []
    this.waiting.set(call.key, [...line, { ...call, callSeq: planned.seq, tries: 0 }])
    return planned.seq
  }

  get pending(): number {
    return [...this.waiting.values()].reduce((sum, line) => sum + line.length, 0)
  }

  /** Tries what waits, each key until its first failure. Resolves when all have been tried; never rejects. */
  flush(): Promise<void> {
    this.passing = this.passing.then(() => this.pass())
    return this.passing
  }

  forget(): void {
    this.waiting.clear()
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearInterval(this.timer)
    await this.passing
  }

  private async pass(): Promise<void> {
    const keys = [...this.waiting.keys()]
    const next = async (): Promise<void> => {
      for (let key = keys.shift(); key !== undefined; key = keys.shift()) await this.sendLine(key)
    }
    await Promise.all(Array.from({ length: CONCURRENT_KEYS }, next))
  }

  private async sendLine(key: string): Promise<void> {
    for (let call = this.waiting.get(key)?.[0]; call !== undefined && !this.stopped; call = this.waiting.get(key)?.[0]) {
      const endpoint = this.options.endpoint()
      if (endpoint === undefined) return
      const isDone = await this.tryOnce(call, endpoint)
      if (!isDone && call.tries < (this.options.giveUpAfter ?? 600)) return
      if (!isDone) this.options.ledger.did('CALL_OUT_GIVEN_UP', { callSeq: call.callSeq, operation: call.operation, key })
      const rest = (this.waiting.get(key) ?? []).slice(1)
      if (rest.length > 0) this.waiting.set(key, rest)
      else this.waiting.delete(key)
    }
  }

  private async tryOnce(call: WaitingCall, endpoint: string): Promise<boolean> {
    call.tries += 1
    const { callSeq, operation, key, tries } = call
    const record = (outcome: string, more: Record<string, unknown>) =>
      this.options.ledger.did('CALLED_OUT', { callSeq, operation, key, try: tries, outcome, ...more })
    try {
      const answer = await this.invoke(call, endpoint)
      const accepted = (this.options.accepted ?? isStored)(answer)
      record(accepted ? 'ACCEPTED' : 'REFUSED', { answer })
      return accepted
    } catch (error) {
      // Its message alone: the error object of node-soap carries the whole envelope, with the password.
      record('FAILED', { message: error instanceof Error ? error.message : 'no readable answer' })
      return false
    }
  }

  private async invoke(call: WaitingCall, endpoint: string): Promise<WireObject> {
    this.client ??= this.open()
    const client = await this.client
    client.setEndpoint(endpoint)
    const invoke = client[`${call.operation}Async`] as (args: unknown, options: unknown) => Promise<[WireObject | null]>
    // `proxy: false`: a proxy named in the environment must not see calls to loopback.
    const [answer] = await invoke(call.args, { timeout: this.options.timeoutMs ?? 10_000, proxy: false })
    return answer ?? {}
  }

  private async open(): Promise<Client> {
    const { wsdlPath, credentials } = this.options
    const client = await createClientAsync(wsdlPath, {
      disableCache: true,
      customDeserializer: KEEP_TEXT,
    })
    if (credentials) {
      const options = { passwordType: 'PasswordDigest', hasTimeStamp: false, hasTokenCreated: true }
      client.setSecurity(new WSSecurity(credentials.username, credentials.password, options))
    }
    return client
  }
}

const isStored = (answer: WireObject): boolean =>
  textOf(answer, 'Result') === '1' || Object.keys(answer).some((name) => textOf(groupOf(answer, name), 'Result') === '1')
