import { readFile } from 'node:fs/promises'
import { type IServerOptions, type IServices, Server, WSDL } from 'soap'
import { CONTENT_TYPE, ENVELOPE_NAMESPACE, faultReply, type SoapVersion, TwinFault, type TwinReply } from './twin-fault.js'
import type { WireObject } from './wire-values.js'

/** What the owner of an endpoint does with one parsed request. Both may throw a TwinFault. */
export interface Processing {
  authenticate(security: WireObject | undefined): void
  run(operation: string, args: WireObject, headers: WireObject | undefined): Promise<unknown>
}

/** Carries a request's own processing through node-soap, as the "connection" of its serverless request. */
interface Carrier {
  readonly processing: Processing
  fault?: TwinFault
}

/** Deserialisers for node-soap, which else drops digits of longs, zeros of decimals and the zone of dates: the text as it came. */
export const KEEP_TEXT = Object.fromEntries(
  ['int', 'integer', 'short', 'long', 'double', 'float', 'decimal', 'bool', 'boolean', 'dateTime', 'date'].map((type) => [
    type,
    (text: string) => text,
  ]),
)

const BINDING_NAMESPACE: Record<SoapVersion, string> = {
  '1.1': 'http://schemas.xmlsoap.org/wsdl/soap/',
  '1.2': 'http://schemas.xmlsoap.org/wsdl/soap12/',
}

/**
 * One SOAP endpoint, parsed and serialised by node-soap's own server, so that the twin shares no reading or writing code with the
 * gateway's client. node-soap runs without a socket here: the HTTP side belongs to the twin, which must keep the raw bytes and
 * be able to answer badly. Requests are dispatched by the body's element (document/literal wrapped), not by SOAPAction.
 *
 * Two limits of node-soap's serialiser to know when writing a handler: elements go out in the order of the object's keys, and all
 * take the namespace of the response element, so a twin's WSDL has one target namespace with elementFormDefault="qualified".
 */
export class SoapEndpoint {
  private constructor(
    readonly wsdlText: string,
    readonly operations: readonly string[],
    private readonly servers: ReadonlyMap<SoapVersion, Server>,
    private readonly operationByElement: ReadonlyMap<string, string>,
    private readonly outputByOperation: ReadonlyMap<string, { name: string; namespace: string }>,
  ) {}

  static async open(wsdlPath: string, path: string): Promise<SoapEndpoint> {
    const text = await readFile(wsdlPath, 'utf8')
    const servers = new Map<SoapVersion, Server>()
    const operationByElement = new Map<string, string>()
    const outputs = new Map<string, { name: string; namespace: string }>()
    for (const version of ['1.1', '1.2'] as const) {
      if (!speaks(text, version)) continue
      const { server, wsdl } = await listen(text, wsdlPath, path, version)
      servers.set(version, server)
      for (const binding of Object.values(wsdl.definitions.bindings)) {
        for (const [element, { methodName }] of Object.entries(binding.topElements ?? {})) operationByElement.set(element, methodName)
        for (const [name, method] of Object.entries(binding.methods)) {
          outputs.set(name, { name: method.output?.$name ?? `${name}Response`, namespace: String(wsdl.definitions.$targetNamespace) })
        }
      }
    }
    if (servers.size === 0) throw new Error(`no SOAP binding in ${wsdlPath}`)
    return new SoapEndpoint(text, [...new Set(operationByElement.values())], servers, operationByElement, outputs)
  }

