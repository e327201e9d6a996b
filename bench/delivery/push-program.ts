import { createHash } from 'node:crypto'
import { Pool } from 'undici'
import { usernameToken } from '../../adapters/soap/security.js'
import { GIVEN_NAMES, MIDDLE_NAMES, SURNAMES } from '../history/names.js'

/**
 * The one-stop system that pushes new dossiers to the gateway (`DayHoSo`), in a process of its own, so that its time is nobody's: so many calls at once over kept connections,
 * each with a UsernameToken, a parcel, a certificate and a file of its own. An answer other than "stored" ends it. Prints its processor time, in ms.
 */
export interface PushTask {
  /** Of the gateway. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly communeCode: string
  readonly batch: string
  readonly count: number
  readonly concurrency: number
}

const DOCUMENT_BYTES = 4_096
const HOUR_MS = 3_600_000
const DUE_IN_MS = 240 * HOUR_MS

const task = JSON.parse(process.env.BENCH_PUSH ?? '{}') as PushTask
const { communeCode, count, concurrency } = task
const receivedAt = new Date(Date.now() - HOUR_MS).toISOString()
const dueAt = new Date(Date.now() + DUE_IN_MS).toISOString()

const one = (names: readonly string[], index: number): string => names[index % names.length] ?? ''

const fileOf = (code: string): string => {
  // Of this round alone: bytes that are kept already would not be written again.
  const bytes = Buffer.alloc(DOCUMENT_BYTES, `%PDF-1.4 ${code} ${receivedAt} `)
  return (
    `<SoLuong>1</SoLuong><TongKichThuoc>${bytes.length}</TongKichThuoc><GiayTo><TenGiayTo>Đơn đăng ký</TenGiayTo><TenTapTin>don.pdf</TenTapTin>` +
    `<KieuFile>application/pdf</KieuFile><SoBanChinh>1</SoBanChinh><SoBanSao>0</SoBanSao><KichThuoc>${bytes.length}</KichThuoc>` +
    `<MaBam>${createHash('sha256').update(bytes).digest('hex')}</MaBam><NoiDung>${bytes.toString('base64')}</NoiDung></GiayTo>`
  )
}

const dossierOf = (index: number): string => {
  const number = String(index + 1).padStart(5, '0')
  const code = `H58.22-${task.batch}-${number}`
  const name = [one(SURNAMES, index * 7), one(MIDDLE_NAMES, index * 11), one(GIVEN_NAMES, index * 13)].join(' ')
  return (
    `<DayHoSo xmlns="urn:lien-thong-dat-dai:mot-cua-day:1.0"><MaSuKien>MC-${code}</MaSuKien><ThoiDiem>${receivedAt}</ThoiDiem><HoSo>` +
    `<MaHoSo>${code}</MaHoSo><PhienBan>1</PhienBan><MaThuTuc>1.012783</MaThuTuc><MaDonViTiepNhan>${communeCode}</MaDonViTiepNhan>` +
    `<KenhThucHien>1</KenhThucHien><ChuHoSo><LoaiDoiTuong>1</LoaiDoiTuong><HoTen>${name}</HoTen><SoGiayTo>0820000${number}</SoGiayTo>` +
    `<SoDienThoai>09000${number}</SoDienThoai></ChuHoSo><TrichYeuHoSo>Cấp đổi giấy chứng nhận bị rách</TrichYeuHoSo>` +
    `<NgayTiepNhan>${receivedAt}</NgayTiepNhan><NgayHenTra>${dueAt}</NgayHenTra><NguoiTiepNhan>mc.${communeCode}.1</NguoiTiepNhan>` +
    `<MaTrangThai>2</MaTrangThai><DanhSachThuaDat><ThuaDat><SoHieuBanDo>${1 + (index % 60)}</SoHieuBanDo><SoThuTuThua>${index + 1}</SoThuTuThua>` +
    `<MaXa>${communeCode}</MaXa><DienTich>120.50</DienTich><DiaChi>Ấp Thử</DiaChi></ThuaDat></DanhSachThuaDat><DanhSachGiayChungNhan>` +
    `<GiayChungNhan><SoPhatHanh>BX1${number}</SoPhatHanh><SoVaoSo>CS${number}</SoVaoSo></GiayChungNhan></DanhSachGiayChungNhan>` +
    `<DanhSachGiayTo>${fileOf(code)}</DanhSachGiayTo></HoSo></DayHoSo>`
  )
}

const http = new Pool(task.url, { connections: concurrency, pipelining: 1 })

const push = async (index: number): Promise<void> => {
  const { statusCode, body } = await http.request({
    path: '/soap/mot-cua',
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
    body:
      '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>' +
      `${usernameToken({ username: task.username, password: task.password, passwordType: 'DIGEST' })}</soap:Header>` +
      `<soap:Body>${dossierOf(index)}</soap:Body></soap:Envelope>`,
  })
  const text = await body.text()
  if (statusCode !== 200 || !/Result>1</.test(text)) throw new Error(`the gateway did not take a good dossier: HTTP ${statusCode} ${text}`)
}

let next = 0
const pushOn = async (): Promise<void> => {
  for (let index = next++; index < count; index = next++) await push(index)
}
await Promise.all(Array.from({ length: concurrency }, pushOn))
await http.close()
const { user, system } = process.cpuUsage()
process.stdout.write(`${(user + system) / 1000}\n`)
