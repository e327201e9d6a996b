import { createServer } from 'node:http'

/**
 * A land registry that costs next to nothing: a fixed accepted reply to every request, with the request's own key in it. A
 * process of its own, so that its time is nobody's; prints its port, ends when standard input closes.
 */
const KEY = /MaGiaoDich>([^<]+)</

const reply = (key: string): string =>
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  '<v:TiepNhanHoSoResponse xmlns:v="urn:lien-thong:vilis:1"><v:KetQua>1</v:KetQua><v:ThongBao>Đã nhận</v:ThongBao>' +
  `<v:MaTiepNhan>00042</v:MaTiepNhan><v:MaGiaoDich>${key}</v:MaGiaoDich></v:TiepNhanHoSoResponse></soap:Body></soap:Envelope>`

const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
  })
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(reply(KEY.exec(text)?.[1] ?? ''))
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.stdout.write(`port ${address.port}\n`)
})
process.stdin.on('end', () => process.exit(0)).resume()
