import type { SoapVersion } from './read-wsdl.js'
import { escapeText } from './request-body.js'
import { childOf, textWithin, type XmlNode } from './xml-tree.js'

/** A fault as the other side gave it. Code and subcode are local names: prefixes differ from call to call. */
export interface SoapFault {
  readonly version: SoapVersion
  /** `Client`, `Server`, `Client.BadDossier`, `E104`; in 1.2 `Sender` or `Receiver`. */
  readonly code: string
  /** Of 1.2 the innermost subcode, the most precise. 1.1 has none. */
  readonly subcode?: string
  readonly reason: string
  /** All text of the detail, joined, first 1,000 characters. */
  readonly detailText?: string
  /** The leaf elements of the detail by local name (`MaLoi`); of repeated ones the first. */
  readonly detailFields: Readonly<Record<string, string>>
}

/** The names by which an adapter's fault table may know a fault, the most precise first: `Client.E104` is also `E104` and `Client`. */
export function faultKeys(fault: SoapFault): string[] {
  const dot = fault.code.indexOf('.')
  const parts = dot < 0 ? [fault.code] : [fault.code, fault.code.slice(dot + 1), fault.code.slice(0, dot)]
  return fault.subcode === undefined ? parts : [fault.subcode, ...parts]
}

/** Reads the `Fault` element of either version. */
export function readFault(fault: XmlNode, version: SoapVersion): SoapFault {
  return version === '1.1' ? readFault11(fault) : readFault12(fault)
}

function readFault11(fault: XmlNode): SoapFault {
  return {
    version: '1.1',
    code: localName(childOf(fault, 'faultcode')?.text),
    reason: childOf(fault, 'faultstring')?.text.trim() ?? '',
    ...readDetail(childOf(fault, 'detail')),
  }
}

function readFault12(fault: XmlNode): SoapFault {
  const code = childOf(fault, 'Code')
  let subcode: string | undefined
  for (let inner = code && childOf(code, 'Subcode'); inner; inner = childOf(inner, 'Subcode')) {
    subcode = localName(childOf(inner, 'Value')?.text)
  }
  const reason = childOf(fault, 'Reason')
  return {
    version: '1.2',
    code: localName(code && childOf(code, 'Value')?.text),
    ...(subcode !== undefined && { subcode }),
    reason: (reason && childOf(reason, 'Text')?.text.trim()) ?? '',
    ...readDetail(childOf(fault, 'Detail')),
  }
}

function readDetail(detail: XmlNode | undefined): Pick<SoapFault, 'detailText' | 'detailFields'> {
  if (!detail) return { detailFields: {} }
  const fields = new Map<string, string>()
  collectLeaves(detail, fields)
  return { detailText: textWithin(detail).slice(0, 1000), detailFields: Object.fromEntries(fields) }
}

function collectLeaves(node: XmlNode, into: Map<string, string>): void {
  for (const child of node.children) {
    if (child.children.length > 0) collectLeaves(child, into)
    else if (!into.has(child.local)) into.set(child.local, child.text.trim())
  }
}

function localName(qname: string | undefined): string {
  const trimmed = qname?.trim() ?? ''
  return trimmed.slice(trimmed.lastIndexOf(':') + 1)
}

/** A fault that we answer. `code` is stable and machine-readable, `reason` a Vietnamese sentence. */
export interface OwnFault {
  /** Whose fault it is. `WSSE` codes are those of WS-Security (`FailedAuthentication`). */
  readonly side: 'CLIENT' | 'SERVER' | 'WSSE' | 'MUST_UNDERSTAND'
  readonly code: string
  readonly reason: string
  readonly reference?: string
}

/** The `Fault` element, to stand in a body of an envelope whose prefix is `soap` (`envelope.ts`). */
export function writeFault(fault: OwnFault, version: SoapVersion): string {
  const reference = fault.reference === undefined ? '' : `<MaThamChieu>${escapeText(fault.reference)}</MaThamChieu>`
  const detail = `<MaLoi>${escapeText(fault.code)}</MaLoi>${reference}`
  const reason = escapeText(fault.reason)
  return version === '1.1'
    ? `<soap:Fault><faultcode${codeNamespace(fault)}>${code11(fault)}</faultcode><faultstring>${reason}</faultstring><detail>${detail}</detail></soap:Fault>`
    : `<soap:Fault><soap:Code><soap:Value>${code12(fault)}</soap:Value>${subcode12(fault)}</soap:Code>` +
        `<soap:Reason><soap:Text xml:lang="vi">${reason}</soap:Text></soap:Reason><soap:Detail>${detail}</soap:Detail></soap:Fault>`
}

const WSSE_PREFIX = ' xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"'
const OWN_PREFIX = ' xmlns:gw="urn:lien-thong-dat-dai:fault"'

function codeNamespace(fault: OwnFault): string {
  return fault.side === 'WSSE' ? WSSE_PREFIX : ''
}

function code11(fault: OwnFault): string {
  if (fault.side === 'WSSE') return `wsse:${fault.code}`
  if (fault.side === 'MUST_UNDERSTAND') return 'soap:MustUnderstand'
  return `soap:${fault.side === 'CLIENT' ? 'Client' : 'Server'}.${fault.code}`
}

function code12(fault: OwnFault): string {
  if (fault.side === 'MUST_UNDERSTAND') return 'soap:MustUnderstand'
  return fault.side === 'SERVER' ? 'soap:Receiver' : 'soap:Sender'
}

function subcode12(fault: OwnFault): string {
  const [namespace, prefix] = fault.side === 'WSSE' ? [WSSE_PREFIX, 'wsse'] : [OWN_PREFIX, 'gw']
  return `<soap:Subcode><soap:Value${namespace}>${prefix}:${fault.code}</soap:Value></soap:Subcode>`
}
