import { fileURLToPath } from 'node:url'
import type { KeepDocument } from '../../src/ports/documents.js'
import type { InboundEndpoint, ReceiveInbound } from '../../src/ports/inbound.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import { loadContract } from '../soap/contract.js'
import { byUsernameToken, createInboundService, type InboundOperation } from '../soap/inbound-service.js'
import { type NonceMemory, nonceMemory } from '../soap/security.js'
import { withoutContents } from '../soap/without-contents.js'
import { WireRefused } from './attachments.js'
import { messageOf } from './inbound-mapping.js'
import type { WireChange } from './wire-types.js'

export interface OneStopInboundOptions {
  readonly settings: SystemSettings
  readonly keepDocument: KeepDocument
  readonly receive: ReceiveInbound
  /** Where used nonces are remembered; several gateways behind one address need a shared one. By default: this process. */
  readonly nonceSeen?: NonceMemory
}

/** How far the caller's clock may be from ours. */
const CLOCK_SKEW_MS = 5 * 60_000
const MAX_DEPTH = 24
const MAX_NONCES = 100_000

const PUSHES = ['DayHoSo', 'DayBoSung', 'DayRutHoSo', 'DayTraKetQua'] as const

/**
 * The service at the gateway that the one-stop system calls to push a change. Result 1 is answered only when the inbox has stored
 * the message or had it already; what is refused, by us for its form or by the inbox for its meaning, is Result 0 with a sentence
 * and the field. When the inbox cannot be written the caller gets a fault and pushes again. A pushed change has the event id that
 * the same change has in LayThayDoi.
 */
export async function createOneStopInbound(options: OneStopInboundOptions): Promise<InboundEndpoint> {
  const { settings } = options
  const expected = settings.inboundCredentials
  if (!expected) throw new Error('The one-stop system needs inboundCredentials: its push service does not answer strangers')
  const service = createInboundService({
    contract: await loadContract({ wsdlPath: fileURLToPath(new URL('./wsdl/lien-thong-push.wsdl', import.meta.url)) }),
    authenticate: byUsernameToken({
      lookupPassword: (username) => (username === expected.username ? expected.password : undefined),
      clockSkewMs: CLOCK_SKEW_MS,
      nonceSeen: options.nonceSeen ?? nonceMemory({ maxEntries: MAX_NONCES }),
    }),
    limits: { maxBytes: settings.maxRequestBytes, maxDepth: MAX_DEPTH },
    operations: Object.fromEntries(PUSHES.map((name) => [name, pushed(name, options)])),
  })
  return {
    path: '/soap/mot-cua',
    handle: (request) => service.handle(request),
    wsdl: (publicUrl) => service.wsdl(publicUrl),
  }
}

function pushed(operation: (typeof PUSHES)[number], { settings, keepDocument, receive }: OneStopInboundOptions): InboundOperation {
  const context = { timeZone: settings.timeZone, maxAttachmentBytes: settings.maxAttachmentBytes, keepDocument }
  return async (request, { raw, correlationId }) => {
    try {
      refuseWithoutOfficer(request as unknown as WireChange)
      const sender = { channel: 'PUSH', operation, raw: withoutContents(raw, 'NoiDung'), correlationId } as const
      const receipt = await receive(await messageOf(request as unknown as WireChange, context, sender))
      if (receipt.kind === 'REFUSED') return refusal(receipt.reason, receipt.message, receipt.field)
      return { Result: 1, Message: receipt.kind === 'STORED' ? 'Đã nhận.' : 'Đã nhận từ trước.' }
    } catch (error) {
      if (error instanceof WireRefused) return refusal(error.reason, error.message, error.field)
      throw error
    }
  }
}

/**
 * Who has received a dossier is mapped to an account of the registry: without him it would be taken and held for want of a mapping, hours later. Who pushes is
 * told at once and pushes again. The feed has nobody to tell: what it shows without an officer is taken, and held in plain sight.
 */
function refuseWithoutOfficer({ HoSo }: WireChange): void {
  if (HoSo && HoSo.NguoiTiepNhan.trim() === '') throw new WireRefused('THIEU_TRUONG', 'Thiếu cán bộ tiếp nhận hồ sơ.', 'HoSo.NguoiTiepNhan')
}

const refusal = (code: string, message: string, field: string | undefined): Record<string, unknown> => ({
  Result: 0,
  Message: message,
  MaLoi: code,
  Truong: field,
})
