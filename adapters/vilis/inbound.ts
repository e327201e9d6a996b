import { fileURLToPath } from 'node:url'
import type { KeepDocument } from '../../src/ports/documents.js'
import type { InboundEndpoint, InboundReceipt, ReceiveInbound } from '../../src/ports/inbound.js'
import type { Mappings } from '../../src/ports/mappings.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import { loadContract } from '../soap/contract.js'
import { byUsernameToken, createInboundService, type InboundOperation, type InboundServiceOptions } from '../soap/inbound-service.js'
import { nonceMemory, type TokenPolicy } from '../soap/security.js'
import { withoutContents } from '../soap/without-contents.js'
import { wireZones } from './adapter.js'
import { Codes } from './codes.js'
import { CALLBACK_OPERATIONS, readMessage } from './inbound-mapping.js'
import type { ReadContext } from './read-context.js'
import { Unreadable } from './wire-fields.js'

/**
 * The service at the gateway that ViLIS calls (`wsdl/mot-cua-callback.wsdl`). Result is 1 only when the message is stored, or was before;
 * 0 with a sentence when it is refused; when it could not be stored the answer is a Server fault, so that ViLIS calls again.
 */
export interface VilisInboundOptions {
  readonly settings: SystemSettings
  readonly mappings: Mappings
  readonly keepDocument: KeepDocument
  readonly receive: ReceiveInbound
  /** Memory of used nonces; several gateways need a shared one. */
  readonly nonceSeen?: TokenPolicy['nonceSeen']
  readonly onFault?: InboundServiceOptions['onFault']
  /** Told of a message that was answered with Result 0 because it cannot be read: nothing of it is in the inbox. */
  readonly onUnreadable?: (event: {
    operation: string
    field: string
    reason: string
    raw: string
    correlationId: string
  }) => void | Promise<void>
}

export const VILIS_CALLBACK_WSDL_PATH = fileURLToPath(new URL('./wsdl/mot-cua-callback.wsdl', import.meta.url))

const VILIS_CALLBACK_PATH = '/soap/vilis'

const CLOCK_SKEW_MS = 5 * 60_000
const MAX_NONCES = 100_000
const MAX_DEPTH = 32

/** Rejects when ViLIS's credentials are not configured: a service that anybody may call is none. */
export async function createVilisInbound(options: VilisInboundOptions): Promise<InboundEndpoint> {
  const { settings } = options
  const expected = settings.inboundCredentials
  if (!expected) throw new Error('VILIS: inboundCredentials are not configured, its callbacks cannot be authenticated')
  const service = createInboundService({
    contract: await loadContract({ wsdlPath: VILIS_CALLBACK_WSDL_PATH }),
    authenticate: byUsernameToken({
      lookupPassword: (username) => (username === expected.username ? expected.password : undefined),
      clockSkewMs: CLOCK_SKEW_MS,
      nonceSeen: options.nonceSeen ?? nonceMemory({ maxEntries: MAX_NONCES }),
    }),
    limits: { maxBytes: settings.maxRequestBytes, maxDepth: MAX_DEPTH },
    operations: Object.fromEntries(CALLBACK_OPERATIONS.map((operation) => [operation, callback(operation, options)])),
    ...(options.onFault && { onFault: options.onFault }),
  })
  return { path: VILIS_CALLBACK_PATH, handle: (request) => service.handle(request), wsdl: (publicUrl) => service.wsdl(publicUrl) }
}

function callback(operation: string, options: VilisInboundOptions): InboundOperation {
  const context: ReadContext = {
    codes: new Codes(options.mappings),
    zones: wireZones(options.settings),
    keepDocument: options.keepDocument,
  }
  return async (request, call) => {
    const raw = withoutContents(call.raw, 'NoiDung')
    try {
      const message = await readMessage(operation, request, context)
      return answer(await options.receive({ ...message, source: 'VILIS', channel: 'CALLBACK', raw, correlationId: call.correlationId }))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      const { field, sentence: reason } = error
      await options.onUnreadable?.({ operation, field, reason, raw, correlationId: call.correlationId })
      return { Result: 0, Message: reason }
    }
  }
}

function answer(receipt: InboundReceipt): Record<string, unknown> {
  if (receipt.kind === 'REFUSED') return { Result: 0, Message: receipt.message }
  return { Result: 1, Message: receipt.kind === 'STORED' ? 'Đã tiếp nhận.' : 'Đã tiếp nhận trước đó.' }
}
