import type { KeepDocument } from '../../src/ports/documents.js'
import type { Codes } from './codes.js'
import type { WireZones } from './wire-times.js'

/** What a message of ViLIS is read with. */
export interface ReadContext {
  readonly codes: Codes
  readonly zones: WireZones
  readonly keepDocument: KeepDocument
}
