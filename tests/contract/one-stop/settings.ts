import { ONE_STOP_WSDL_PATH } from '../../../adapters/one-stop/adapter.js'
import type { Mappings } from '../../../src/ports/mappings.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import type { InquiryStrength } from '../../../src/ports/target-system.js'

export function oneStopSettings(endpoint: string, changes: Partial<SystemSettings> & { strength?: InquiryStrength } = {}): SystemSettings {
  const { strength = 'KEY_AND_DIGEST', ...rest } = changes
  const traits = { inquiryStrength: strength, maxProcessingMs: 60_000, callDeadlineMs: 20_000 }
  return {
    endpoint,
    wsdlPath: ONE_STOP_WSDL_PATH,
    credentials: { username: 'cong-lien-thong', password: 'mat-khau-thu' },
    inboundCredentials: { username: 'mot-cua', password: 'mat-khau-vao' },
    // What ends a call is its own deadline.
    timeouts: { connectMs: 5_000, headersMs: 60_000, bodyMs: 60_000 },
    maxReplyBytes: 4 * 1024 * 1024,
    maxRequestBytes: 4 * 1024 * 1024,
    maxAttachmentBytes: 1024 * 1024,
    connections: 2,
    operations: { REGISTER: traits, POST_SUPPLEMENT: traits, UPDATE_STATUS: traits, POST_TAX_NOTICES: traits, POST_RESULT: traits },
    readDeadlineMs: 20_000,
    timeZone: 'Asia/Ho_Chi_Minh',
    poll: { overlap: 5n, pageSize: 50 },
    ...rest,
  }
}

/** The one-stop system is the source of our codes: looking one up is a mistake, and fails the test. */
export const noMappings: Mappings = {
  toForeign: () => Promise.reject(new Error('the one-stop adapter maps no code')),
  toOurs: () => Promise.reject(new Error('the one-stop adapter maps no code')),
  meaningsOf: () => Promise.reject(new Error('the one-stop adapter maps no code')),
}
