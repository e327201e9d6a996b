import { randomUUID } from 'node:crypto'
import type { Evidence, Sending } from '../../../src/ports/target-system.js'
import type { CallEvidence, CallOptions, CallResult, SoapClient } from '../../soap/client.js'
import { escapeText } from '../../soap/request-body.js'
import { checkXroadReply, type XroadClientId, type XroadServiceId, xroadHeaderBlocks } from '../../soap/xroad-headers.js'
import type { BuocTienDo, HoSo, HoSoTraCuu, KetQuaGhi, TraLoi } from './wire.js'

/** How we are known on the exchange platform. The service code is the operation's name, so it is not configured. */
export interface PortalExchange {
  readonly client: XroadClientId
  readonly service: Omit<XroadServiceId, 'serviceCode'>
  /** With the country before it (`VN…`). */
  readonly userId?: string
}

interface PortalCallOptions extends Pick<CallOptions, 'totalMs' | 'beginBefore' | 'correlationId'> {
  /** The dossier that the call is about. */
  readonly issue?: string
}

/** One call over the exchange platform, under an X-Road id of its own: a reply with another id or service is somebody else's. */
export function callPortal(
  client: SoapClient,
  { exchange, account }: { readonly exchange: PortalExchange; readonly account: PortalAccount },
  operation: string,
  args: Record<string, unknown>,
  { issue, ...call }: PortalCallOptions,
): Promise<CallResult> {
  const headers = {
    client: exchange.client,
    service: { ...exchange.service, serviceCode: operation },
    id: randomUUID(),
    ...(exchange.userId !== undefined && { userId: exchange.userId }),
    ...(issue !== undefined && { issue }),
  }
  const caller = { session: account.session, madonvi: account.agencyCode, service: operation }
  return client.call(
    operation,
    { ...caller, ...args },
    { ...call, headerBlocks: xroadHeaderBlocks(headers), checkReplyHeaders: checkXroadReply(headers) },
  )
}

/** Đơn vị gửi as the portal knows it. The session is a secret: it stands in the body, and in no evidence. */
export interface PortalAccount {
  readonly session: string
  readonly agencyCode: string
}

export type Answer<Row> = { readonly kind: 'READ'; readonly reply: TraLoi<Row> } | Exclude<CallResult, { kind: 'REPLY' }>

type WriteName = 'DongBoHoSoMC' | 'CapNhatTienDoHoSoMC'

/**
 * The calls of one sending, under one deadline: all of them together take no longer than `totalMs`.
 */
export class PortalCalls {
  private readonly startedAt = performance.now()
  private readonly made: Evidence[] = []

  constructor(
    private readonly client: SoapClient,
    private readonly options: { readonly exchange: PortalExchange; readonly account: PortalAccount },
    private readonly sending: Sending,
    private readonly totalMs: number,
  ) {}

  /** Milliseconds that are left; 0 when there is no time for another call. */
  get leftMs(): number {
    return Math.max(0, Math.floor(this.totalMs - (performance.now() - this.startedAt)))
  }

  lookUp(withinMs: number): Promise<Answer<HoSoTraCuu>> {
    return this.call('TraCuuHoSo', { mahoso: this.sending.dossierCode }, withinMs)
  }

  write(name: WriteName, updating: boolean, record: HoSo | BuocTienDo): Promise<Answer<KetQuaGhi>> {
    return this.call(name, { isUpdating: updating ? 'True' : 'False', data: [record] }, this.leftMs)
  }

  /** Everything that went out and came in, in order. */
  evidence(): Evidence {
    const texts = (pick: (one: Evidence) => string | undefined) => this.made.map(pick).filter((text) => text !== undefined && text !== '')
    const requests = texts(({ requestXml }) => requestXml)
    const responses = texts(({ responseText }) => responseText)
    const httpStatus = this.made.at(-1)?.httpStatus
    return {
      ...(requests.length > 0 && { requestXml: requests.join('\n') }),
      ...(responses.length > 0 && { responseText: responses.join('\n') }),
      ...(httpStatus !== undefined && { httpStatus }),
      elapsedMs: Math.round(performance.now() - this.startedAt),
    }
  }

  private async call<Row>(operation: string, args: Record<string, unknown>, withinMs: number): Promise<Answer<Row>> {
    const totalMs = Math.min(withinMs, this.leftMs)
    if (totalMs <= 0)
      return { kind: 'NOT_SENT', why: 'DEADLINE', cause: `no time left for ${operation}`, evidence: { requestXml: '', elapsedMs: 0 } }
    const { dossierCode, beginBefore, correlationId } = this.sending
    const result = await callPortal(this.client, this.options, operation, args, { totalMs, beginBefore, correlationId, issue: dossierCode })
    this.made.push(this.shown(result.evidence))
    if (result.kind === 'FAULT') return { ...result, fault: { ...result.fault, reason: this.withoutSession(result.fault.reason) } }
    if (result.kind !== 'REPLY') return result
    // The reader has checked the value against the WSDL's type, of which `TraLoi` is the TypeScript form.
    const reply = result.value as unknown as TraLoi<Row>
    return { kind: 'READ', reply: { ...reply, ...(reply.message !== undefined && { message: this.withoutSession(reply.message) }) } }
  }

  /** Without the session. */
  private shown({ requestXml, responseText, ...rest }: CallEvidence): Evidence {
    return {
      ...rest,
      requestXml: requestXml.replace(/(<(?:[\w.-]+:)?session\b[^>]*>)[^<]*/g, '$1***'),
      ...(responseText !== undefined && { responseText: this.withoutSession(responseText) }),
    }
  }

  /** What the portal says may quote the session that it was given. */
  private withoutSession(text: string): string {
    const { session } = this.options.account
    return session === '' ? text : text.replaceAll(session, '***').replaceAll(escapeText(session), '***')
  }
}
