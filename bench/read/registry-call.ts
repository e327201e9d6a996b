import { Pool } from 'undici'

/** One call of the static registry with no library but the HTTP client: the least that a SOAP read can cost. */
export interface BareParcel {
  readonly mapSheetNumber: string
  readonly parcelNumber: string
  readonly knownToRegistry: boolean
  readonly areaM2: string | undefined
  readonly address: string | undefined
  readonly landUses: readonly { readonly code: string; readonly areaM2: string | undefined; readonly term: string | undefined }[]
  readonly certificateSerials: readonly string[]
  readonly restrictions: readonly string[]
}

const NS = 'urn:lien-thong:vilis:1'

const envelopeFor = (commune: string, sheet: string, number: string): string =>
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  `<v:TraCuuThuaDat xmlns:v="${NS}"><v:DanhSachThua><v:KhoaThuaDat><v:XaId>${commune}</v:XaId><v:SoHieuBanDo>${sheet}</v:SoHieuBanDo>` +
  `<v:SoThuTuThua>${number}</v:SoThuTuThua></v:KhoaThuaDat></v:DanhSachThua></v:TraCuuThuaDat></soap:Body></soap:Envelope>`

/** Text between two marks from a place on; good enough for one known sender and nothing else. */
const between = (xml: string, name: string, from = 0): string | undefined => {
  const open = xml.indexOf(`<v:${name}>`, from)
  if (open < 0) return undefined
  const start = open + name.length + 4
  return xml.slice(start, xml.indexOf('<', start))
}

export const openRegistry = (backendUrl: string, connections: number) => {
  const pool = new Pool(new URL(backendUrl).origin, { connections, pipelining: 1 })
  return async (commune: string, sheet: string, number: string): Promise<BareParcel> => {
    const { body } = await pool.request({
      path: '/',
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${NS}/TraCuuThuaDat"` },
      body: envelopeFor(commune, sheet, number),
    })
    const xml = await body.text()
    const uses = xml.indexOf('<v:MucDich>')
    return {
      mapSheetNumber: between(xml, 'SoHieuBanDo') ?? '',
      parcelNumber: between(xml, 'SoThuTuThua') ?? '',
      knownToRegistry: true,
      areaM2: between(xml, 'DienTich'),
      address: between(xml, 'DiaChiChiTiet'),
      landUses: [
        {
          code: between(xml, 'MucDichSuDung', uses) ?? '',
          areaM2: between(xml, 'DienTich', uses),
          term: between(xml, 'ThoiHanSuDung', uses),
        },
      ],
      certificateSerials: [between(xml, 'SoPhatHanh') ?? ''],
      restrictions: [],
    }
  }
}
