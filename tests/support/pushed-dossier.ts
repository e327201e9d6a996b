import { createHash } from 'node:crypto'
import type { Database } from '../../src/platform/database.js'
import { envelopeOf, securityHeader, type TestGateway } from './test-gateway.js'
import { testSecrets } from './test-system.js'

/** Raw SOAP as the one-stop system pushes it, made here by hand so that a field may be anything. */
export const oneStopSecurity = (password = testSecrets.ONE_STOP_INBOUND_PASSWORD ?? '', nonce?: Buffer): string =>
  securityHeader(testSecrets.ONE_STOP_INBOUND_USERNAME ?? '', password, nonce)

export const vilisSecurity = (): string =>
  securityHeader(testSecrets.VILIS_INBOUND_USERNAME ?? '', testSecrets.VILIS_INBOUND_PASSWORD ?? '')

const FILE = Buffer.from('Đơn đăng ký biến động, nội dung thử')

export const filePart = (changes: Record<string, string> = {}, bytes = FILE): string => {
  const fields = {
    TenGiayTo: 'Đơn đăng ký',
    TenTapTin: 'don.pdf',
    KieuFile: 'application/pdf',
    SoBanChinh: '1',
    SoBanSao: '0',
    KichThuoc: String(bytes.length),
    MaBam: createHash('sha256').update(bytes).digest('hex'),
    NoiDung: bytes.toString('base64'),
    ...changes,
  }
  return `<GiayTo>${elements(fields)}</GiayTo>`
}

export const fileList = (files: readonly string[], count = files.length, total = files.length * FILE.length): string =>
  `<SoLuong>${count}</SoLuong><TongKichThuoc>${total}</TongKichThuoc>${files.join('')}`

const elements = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')

export interface PushedDossier {
  readonly eventId?: string
  readonly fields?: Readonly<Record<string, string>>
}

/** A good dossier of Chợ Gạo, received in March 2026; `fields` replace elements of HoSo. */
export const pushedDossier = ({ eventId = 'MC-THU-1', fields = {} }: PushedDossier = {}): string => {
  const good = {
    MaHoSo: 'H58.22-260316-0001',
    PhienBan: '1',
    MaThuTuc: '1.012783',
    MaDonViTiepNhan: '28594',
    KenhThucHien: '1',
    ChuHoSo: '<LoaiDoiTuong>1</LoaiDoiTuong><HoTen>Trần Thị Mẫu</HoTen>',
    TrichYeuHoSo: 'Cấp đổi',
    NgayTiepNhan: '2026-03-16T08:00:00',
    NgayHenTra: '2026-12-30T17:00:00',
    NguoiTiepNhan: 'mc.28594.1',
    MaTrangThai: '2',
    DanhSachThuaDat: '',
    DanhSachGiayChungNhan: '',
    DanhSachGiayTo: fileList([filePart()]),
    ...fields,
  }
  return (
    `<DayHoSo xmlns="urn:lien-thong-dat-dai:mot-cua-day:1.0"><MaSuKien>${eventId}</MaSuKien>` +
    `<ThoiDiem>2026-03-16T08:00:00+07:00</ThoiDiem><HoSo>${elements(good)}</HoSo></DayHoSo>`
  )
}

export interface PushAnswer {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
  readonly result?: string
  readonly code?: string
  readonly message?: string
  readonly field?: string
}

export const push = async (gateway: TestGateway, body: string, security = oneStopSecurity()): Promise<PushAnswer> => {
  const { status, text, retryAfter } = await gateway.soap('/soap/mot-cua', envelopeOf(security, body))
  const told = (name: string): string | undefined => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(text)?.[1]
  return { status, text, retryAfter, result: told('Result'), code: told('MaLoi'), message: told('Message'), field: told('Truong') }
}

/** Rows of every table, so that nothing can be half stored unseen; but for the list of hashes that keeps a message's files from being removed. */
export const countRows = async (db: Database): Promise<Record<string, number>> => {
  const tables = await db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'blob_reference' ORDER BY 1`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of tables) counts[name] = (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM "${name}"`))[0]?.n ?? 0
  return counts
}

/** What was added since, by table. */
export const addedRows = async (db: Database, before: Record<string, number>): Promise<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(await countRows(db))
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, added]) => added !== 0),
  )
