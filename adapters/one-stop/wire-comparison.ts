import type { WireContent, WireCounted } from '../soap/compared-content.js'

/** What `wsdl/mot-cua.wsdl` says of the answers to reconciliation in the desk's own words. */
export interface WireGroup extends WireCounted {
  readonly MaDonViTiepNhan?: string
}

export interface WireComparedDossier extends WireContent<'SoThongBao'> {
  readonly MaHoSo?: string
  readonly MaDonViTiepNhan?: string
  readonly MaTrangThai?: string
  readonly SoGiayTo?: string
}
