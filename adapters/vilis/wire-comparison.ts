import type { WireContent, WireCounted } from '../soap/compared-content.js'

/** What `wsdl/vilis.wsdl` says of the answers to reconciliation in ViLIS's own words. */
export interface WireGroup extends WireCounted {
  readonly XaId?: string
}

export interface WireComparedDossier extends WireContent<'SoThongBaoThue'> {
  readonly SoBienNhan?: string
  readonly XaId?: string
  /** National code. */
  readonly TrangThai?: string
  readonly SoChungMinh?: string
}
