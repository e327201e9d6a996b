import { randomUUID } from 'node:crypto'
import { isUnavailable, RETRY_AFTER_S } from '../../src/errors.js'
import type { SoapContract, SoapOperation, SoapVersion } from './contract.js'
import { buildEnvelope, CONTENT_TYPE, type EnvelopeHead, readEnvelope, readEnvelopeHead } from './envelope.js'
import { type OwnFault, writeFault } from './faults.js'
import { FAULTS, faultOfRefusal } from './inbound-faults.js'
import { namedNotUnderstood, notUnderstood } from './must-understand.js'
import { type TokenPolicy, verifyUsernameToken, WSSE_NS } from './security.js'
import { describeService } from './served-wsdl.js'
import { type XmlLimits, XmlRefused } from './xml-parse.js'
import type { XmlNode } from './xml-tree.js'

/**
 * A SOAP service of ours that a foreign system calls. In this order: the size, the envelope's head, who calls, whether every header that
 * must be understood is, the operation, the body by the WSDL's types, the handler. Whatever fails is a SOAP fault in the caller's version
 * with a stable code and a Vietnamese sentence; of our own failures a caller learns a reference and nothing more.
 */
export interface InboundService {
  handle(request: InboundRequest): Promise<InboundResponse>
  /** The WSDL with our address in it; its schemas are at `<publicUrl>?xsd=<name>`. */
  wsdl(publicUrl: string): string
  schema(name: string, publicUrl: string): string | undefined
}

export interface InboundRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  readonly url?: string
  /** Subject of the client certificate that TLS has verified, when there is one. */
  readonly clientCertificate?: string
}

export interface InboundResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** Who calls. `security` is the `wsse:Security` block. */
export type Authenticate = (credentials: {
  readonly security: XmlNode | undefined
  readonly headers: InboundRequest['headers']
  readonly clientCertificate: string | undefined
}) => Promise<{ readonly ok: true; readonly caller: string } | { readonly ok: false; readonly reason: string }>

export interface InboundContext {
  /** The envelope as it came, without the security header. */
  readonly raw: string
  readonly caller: string
  readonly correlationId: string
  /** Header blocks, without the security header. */
  readonly headerBlocks: readonly XmlNode[]
}

export type InboundOperation = (request: Record<string, unknown>, context: InboundContext) => Promise<Record<string, unknown>>

export interface InboundServiceOptions {
  readonly contract: SoapContract
  readonly authenticate: Authenticate
  readonly limits: XmlLimits
  /** By operation name; each operation of the contract must be there. */
  readonly operations: Readonly<Record<string, InboundOperation>>
  /** Told of every fault that we answer: for logs and metrics. Credentials and personal data are not in it. */
  readonly onFault?: (event: { code: string; detail: string; correlationId: string; operation?: string; error?: unknown }) => void
}

/** Checks UsernameToken headers; the caller is the user name. */
export function byUsernameToken(policy: TokenPolicy): Authenticate {
  return async ({ security }) => {
    const verdict = await verifyUsernameToken(security, policy)
    return verdict.ok ? { ok: true, caller: verdict.username } : verdict
  }
}

export function createInboundService(options: InboundServiceOptions): InboundService {
  const { contract } = options
  const byInput = new Map([...contract.operations.values()].map((operation) => [operation.inputElement, operation]))
  for (const name of contract.operations.keys()) {
    if (!Object.hasOwn(options.operations, name)) throw new Error(`The operation ${name} of ${contract.name} has no handler`)
  }
  return {
    handle: (request) => new InboundCall(options, byInput, request).answer(),
    wsdl: (publicUrl) => describeService(contract.files.wsdl, publicUrl),
    schema: (name, publicUrl) => {
      const text = contract.files.schemas.get(name)
      return text === undefined ? undefined : describeService(text, publicUrl)
    },
  }
}

/** A fault on its way out. */
class Refused extends Error {
  constructor(
    readonly fault: OwnFault,
    readonly detail: string,
    readonly origin?: unknown,
  ) {
    super(detail)
  }
}

class InboundCall {
  private version: SoapVersion
  private readonly correlationId: string
  private operation: SoapOperation | undefined
  private stranger: XmlNode | undefined

