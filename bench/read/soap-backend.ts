import { createServer } from 'node:http'

/**
 * A land registry that costs next to nothing: each parcel that is asked for, with ten fields. A process of its own; prints its port; a line on
 * standard input is answered with the number of calls so far; ends when standard input closes.
 */
const KEY =
  /<(?:\w+:)?KhoaThuaDat><(?:\w+:)?XaId>([^<]*)<\/(?:\w+:)?XaId><(?:\w+:)?SoHieuBanDo>([^<]*)<\/(?:\w+:)?SoHieuBanDo><(?:\w+:)?SoThuTuThua>([^<]*)</g

const parcel = ([, commune, sheet, number]: RegExpExecArray): string =>
  `<v:ThuaDat><v:XaId>${commune}</v:XaId><v:SoHieuBanDo>${sheet}</v:SoHieuBanDo><v:SoThuTuThua>${number}</v:SoThuTuThua>` +
  '<v:DienTich>120.50</v:DienTich><v:DiaChiChiTiet>Ấp Thử, xã Mẫu</v:DiaChiChiTiet><v:DanhSachMucDichSuDung><v:MucDich>' +
  '<v:MucDichSuDung>ONT</v:MucDichSuDung><v:DienTich>120.50</v:DienTich><v:ThoiHanSuDung>Lâu dài</v:ThoiHanSuDung></v:MucDich>' +
  '</v:DanhSachMucDichSuDung><v:SoPhatHanh>BX 123456</v:SoPhatHanh></v:ThuaDat>'

const reply = (request: string): string =>
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  '<v:TraCuuThuaDatResponse xmlns:v="urn:lien-thong:vilis:1"><v:ThoiDiem>2026-03-15T08:00:00+07:00</v:ThoiDiem>' +
  `<v:DanhSachThuaDat>${[...request.matchAll(KEY)].map(parcel).join('')}</v:DanhSachThuaDat></v:TraCuuThuaDatResponse></soap:Body></soap:Envelope>`

let calls = 0
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    calls += 1
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(reply(Buffer.concat(chunks).toString('utf8')))
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.stdout.write(`port ${address.port}\n`)
})
process.stdin.on('data', () => process.stdout.write(`calls ${calls}\n`)).on('end', () => process.exit(0))
