import { describe, expect, test } from '@jest/globals'
import { Codes } from '../../../adapters/vilis/codes.js'
import { readMessage } from '../../../adapters/vilis/inbound-mapping.js'
import type { ReadContext } from '../../../adapters/vilis/read-context.js'
import { Unreadable } from '../../../adapters/vilis/wire-fields.js'
import { BYTES, CODE, documentStore, mappings, shaOf } from './fixtures.js'

const PDF = BYTES[1]

const file = (changes: Record<string, string> = {}) => ({
  TenGiayTo: 'Giấy chứng nhận',
  KieuFile: '.pdf',
  SoBanChinh: '1',
  MaBam: shaOf(PDF).toUpperCase(),
  NoiDung: `${PDF.toString('base64').slice(0, 10)}\n${PDF.toString('base64').slice(10)}`,
  ...changes,
})

function world(callbackZone = 'UTC') {
  const { kept, keepDocument } = documentStore()
  const context: ReadContext = { codes: new Codes(mappings()), zones: { LOCAL: 'Asia/Ho_Chi_Minh', CALLBACK: callbackZone }, keepDocument }
  return {
    kept,
    read: (operation: string, body: Record<string, unknown>) => readMessage(operation, { SoBienNhan: CODE, ...body }, context),
  }
}

async function refusal(operation: string, body: Record<string, unknown>): Promise<{ field: string; sentence: string }> {
  const { read, kept } = world()
  const error = await read(operation, body).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Unreadable)) throw new Error('it was taken')
  expect(kept.size).toBe(0)
  return { field: error.field, sentence: error.sentence }
}

describe('a step', () => {
  const step = {
    MaTrangThai: 'PENDING_SIGN',
    NgayChuyen: '2026-03-15T01:00:00',
    HanXuLy: '2026-03-16T01:00:00Z',
    NoiDungXuLy: 'Trình lãnh đạo',
  }

  test('is progress; its limit stands in the note and is no due date', async () => {
    const message = await world().read('ChuyenHoSo', { ...step, MaCanBoNhan: 'vilis.lan', MaSuKien: 'SK-7' })
    expect(message).toEqual({
      operation: 'ChuyenHoSo',
      dossierCode: CODE,
      externalEventId: 'SK-7',
      eventAt: '2026-03-15T01:00:00.000Z',
      payload: {
        kind: 'STATUS_REPORTED',
        status: 'IN_PROGRESS',
        step: 'PENDING_SIGN',
        officer: 'mc.lan',
        note: 'Trình ký (PENDING_SIGN); Trình lãnh đạo; hạn bước 2026-03-16T08:00:00+07:00',
        documents: [],
      },
    })
  })

  test('an officer whom nobody has mapped keeps their code', async () => {
    const { payload } = await world().read('ChuyenHoSo', { ...step, MaCanBoNhan: 'vp.moi' })
    expect(payload).toMatchObject({ officer: 'vp.moi' })
  })

  test('a time without an offset is in the zone that the site declared for callbacks; with one it speaks for itself', async () => {
    expect((await world('Asia/Ho_Chi_Minh').read('ChuyenHoSo', step)).eventAt).toBe('2026-03-14T18:00:00.000Z')
    const told = await world('Asia/Ho_Chi_Minh').read('ChuyenHoSo', { ...step, NgayChuyen: '2026-03-15T01:00:00Z' })
    expect(told.eventAt).toBe('2026-03-15T01:00:00.000Z')
  })
})

describe('a demand', () => {
  test.each([
    ['true', 'FINANCIAL_OBLIGATION_REQUIRED'],
    ['1', 'FINANCIAL_OBLIGATION_REQUIRED'],
    ['false', 'SUPPLEMENT_REQUIRED'],
    ['0', 'SUPPLEMENT_REQUIRED'],
  ])('with LaTamDung %s is %s', async (LaTamDung, status) => {
    const { payload } = await world().read('YeuCauBoSungHoSo', { NgayChoBoSung: '2026-03-15T01:00:00', LaTamDung, GhiChu: 'Thiếu bản sao' })
    expect(payload).toMatchObject({ status, note: 'Thiếu bản sao' })
  })

  test.each([[{}], [{ LaTamDung: 'maybe' }]])('without a readable LaTamDung is neither, and refused', async (fields) => {
    const { field } = await refusal('YeuCauBoSungHoSo', { NgayChoBoSung: '2026-03-15T01:00:00', ...fields })
    expect(field).toBe('LaTamDung')
  })
})

