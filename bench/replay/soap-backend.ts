import { createServer } from 'node:http'

/**
 * A land registry that costs next to nothing, as in `bench/delivery`, and that has nothing of what it is asked for: so each row of a dry run is asked about,
 * and each would be sent. A process of its own; prints its port, ends when standard input closes.
 */
const KEY = /MaGiaoDich>([^<]+)</

const envelope = (body: string): string =>
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  `${body}</soap:Body></soap:Envelope>`

const taken = (key: string): string =>
  envelope(
    '<v:TiepNhanHoSoResponse xmlns:v="urn:lien-thong:vilis:1"><v:KetQua>1</v:KetQua><v:ThongBao>Đã nhận</v:ThongBao>' +
      `<v:MaTiepNhan>00042</v:MaTiepNhan><v:MaGiaoDich>${key}</v:MaGiaoDich></v:TiepNhanHoSoResponse>`,
  )

const CODE = /SoBienNhan>([^<]+)</

const absent = (code: string): string =>
  envelope(
    `<v:TraCuuHoSoResponse xmlns:v="urn:lien-thong:vilis:1"><v:SoBienNhan>${code}</v:SoBienNhan><v:CoHoSo>false</v:CoHoSo></v:TraCuuHoSoResponse>`,
  )

const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
  })
  request.on('end', () => {
    const answer = text.includes('TraCuuHoSo') ? absent(CODE.exec(text)?.[1] ?? '') : taken(KEY.exec(text)?.[1] ?? '')
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(answer)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.stdout.write(`port ${address.port}\n`)
})
process.stdin.on('end', () => process.exit(0)).resume()
