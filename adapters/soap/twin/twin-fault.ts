export type SoapVersion = '1.1' | '1.2'

export const ENVELOPE_NAMESPACE: Record<SoapVersion, string> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

export const CONTENT_TYPE: Record<SoapVersion, string> = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
}

const WSSE_NAMESPACE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'

/**
 * A SOAP fault that a twin raises. `code` is written as SOAP 1.1 names it (`Client`, `Server`, `Server.ServerProxy.Timeout`);
 * the standard words get the envelope's namespace and their 1.2 names, `wsse:` codes that namespace, others go out as they are.
 */
export class TwinFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** `detail` is XML. `httpStatus` defaults to 500, and to 400 for a sender's fault of SOAP 1.2. */
    readonly options: { readonly detail?: string; readonly httpStatus?: number } = {},
  ) {
    super(message)
  }
}

/** A whole HTTP answer, ready to be written. */
export interface TwinReply {
  readonly httpStatus: number
  readonly contentType: string
  readonly body: string
  readonly isFault: boolean
}

const NAMES_IN_12: Record<string, string> = {
  Client: 'Sender',
  Server: 'Receiver',
  VersionMismatch: 'VersionMismatch',
  MustUnderstand: 'MustUnderstand',
}

export function faultReply(version: SoapVersion, fault: TwinFault): TwinReply {
  const first = fault.code.split('.')[0] ?? ''
  const standard = NAMES_IN_12[first]
  const body = version === '1.1' ? fault11(fault, standard !== undefined) : fault12(fault, standard)
  const envelope = `<soap:Envelope xmlns:soap="${ENVELOPE_NAMESPACE[version]}" xmlns:wsse="${WSSE_NAMESPACE}">`
  return {
    httpStatus: fault.options.httpStatus ?? (version === '1.2' && standard === 'Sender' ? 400 : 500),
    contentType: CONTENT_TYPE[version],
    body: `<?xml version="1.0" encoding="utf-8"?>${envelope}<soap:Body><soap:Fault>${body}</soap:Fault></soap:Body></soap:Envelope>`,
    isFault: true,
  }
}

function fault11(fault: TwinFault, standard: boolean): string {
  const code = escapeXml(standard ? `soap:${fault.code}` : fault.code)
  const detail = fault.options.detail === undefined ? '' : `<detail>${fault.options.detail}</detail>`
  return `<faultcode>${code}</faultcode><faultstring>${escapeXml(fault.message)}</faultstring>${detail}`
}

function fault12(fault: TwinFault, standard: string | undefined): string {
  const isPlain = standard !== undefined && !fault.code.includes('.')
  const subcode = isPlain ? '' : `<soap:Subcode><soap:Value>${escapeXml(fault.code)}</soap:Value></soap:Subcode>`
  const detail = fault.options.detail === undefined ? '' : `<soap:Detail>${fault.options.detail}</soap:Detail>`
  const reason = `<soap:Reason><soap:Text xml:lang="vi">${escapeXml(fault.message)}</soap:Text></soap:Reason>`
  return `<soap:Code><soap:Value>soap:${standard ?? 'Receiver'}</soap:Value>${subcode}</soap:Code>${reason}${detail}`
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