  constructor(
    private readonly options: InboundServiceOptions,
    private readonly byInput: ReadonlyMap<string, SoapOperation>,
    private readonly request: InboundRequest,
  ) {
    this.version = headerText(request, 'content-type').startsWith('application/soap+xml') ? '1.2' : '1.1'
    const given = headerText(request, 'x-correlation-id')
    this.correlationId = /^[A-Za-z0-9._:-]{1,100}$/.test(given) ? given : randomUUID()
  }

  async answer(): Promise<InboundResponse> {
    try {
      return this.respond(200, await this.process())
    } catch (error) {
      const refused = this.refusalOf(error)
      this.options.onFault?.({
        code: refused.fault.code,
        detail: refused.detail,
        correlationId: this.correlationId,
        ...(this.operation && { operation: this.operation.name }),
        ...(refused.origin !== undefined && { error: refused.origin }),
      })
      const isLater = refused.fault.code === FAULTS.unavailable.code
      return this.respond(
        isLater ? 503 : 500,
        writeFault(refused.fault, this.version),
        isLater ? { 'retry-after': String(RETRY_AFTER_S) } : {},
      )
    }
  }

  private async process(): Promise<string> {
    const head = await readEnvelopeHead(this.request.body, this.options.limits)
    this.version = head.version
    const caller = await this.authenticated(head)
    this.stranger = notUnderstood(head.headers, head.version)
    if (this.stranger) throw new Refused(FAULTS.mustUnderstand, 'a header block that must be understood is not')
    const operation = this.operationOf(head)
    const handler = this.options.operations[operation.name]
    if (!handler) throw new Error(`nobody handles ${operation.name}`)
    const input = this.options.contract.element(operation.inputElement)
    const expect = (uri: string, local: string) => (uri === input.uri && local === input.name ? input : undefined)
    const envelope = await readEnvelope(this.request.body, expect, { ...this.options.limits, unknownElements: 'REFUSE' })
    if (envelope.body.kind !== 'VALUE') throw new Refused(FAULTS.noOperation, 'no operation in the body')
    const reply = await handler(envelope.body.value, {
      raw: withoutSecurity(this.request.body, head),
      caller,
      correlationId: this.correlationId,
      headerBlocks: envelope.headers.filter((block) => block.uri !== WSSE_NS),
    })
    return this.options.contract.serialize(operation.outputElement, reply)
  }

  private async authenticated(head: EnvelopeHead): Promise<string> {
    const verdict = await this.options.authenticate({
      security: head.headers.find((block) => block.local === 'Security' && block.uri === WSSE_NS),
      headers: this.request.headers,
      clientCertificate: this.request.clientCertificate,
    })
    if (!verdict.ok) throw new Refused(FAULTS.failedAuthentication, verdict.reason)
    return verdict.caller
  }

  private operationOf(head: EnvelopeHead): SoapOperation {
    const operation = head.body && this.byInput.get(head.body.local)
    if (!operation || this.options.contract.element(operation.inputElement).uri !== head.body?.uri) {
      throw new Refused(FAULTS.noOperation, 'no such operation')
    }
    this.operation = operation
    return operation
  }

  private refusalOf(error: unknown): Refused {
    if (error instanceof Refused) return error
    if (error instanceof XmlRefused) return new Refused(faultOfRefusal(error), `${error.reason}: ${error.detail}`)
    if (isUnavailable(error))
      return new Refused({ ...FAULTS.unavailable, reason: error.message }, error.detail.reason ?? 'unavailable', error.cause)
    const reference = randomUUID()
    return new Refused({ ...FAULTS.internal, reference }, `reference ${reference}`, error)
  }

  private respond(status: number, bodyXml: string, more: Record<string, string> = {}): InboundResponse {
    return {
      status,
      headers: { ...more, 'content-type': CONTENT_TYPE[this.version], 'x-correlation-id': this.correlationId },
      body: buildEnvelope(this.version, this.stranger && this.version === '1.2' ? [namedNotUnderstood(this.stranger)] : [], bodyXml),
    }
  }
}

function headerText(request: InboundRequest, name: string): string {
  const value = request.headers[name]
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? ''
}

/** What is kept of a request must not hold a password. Cut from behind, so that the positions before stay right. */
function withoutSecurity(body: Buffer, head: EnvelopeHead): string {
  let text = new TextDecoder('utf-8').decode(body)
  for (const block of head.headers.filter((candidate) => candidate.uri === WSSE_NS).reverse()) {
    const start = text.lastIndexOf('<', block.openEnd - 1)
    text = text.slice(0, start) + text.slice(block.end)
  }
  return text
}
