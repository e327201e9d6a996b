import { describe, expect, test } from '@jest/globals'
import { judgeInquiry } from '../../../adapters/one-stop/judge-inquiry.js'
import type { WireInquiryReply } from '../../../adapters/one-stop/wire-types.js'
import type { TransferBody } from '../../../src/model/transfer-body.js'
import { bodyOf, dueAt, resultBody, sending, statusBody, supplementBody, taxBody } from '../../contract/one-stop/bodies.js'

const CODE = 'H58.22-260315-0001'

/** A dossier at the desk that nobody of us ever wrote to. */
const reply = (changes: Partial<NonNullable<WireInquiryReply['HienTrang']>> = {}): WireInquiryReply => ({
  MaHoSo: CODE,
  TonTai: true,
  HienTrang: {
    PhienBan: 3,
    MaThuTuc: '1.013831',
    HoTenChuHoSo: 'Trần Thị Lan',
    NgayTiepNhan: '2026-03-15T08:00:00',
    NgayHenTra: '2026-04-09T08:00:00',
    MaTrangThai: 5,
    DanhSachTapTin: { TapTin: [] },
    DanhSachTapTinKetQua: { TapTin: [] },
    DanhSachThongBaoThue: { ThongBaoThue: [] },
    ...changes,
  },
  DanhSachGiaoDich: { GiaoDich: [] },
})

const judge = (body: TransferBody, theirs: WireInquiryReply, adopting: boolean) =>
  judgeInquiry(theirs, { ...sending(body), adopting }, 'FIELDS', 'Asia/Ho_Chi_Minh')

describe('adopting what the desk has without a write of ours', () => {
  test('a status is there when the dossier stands in it with that due date, and differs otherwise', () => {
    expect(judge(statusBody(CODE), reply(), true)).toEqual({ kind: 'SAME' })
    expect(judge(statusBody(CODE), reply({ MaTrangThai: 4 }), true)).toMatchObject({
      kind: 'DIFFERENT',
      theirs: 'Một cửa giữ nội dung khác (MaTrangThai).',
    })
    const later = bodyOf(CODE, {
      operation: 'UPDATE_STATUS',
      status: 'SUPPLEMENT_REQUIRED',
      dueAt: '2026-05-01T01:00:00.000Z',
      note: '',
    } as const)
    expect(judge(later, reply(), true)).toMatchObject({ kind: 'DIFFERENT', theirs: 'Một cửa giữ nội dung khác (NgayHenTra).' })
    expect(dueAt).not.toBe(later.dueAt)
  })

  test('tax notices are there when the dossier shows each of them', () => {
    expect(judge(taxBody(CODE), reply(), true)).toMatchObject({ kind: 'DIFFERENT' })
    const ThongBaoThue = [{ SoThongBao: 'TB-01', LoaiThue: 'Lệ phí trước bạ', NguoiNop: 'Trần Thị Lan', SoTien: '9007199254740993' }]
    expect(judge(taxBody(CODE), reply({ DanhSachThongBaoThue: { ThongBaoThue } }), true)).toEqual({ kind: 'SAME' })
  })

  test('a result is there when the dossier stands in its status with its files', async () => {
    const body = await resultBody(CODE)
    if (body.operation !== 'POST_RESULT') throw new Error('not a result')
    const TapTin = body.documents.map(({ fileName, sha256 }) => ({ TenTapTin: fileName, MaBam: sha256 }))
    expect(judge(body, reply({ MaTrangThai: 9, DanhSachTapTinKetQua: { TapTin } }), true)).toEqual({ kind: 'SAME' })
    expect(judge(body, reply({ MaTrangThai: 9 }), true)).toMatchObject({ kind: 'DIFFERENT' })
  })

  test('a supplement is there when the dossier shows it under its number with its files', async () => {
    const body = await supplementBody(CODE, 2)
    if (body.operation !== 'POST_SUPPLEMENT') throw new Error('not a supplement')
    const files = body.documents
    const held = (LanBoSung: number, kept = files) => ({
      DanhSachBoSung: {
        BoSung: [{ LanBoSung, DanhSachTapTin: { TapTin: kept.map(({ fileName, sha256 }) => ({ TenTapTin: fileName, MaBam: sha256 })) } }],
      },
    })
    expect(judge(body, reply(held(2)), true)).toEqual({ kind: 'SAME' })
    expect(judge(body, reply(held(1)), true)).toMatchObject({ kind: 'DIFFERENT' })
    expect(judge(body, reply(held(2, files.slice(1))), true)).toMatchObject({ kind: 'DIFFERENT' })
    expect(judge(body, reply(), true)).toMatchObject({ kind: 'UNKNOWN', cause: expect.stringContaining('DanhSachBoSung') })
  })

  test('a dossier that is not there is absent', () => {
    expect(judge(statusBody(CODE), { MaHoSo: CODE, TonTai: false }, true)).toEqual({ kind: 'ABSENT' })
  })

  test('without adopting, a write that is not listed is absent, however the dossier stands', () => {
    expect(judge(statusBody(CODE), reply(), false)).toEqual({ kind: 'ABSENT' })
  })
})