test('the new due date comes with the supplement; without one the old stays', async () => {
  const { read } = world()
  const at = { NgayNhanBoSung: '2026-03-18T03:00:00' }
  expect((await read('NhanBoSungHoSo', { ...at, NgayHenTraMoi: '2026-03-30T10:00:00' })).payload).toMatchObject({
    status: 'IN_PROGRESS',
    dueAt: '2026-03-30T10:00:00.000Z',
  })
  expect((await read('NhanBoSungHoSo', at)).payload).not.toHaveProperty('dueAt')
})

describe('tax notices', () => {
  const notice = { HoTenChu: 'Lê Thị Mẫu', LoaiThue: 'Lệ phí trước bạ', SoThongBaoThue: '00042/TB', SoTien: '001250000' }
  const body = (changes: Record<string, unknown>) => ({
    NgayCoKetQuaThue: '2026-03-18T03:00:00',
    DanhSachThongBaoThue: { ThongBaoThue: [{ ...notice, ...changes }] },
  })

  test('keep the number as written and the amount exactly; an amount that is not told is absent', async () => {
    const { read } = world()
    expect((await read('GuiKetQuaThue', body({}))).payload).toMatchObject({ notices: [{ noticeNumber: '00042/TB', amountVnd: '1250000' }] })
    const { payload } = await read('GuiKetQuaThue', body({ SoTien: '' }))
    expect(payload).toMatchObject({ notices: [{ noticeNumber: '00042/TB' }] })
    expect(JSON.stringify(payload)).not.toContain('amountVnd')
  })

  test.each([['một triệu'], ['1.250.000'], ['-5'], ['1E6']])(
    'an amount of %s refuses the message, it does not become 0',
    async (SoTien) => {
      const { field, sentence } = await refusal('GuiKetQuaThue', body({ SoTien }))
      expect(field).toBe('DanhSachThongBaoThue.ThongBaoThue[0].SoTien')
      expect(sentence).not.toContain(SoTien)
    },
  )

  test('without a notice are none', async () => {
    expect((await refusal('GuiKetQuaThue', { NgayCoKetQuaThue: '2026-03-18T03:00:00' })).field).toBe('DanhSachThongBaoThue')
  })
})

describe('an ending', () => {
  const end = { NgayKetThuc: '2026-03-26T03:00:00' }

  test.each([
    ['0', 'COMPLETED'],
    ['1', 'STOPPED'],
    ['2', 'WITHDRAWN_BY_APPLICANT'],
  ])('TrangThaiKetThuc %s is %s, with its papers kept under their hash', async (TrangThaiKetThuc, status) => {
    const { read, kept } = world()
    const { payload } = await read('KetThucHoSo', { ...end, TrangThaiKetThuc, DanhSachGiayToKetQua: { TapTin: [file()] } })
    expect(payload).toMatchObject({
      kind: 'RESULT_ISSUED',
      status,
      documents: [
        {
          name: 'Giấy chứng nhận',
          fileName: 'Giấy chứng nhận.pdf',
          mediaType: 'application/pdf',
          sha256: shaOf(PDF),
          sizeBytes: PDF.length,
          originals: 1,
          copies: 0,
        },
      ],
    })
    expect(kept.get(shaOf(PDF))).toEqual(PDF)
  })

  test.each([['3'], [''], ['toString']])('TrangThaiKetThuc %j is refused', async (TrangThaiKetThuc) => {
    expect((await refusal('KetThucHoSo', { ...end, TrangThaiKetThuc })).field).toBe('TrangThaiKetThuc')
  })

  test.each([
    ['another hash', { MaBam: 'a'.repeat(64) }, 'MaBam'],
    ['no hash', { MaBam: '' }, 'MaBam'],
    ['another size', { KichThuoc: '1' }, 'KichThuoc'],
    ['no base64', { NoiDung: 'không phải base64!' }, 'NoiDung'],
  ])('a paper with %s refuses the message and keeps nothing of it', async (_name, changes, field) => {
    const body = { ...end, TrangThaiKetThuc: '0', DanhSachGiayToKetQua: { TapTin: [file(), file(changes)] } }
    expect((await refusal('KetThucHoSo', body)).field).toBe(`DanhSachGiayToKetQua.TapTin[1].${field}`)
  })
})

