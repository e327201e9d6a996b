import { setImmediate as nextTurn } from 'node:timers/promises'
import { loadContract } from '../../adapters/soap/contract.js'
import { buildEnvelope, only, readEnvelope } from '../../adapters/soap/envelope.js'
import { VILIS_WSDL_PATH } from '../../adapters/vilis/adapter.js'

/** How long reading a reply of about a megabyte keeps others waiting: the longest time between two turns of the event loop, ms; median of several. */
const PARCELS = 2_000
const ROUNDS = 9

const reply = (): Buffer => {
  const parcel = (number: number): string =>
    `<v:ThuaDat><v:XaId>28594</v:XaId><v:SoHieuBanDo>12</v:SoHieuBanDo><v:SoThuTuThua>${number}</v:SoThuTuThua><v:DienTich>120.50</v:DienTich>` +
    '<v:DiaChiChiTiet>Ấp Thử, xã Mẫu, một địa chỉ dài như thường gặp trong sổ</v:DiaChiChiTiet><v:DanhSachMucDichSuDung><v:MucDich>' +
    '<v:MucDichSuDung>ONT</v:MucDichSuDung><v:DienTich>120.50</v:DienTich><v:ThoiHanSuDung>Lâu dài</v:ThoiHanSuDung></v:MucDich>' +
    '</v:DanhSachMucDichSuDung><v:SoPhatHanh>BX 123456</v:SoPhatHanh></v:ThuaDat>'
  const list = Array.from({ length: PARCELS }, (_, index) => parcel(index + 1)).join('')
  return Buffer.from(
    buildEnvelope(
      '1.1',
      [],
      `<v:TraCuuThuaDatResponse xmlns:v="urn:lien-thong:vilis:1"><v:DanhSachThuaDat>${list}</v:DanhSachThuaDat></v:TraCuuThuaDatResponse>`,
    ),
  )
}

export const longestStretch = async (): Promise<{ readonly megabytes: number; readonly longestMs: number }> => {
  const contract = await loadContract({ wsdlPath: VILIS_WSDL_PATH, port: 'ViLISSoap' })
  const document = reply()
  const stretches: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    let reading = true
    let longest = 0
    const watch = (async () => {
      for (let last = performance.now(); reading; ) {
        await nextTurn()
        const now = performance.now()
        longest = Math.max(longest, now - last)
        last = now
      }
    })()
    await readEnvelope(document, only(contract.element('TraCuuThuaDatResponse')), { maxBytes: 8 * 1024 * 1024, maxDepth: 32 })
    reading = false
    await watch
    stretches.push(longest)
  }
  return { megabytes: document.byteLength / 1024 / 1024, longestMs: stretches.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0 }
}
