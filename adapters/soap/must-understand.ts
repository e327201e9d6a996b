import { ENVELOPE_NS } from './envelope.js'
import type { SoapVersion } from './read-wsdl.js'
import { escapeText } from './request-body.js'
import { WSSE_NS } from './security.js'
import type { XmlNode } from './xml-tree.js'
import { XROAD_NS } from './xroad-headers.js'

/**
 * Phần tiêu đề bắt buộc phải hiểu: a header block with `mustUnderstand` forbids whoever it is for to go on without understanding it. We understand WS-Security and
 * the X-Road headers. Of a block for another actor or role on the way nothing is asked of us.
 */
export const notUnderstood = (blocks: readonly XmlNode[], version: SoapVersion): XmlNode | undefined =>
  blocks.find((block) => mustBeUnderstood(block, version) && isForUs(block, version) && !isUnderstood(block))

const isUnderstood = ({ uri, local }: XmlNode): boolean => uri === XROAD_NS || (uri === WSSE_NS && local === 'Security')

const own = ({ attributes }: XmlNode, version: SoapVersion, name: string): string =>
  attributes.find(({ local, uri }) => local === name && uri === ENVELOPE_NS[version])?.value.trim() ?? ''

const mustBeUnderstood = (block: XmlNode, version: SoapVersion): boolean => ['1', 'true'].includes(own(block, version, 'mustUnderstand'))

/** We are the last one on the way, and the next one too. */
const OURS: Readonly<Record<SoapVersion, readonly string[]>> = {
  '1.1': ['', 'http://schemas.xmlsoap.org/soap/actor/next'],
  '1.2': ['', `${ENVELOPE_NS['1.2']}/role/next`, `${ENVELOPE_NS['1.2']}/role/ultimateReceiver`],
}

const isForUs = (block: XmlNode, version: SoapVersion): boolean =>
  OURS[version].includes(own(block, version, version === '1.1' ? 'actor' : 'role'))

/** The header block by which SOAP 1.2 names it in the answer. */
export const namedNotUnderstood = ({ uri, local }: XmlNode): string =>
  `<soap:NotUnderstood qname="n:${escapeText(local)}" xmlns:n="${escapeText(uri)}"/>`
