import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { mangledAttachments } from './attachments.js'
import { controlServer } from './control-server.js'
import { withCopiedHeaders } from './copied-headers.js'
import { Exchange } from './exchange.js'
import { Ledger, type LedgerRequest, RESET } from './ledger.js'
import { bodyOf, closeServer, listenOn } from './listening.js'
import { checkKind, checkRule, type EndedRules, MisbehaviourPlan, type MisbehaviourRule } from './misbehaviour.js'
import { SentReplies } from './sent-replies.js'
import { SoapEndpoint } from './soap-endpoint.js'
import type { RunningTwin, Twin, TwinCall, TwinDefinition, TwinEndpoint, TwinPart, TwinStart, TwinWork } from './twin.js'
import { TwinClock } from './twin-clock.js'
import { TwinFault, type TwinReply } from './twin-fault.js'
import { TokenCheck } from './username-token.js'
import { actOn } from './wire-acts.js'

/**
 * A sandbox twin: a counterpart system as a real SOAP server, in its own process, whose ledger is the oracle of the flow tests.
 *
 * A request's life: its bytes are read whole and written to the ledger, before anything else is known about it; the plan of
 * misbehaviours is asked for a rule; the rule, or good manners, decides whether and how often the request is processed
 * (node-soap's server parses, the token is checked, the twin's handler runs on the twin's state and records its deeds) and what
 * goes back on the wire; the outcome is written to the ledger, and only then to the socket. Time inside the twin is its own
 * clock: work that is due runs on a real-time tick and whenever the control endpoint advances the clock. The control endpoint
 * listens on a second port, loopback only, and so still answers while the twin is OFFLINE. The twin does not recognise
 * duplicates unless its own handlers are told to.
 */
export function createTwin<State>(definition: TwinDefinition<State>): Twin<State> {
  return new TwinServer(definition)
}

interface OpenEndpoint<State> {
  readonly definition: TwinEndpoint<State>
  readonly soap: SoapEndpoint
}

/** Longer than any client's pause between calls, so that a reset on a re-used connection happens only when told to. */
const KEEP_ALIVE_MS = 120_000

class TwinServer<State> implements Twin<State> {
  readonly clock = new TwinClock()
  readonly ledger = new Ledger(() => this.clock.now())
  readonly settings: Record<string, unknown> = {}
  state: State
  private readonly plan = new MisbehaviourPlan()
  private readonly endpoints = new Map<string, OpenEndpoint<State>>()
  private readonly parts: TwinPart[] = []
  private isTicking = false
  private readonly replies = new SentReplies()
  private readonly http = createServer((request, response) => this.take(request, response))
  private readonly usedSockets = new WeakSet<object>()
  private tokens: TokenCheck | undefined
  private address: { host: string; port: number } | undefined
  private working: Promise<void> = Promise.resolve()

  constructor(private readonly definition: TwinDefinition<State>) {
    this.state = definition.createState()
    this.http.keepAliveTimeout = KEEP_ALIVE_MS
  }

  async start(options: TwinStart = {}): Promise<RunningTwin> {
    const { host = '127.0.0.1', port = 0, controlPort = 0, ledgerFile, username, password, tickMs = 200 } = options
    if (options.speed !== undefined) this.clock.setSpeed(options.speed)
    Object.assign(this.settings, options.settings)
    if (username !== undefined) this.tokens = new TokenCheck({ username, password: password ?? '' })
    if (ledgerFile !== undefined) this.resume(ledgerFile)
    for (const endpoint of [this.definition, ...(this.definition.moreEndpoints ?? [])]) {
      this.endpoints.set(endpoint.path, { definition: endpoint, soap: await SoapEndpoint.open(endpoint.wsdlPath, endpoint.path) })
    }
    this.address = { host, port: await listenOn(this.http, port, host) }
    const control = controlServer(this.definition, this)
    const ownControlPort = await listenOn(control, controlPort, '127.0.0.1')
    const ticker = tickMs > 0 ? setInterval(() => void this.tick(), tickMs) : undefined
    ticker?.unref()
    this.isTicking = ticker !== undefined
    if (this.isTicking) for (const part of this.parts) part.begin?.()
    return {
      url: `http://${host}:${this.address.port}${this.definition.path}`,
      controlUrl: `http://127.0.0.1:${ownControlPort}/control`,
      stop: async () => {
        clearInterval(ticker)
        for (const part of this.parts) await part.stop?.()
        await Promise.all([closeServer(this.http), closeServer(control)])
        await this.working
        this.ledger.close()
      },
    }
  }

  attach(part: TwinPart): void {
    this.parts.push(part)
    if (this.isTicking) part.begin?.()
  }

  get online(): boolean {
    return this.http.listening
  }

  async offline(): Promise<void> {
    await closeServer(this.http)
  }

  async goOnline(): Promise<void> {
    if (this.address && !this.online) await listenOn(this.http, this.address.port, this.address.host)
  }

  async misbehave(rule: MisbehaviourRule): Promise<void> {
    checkRule(rule, this.operations)
    if (rule.kind === 'OFFLINE') await this.offline()
    else this.plan.add(rule)
  }

  /** Ends what fits; a commit that is late already still comes (`reset` forgets those too). OFFLINE ends with going online. */
  async behave(which: EndedRules = {}): Promise<number> {
    if (which.kind !== undefined) checkKind(which.kind)
    const wasOffline = !this.online && which.operation === undefined && (which.kind === undefined || which.kind === 'OFFLINE')
    if (wasOffline) await this.goOnline()
    return this.plan.end(which) + (wasOffline ? 1 : 0)
  }