  /** The operation that a body asks for, without parsing it: good enough to record and to misbehave by. */
  operationIn(raw: string): string {
    const element = /<(?:[\w.-]+:)?Body\b[^>]*>\s*(?:<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?([\w.-]+)/.exec(raw)?.[1]
    return (element !== undefined && this.operationByElement.get(element)) || 'UNKNOWN'
  }

  versionOf(raw: string): SoapVersion {
    return raw.includes(ENVELOPE_NAMESPACE['1.2']) ? '1.2' : '1.1'
  }

  /** A well-formed empty answer of that operation, for a twin that is told to answer what nobody asked. */
  emptyAnswer(operation: string, version: SoapVersion): TwinReply {
    const output = this.outputByOperation.get(operation) ?? { name: 'Nothing', namespace: '' }
    const envelope = `<soap:Envelope xmlns:soap="${ENVELOPE_NAMESPACE[version]}"><soap:Body>`
    const body = `${envelope}<${output.name} xmlns="${output.namespace}"/></soap:Body></soap:Envelope>`
    return { httpStatus: 200, contentType: CONTENT_TYPE[version], body, isFault: false }
  }

  /** Parses, authenticates, runs and serialises. Never throws: what goes wrong is a fault. */
  async process(raw: string, processing: Processing): Promise<TwinReply> {
    const version = this.versionOf(raw)
    const server = this.servers.get(version)
    if (!server) return faultReply('1.1', new TwinFault('VersionMismatch', `SOAP ${version} không được hỗ trợ`))
    const carrier: Carrier = { processing }
    const answer = await server.processRequest(raw, { url: String(server.path), headers: {}, connection: carrier })
    if (carrier.fault) return faultReply(version, carrier.fault)
    if (answer.statusCode >= 400) return faultReply(version, new TwinFault('Client', 'Không đọc được thông điệp SOAP'))
    return { httpStatus: 200, contentType: CONTENT_TYPE[version], body: answer.body, isFault: false }
  }
}

/** True when the WSDL has a binding of that SOAP version, not only a namespace declaration. */
function speaks(wsdl: string, version: SoapVersion): boolean {
  const prefix = new RegExp(`xmlns:([\\w.-]+)=["']${BINDING_NAMESPACE[version]}["']`).exec(wsdl)?.[1]
  return prefix !== undefined && new RegExp(`<${prefix}:binding\\b`).test(wsdl)
}

/** Of each file and version of SOAP, for all endpoints of this process: reading one takes longer than what most tests ask of it, and nothing in it changes. */
const parsed = new Map<string, Promise<WSDL>>()

function parse(text: string, wsdlPath: string, version: SoapVersion): Promise<WSDL> {
  const key = `${version} ${wsdlPath}`
  const wsdl =
    parsed.get(key) ??
    new Promise<WSDL>((resolve, reject) => {
      const opened = new WSDL(text, wsdlPath, { customDeserializer: KEEP_TEXT, forceSoap12Headers: version === '1.2' })
      opened.options.preserveWhitespace = true
      opened.onReady((error: unknown) => (error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve(opened)))
    })
  parsed.set(key, wsdl)
  wsdl.catch(() => parsed.delete(key))
  return wsdl
}

async function listen(text: string, wsdlPath: string, path: string, version: SoapVersion): Promise<{ server: Server; wsdl: WSDL }> {
  const wsdl = await parse(text, wsdlPath, version)
  const services: IServices = {}
  for (const [serviceName, service] of Object.entries(wsdl.definitions.services))
    services[serviceName] = Object.fromEntries(
      Object.entries(service.ports).map(([portName, port]) => [
        portName,
        Object.fromEntries(Object.keys(port.binding.methods).map((operation) => [operation, handlerOf(operation)])),
      ]),
    )
  const options: IServerOptions = { path, services, suppressStack: true }
  const server = new Server(null, path, services, wsdl, options)
  server.authenticate = (security: WireObject | undefined, _done, request) => {
    const carrier = carrierOf(request)
    return guarded(carrier, () => {
      carrier.processing.authenticate(security)
      return true
    })
  }
  return { server, wsdl }
}

/** node-soap knows faults only as objects with the shape of one SOAP version, so they travel beside it, in the carrier. */
const handlerOf =
  (operation: string) =>
  async (args: WireObject | null, _done: unknown, headers: WireObject | undefined, request: unknown): Promise<unknown> => {
    const carrier = carrierOf(request)
    try {
      return (await carrier.processing.run(operation, args ?? {}, headers)) ?? {}
    } catch (error) {
      carrier.fault = asFault(error)
      return {}
    }
  }

function guarded(carrier: Carrier, check: () => boolean): boolean {
  try {
    return check()
  } catch (error) {
    carrier.fault = asFault(error)
    return false
  }
}

const asFault = (error: unknown): TwinFault =>
  error instanceof TwinFault ? error : new TwinFault('Server', error instanceof Error ? error.message : String(error))

const carrierOf = (request: unknown): Carrier => (request as { connection: Carrier }).connection
