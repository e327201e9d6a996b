import type { CheckReplyHeaders } from './call-result.js'
import { escapeText } from './request-body.js'
import { childOf, type XmlNode } from './xml-tree.js'

/** Header blocks of the X-Road message protocol 4.0, on which the national exchange platform is built. */
export const XROAD_NS = 'http://x-road.eu/xsd/xroad.xsd'
const IDENTIFIERS_NS = 'http://x-road.eu/xsd/identifiers'

export interface XroadClientId {
  readonly instance: string
  readonly memberClass: string
  readonly memberCode: string
  readonly subsystemCode: string
}

export interface XroadServiceId extends XroadClientId {
  readonly serviceCode: string
  readonly serviceVersion?: string
}

export interface XroadHeaders {
  readonly client: XroadClientId
  readonly service: XroadServiceId
  /** Chosen by us, unique: a UUID. */
  readonly id: string
  /** With the country before it (`VN…`). */
  readonly userId?: string
  /** What the call is about: the dossier code. */
  readonly issue?: string
}

export function xroadHeaderBlocks(headers: XroadHeaders): string[] {
  return [
    identifier('client', 'SUBSYSTEM', headers.client),
    identifier('service', 'SERVICE', headers.service),
    block('id', headers.id),
    ...(headers.userId === undefined ? [] : [block('userId', headers.userId)]),
    ...(headers.issue === undefined ? [] : [block('issue', headers.issue)]),
    block('protocolVersion', '4.0'),
  ]
}

export interface ReadXroadHeaders {
  readonly id: string | undefined
  readonly serviceCode: string | undefined
  readonly service: string | undefined
  readonly client: string | undefined
  readonly userId: string | undefined
  readonly issue: string | undefined
  readonly protocolVersion: string | undefined
}

/** The blocks of a request or a reply; identifiers come as their parts joined by `/`. */
export function readXroadHeaders(blocks: readonly XmlNode[]): ReadXroadHeaders {
  const find = (local: string) => blocks.find((node) => node.local === local && node.uri === XROAD_NS)
  const service = find('service')
  const client = find('client')
  return {
    id: find('id')?.text,
    serviceCode: service && childOf(service, 'serviceCode', IDENTIFIERS_NS)?.text,
    service: service && partsOf(service),
    client: client && partsOf(client),
    userId: find('userId')?.text,
    issue: find('issue')?.text,
    protocolVersion: find('protocolVersion')?.text,
  }
}

/** The provider must copy the headers: a reply with another id or service is the answer to somebody else's request. */
export function checkXroadReply(sent: XroadHeaders): CheckReplyHeaders {
  const service = joined(sent.service)
  return (blocks) => {
    const got = readXroadHeaders(blocks)
    if (got.id !== sent.id) return got.id === undefined ? 'the X-Road id is missing' : 'the X-Road id is of another request'
    if (got.service !== service) return 'the X-Road service is another one'
    return undefined
  }
}

const PARTS = [
  ['xRoadInstance', 'instance'],
  ['memberClass', 'memberClass'],
  ['memberCode', 'memberCode'],
  ['subsystemCode', 'subsystemCode'],
  ['serviceCode', 'serviceCode'],
  ['serviceVersion', 'serviceVersion'],
] as const

function identifier(local: string, objectType: string, id: XroadClientId & Partial<XroadServiceId>): string {
  const parts = PARTS.map(([wire, ours]) => (id[ours] === undefined ? '' : `<id:${wire}>${escapeText(id[ours])}</id:${wire}>`))
  return `<xrd:${local} xmlns:xrd="${XROAD_NS}" xmlns:id="${IDENTIFIERS_NS}" id:objectType="${objectType}">${parts.join('')}</xrd:${local}>`
}

function block(local: string, text: string): string {
  return `<xrd:${local} xmlns:xrd="${XROAD_NS}">${escapeText(text)}</xrd:${local}>`
}

function partsOf(node: XmlNode): string {
  return PARTS.map(([wire]) => childOf(node, wire, IDENTIFIERS_NS)?.text ?? '').join('/')
}

function joined(id: XroadServiceId): string {
  return PARTS.map(([, ours]) => id[ours] ?? '').join('/')
}