  get operations(): string[] {
    return [...this.endpoints.values()].flatMap(({ soap }) => soap.operations)
  }

  misbehaviours(): ReturnType<MisbehaviourPlan['pending']> {
    return this.plan.pending()
  }

  /** Ends every misbehaviour and forgets late commits; with `state` the twin's dossiers as well. The ledger stays. */
  async reset({ state = false }: { state?: boolean } = {}): Promise<void> {
    this.plan.clear()
    this.clock.forgetLateWork()
    if (state) {
      this.state = this.definition.createState()
      this.ledger.did(RESET)
    }
    await this.goOnline()
  }

  async startOver(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await this.working
    for (const name of Object.keys(this.settings)) delete this.settings[name]
    Object.assign(this.settings, settings)
    for (const part of this.parts) part.forget?.()
    await this.reset({ state: true })
    this.clock.restart()
    this.ledger.clear()
  }

  /** Moves the clock, runs everything that has become due, and gives each pending call out one try. */
  async advance(to: { ms: number } | { to: Date }): Promise<void> {
    if ('ms' in to) this.clock.advance(to.ms)
    else this.clock.catchUpWith(to.to)
    this.ledger.did('CLOCK_MOVED')
    await this.runDueWork()
    for (const part of this.parts) await part.flush?.()
  }

  work(requestSeq?: number): TwinWork<State> {
    return {
      state: this.state,
      clock: this.clock,
      settings: this.settings,
      now: () => this.clock.now(),
      did: (what, detail) => this.ledger.did(what, detail, requestSeq),
    }
  }

  private resume(file: string): void {
    this.ledger.open(file)
    const last = this.ledger.deeds.at(-1)
    if (last) this.clock.catchUpWith(new Date(last.twinAt))
    this.definition.restore?.(this.state, this.ledger.deedsSinceReset())
  }

  /** One piece of due work at a time, in the order asked for; a failure reaches the one who asked. */
  private runDueWork(): Promise<void> {
    const run = this.working.then(async () => {
      await this.clock.runDue()
      await this.definition.dueWork?.(this.work())
    })
    this.working = run.catch((error: unknown) => {
      this.ledger.did('WORK_FAILED', { message: error instanceof Error ? error.message : String(error) })
    })
    return run
  }

  private async tick(): Promise<void> {
    await this.runDueWork().catch(() => this.working)
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    this.handle(request, response).catch((error: unknown) => {
      this.ledger.did('HANDLING_FAILED', { message: error instanceof Error ? error.message : String(error) })
      response.destroy()
    })
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?')
    const endpoint = this.endpoints.get(path)
    if (!endpoint) return void response.writeHead(404).end()
    if (request.method === 'GET')
      return void response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' }).end(endpoint.soap.wsdlText)
    const body = await bodyOf(request)
    if (body === undefined) return
    const raw = body.toString('utf8')
    const { soapaction: soapAction, 'x-correlation-id': correlationId } = request.headers
    const entry = this.ledger.received({
      path,
      operation: endpoint.soap.operationIn(raw),
      ...(typeof soapAction === 'string' ? { soapAction: soapAction.replaceAll('"', '') } : {}),
      ...(typeof correlationId === 'string' ? { correlationId } : {}),
      remote: request.socket.remoteAddress ?? '',
      body,
    })
    const rule = this.plan.next(entry.operation, this.isReused(request))
    if (rule) this.ledger.outcome(entry, { misbehaviour: rule.kind })
    await actOn(this.exchange(endpoint, entry, body, rule, response), rule)
  }

  /** Whether this connection has carried a request before. */
  private isReused({ socket }: IncomingMessage): boolean {
    if (this.usedSockets.has(socket)) return true
    this.usedSockets.add(socket)
    return false
  }

  private exchange(
    endpoint: OpenEndpoint<State>,
    entry: LedgerRequest,
    body: Buffer,
    rule: MisbehaviourRule | undefined,
    response: ServerResponse,
  ): Exchange {
    const { soap, definition } = endpoint
    const version = soap.versionOf(entry.raw)
    let authenticated = false
    const process = async (): Promise<TwinReply> => {
      const reply = await soap.process(entry.raw, {
        authenticate: (security) => {
          if (!authenticated) this.tokens?.verify(security)
          authenticated = true
        },
        run: async (operation, args, headers) => {
          const handler = definition.operations[operation]
          if (!handler) throw new TwinFault('Server', `${operation} chưa được hỗ trợ`)
          const call: TwinCall<State> = {
            ...this.work(entry.seq),
            seq: entry.seq,
            operation,
            raw: entry.raw,
            rawBytes: body,
            headers,
            misbehaviour: rule,
            outOfOrder: rule?.kind === 'CHANGES_OUT_OF_ORDER',
            attachments: (list, contentKey) => mangledAttachments(rule, list, contentKey),
          }
          return handler(args, call)
        },
      })
      const answer = definition.copyHeaders && !reply.isFault ? withCopiedHeaders(entry.raw, reply) : reply
      if (!answer.isFault) this.replies.keep(entry, answer)
      return answer
    }
    return new Exchange(entry, version, response, {
      ledger: this.ledger,
      process,
      later: (ms, run) => this.clock.after(ms, run),
      foreignReply: (of) => this.replies.foreignTo(entry, of) ?? soap.emptyAnswer(otherThan(entry.operation, soap.operations), version),
    })
  }
}

const otherThan = (operation: string, all: readonly string[]): string => all.find((name) => name !== operation) ?? operation