describe('a dossier born at the branch', () => {
  const body = {
    MaQuyTrinh: 'QT-CAPDOI',
    XaId: '8228594',
    TenXa: 'Xã Chợ Gạo',
    NguoiTiepNhan: 'vp.tiepnhan',
    NgayTiepNhan: '2026-03-15T01:00:00',
    NgayHenTra: '2026-03-26T10:00:00',
    TrichYeu: 'Cấp đổi',
    ThongTinNguoiNopDon: { HoTen: 'Lê Thị Mẫu', LoaiDoiTuong: '1' },
    DanhSachThuaDat: { ThuaDat: [{ XaId: '8228594', SoHieuBanDo: '0012', SoThuTuThua: '345', DienTich: '120.50' }] },
    DanhSachGiayChungNhan: { GiayChungNhan: [{ SoPhatHanh: 'BX 123456' }] },
  }

  test.each([{ HoTen: 'Lê Thị Mẫu' }, { HoTen: 'Lê Thị Mẫu', LoaiDoiTuong: '9' }])(
    'is refused when it does not say what kind of applicant it is: none is taken for a citizen',
    async (applicant) => {
      const { field } = await refusal('TiepNhanHoSoChoMotCua', { ...body, ThongTinNguoiNopDon: applicant })
      expect(field).toBe('ThongTinNguoiNopDon.LoaiDoiTuong')
    },
  )

  test('is read into our codes, version 1', async () => {
    const { payload } = await world().read('TiepNhanHoSoChoMotCua', body)
    expect(payload).toEqual({
      kind: 'DOSSIER',
      dossier: {
        code: CODE,
        version: 1,
        procedureCode: '1.012783',
        receivingUnit: { code: '28594', name: 'Xã Chợ Gạo' },
        channel: 'DIRECT',
        applicant: { kind: 'CITIZEN', fullName: 'Lê Thị Mẫu' },
        summary: 'Cấp đổi',
        receivedAt: '2026-03-15T01:00:00.000Z',
        dueAt: '2026-03-26T10:00:00.000Z',
        receivedBy: 'vp.tiepnhan',
        parcels: [{ mapSheetNumber: '0012', parcelNumber: '345', unit: { code: '28594' }, areaM2: '120.50' }],
        certificates: [{ serialNumber: 'BX123456' }],
        documents: [],
      },
    })
  })

  test('with codes that nobody has mapped shows them as ViLIS’s, never as ours', async () => {
    const { payload } = await world().read('TiepNhanHoSoChoMotCua', { ...body, MaQuyTrinh: 'QT-MOI', XaId: '28633' })
    expect(payload).toMatchObject({ dossier: { procedureCode: 'VILIS:QT-MOI', receivingUnit: { code: 'VILIS:28633' } } })
  })

  test.each([
    ['NgayHenTra', { NgayHenTra: '0001-01-01T00:00:00' }, 'NgayHenTra'],
    ['NgayTiepNhan', { NgayTiepNhan: undefined }, 'NgayTiepNhan'],
    ['the applicant', { ThongTinNguoiNopDon: undefined }, 'ThongTinNguoiNopDon'],
    [
      'a serial',
      { DanhSachGiayChungNhan: { GiayChungNhan: [{ SoPhatHanh: '???' }] } },
      'DanhSachGiayChungNhan.GiayChungNhan[0].SoPhatHanh',
    ],
    [
      'an area',
      { DanhSachThuaDat: { ThuaDat: [{ ...body.DanhSachThuaDat.ThuaDat[0], DienTich: '1,5' }] } },
      'DanhSachThuaDat.ThuaDat[0].DienTich',
    ],
  ])('is refused when %s is not readable', async (_name, changes, field) => {
    expect((await refusal('TiepNhanHoSoChoMotCua', { ...body, ...changes })).field).toBe(field)
  })
})

test.each([
  ['ChuyenHoSo', { MaTrangThai: 'RECEIVED', NgayChuyen: '2026-03-15T01:00:00', SoBienNhan: ' ' }, 'SoBienNhan'],
  ['ChuyenHoSo', { MaTrangThai: 'RECEIVED', NgayChuyen: 'hôm qua' }, 'NgayChuyen'],
  ['KhongCo', {}, 'LoaiThayDoi'],
])('%s %j is refused by its field', async (operation, body, field) => {
  expect((await refusal(operation, body)).field).toBe(field)
})
