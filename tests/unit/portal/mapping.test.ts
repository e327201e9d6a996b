import { describe, expect, test } from '@jest/globals'
import { prepareFiles } from '../../../adapters/provincial/portal/attachments.js'
import { refusalOf, verdictOf } from '../../../adapters/provincial/portal/faults.js'
import { mapped, toHoSo, toTienDo } from '../../../adapters/provincial/portal/mapping.js'
import { DOSSIER_STATUSES } from '../../../src/model/dossier-status.js'
import { APPLICATION, CERTIFICATE, documentOf, dossierBody, progressBody, sendingOf } from '../../contract/portal/portal-fixtures.js'

const NO_FILES = { submitted: [], results: [], count: 0, totalBytes: 0 }
const HANOI = 'Asia/Ho_Chi_Minh'
const limits = { maxAttachmentBytes: 1000, maxRequestBytes: 65_536 + 1000 }

describe('the national status', () => {
  test.each(DOSSIER_STATUSES.map(({ status, code }) => [status, String(code)] as const))(
    '%s goes out as %s, in both messages',
    (status, code) => {
      const dossier = dossierBody({ status })
      const progress = progressBody({ status })
      expect(toHoSo({ body: dossier, sending: sendingOf(dossier), timeZone: HANOI }, NO_FILES).TrangThaiHoSo).toBe(code)
      expect(toTienDo({ body: progress, sending: sendingOf(progress), timeZone: HANOI }).TrangThai).toBe(code)
    },
  )
})

describe('a dossier on the wire', () => {
  const hoSo = (more: Parameters<typeof dossierBody>[0] = {}) => {
    const body = dossierBody(more)
    return toHoSo({ body, sending: sendingOf(body), timeZone: HANOI }, NO_FILES)
  }

  test('has the due date of the event, not the one of the first reception', () => {
    expect(hoSo({ dueAt: '2026-04-02T16:59:59.000Z' }).NgayHenTra).toBe('20260402235959')
  })

  test('has its times in the portal’s zone across midnight, and nothing where there is none', () => {
    expect(hoSo({ finishedAt: '2026-12-31T17:00:00.000Z' })).toMatchObject({
      NgayKetThucXuLy: '20270101000000',
      NgayTra: '',
      NgayTuChoi: '',
    })
  })

  test('says when it was not accepted', () => {
    expect(hoSo({ status: 'NOT_ACCEPTED' })).toMatchObject({ TrangThaiHoSo: '3', NgayTuChoi: '20260315080500' })
  })

  test('is not made of an instant that is none', () => {
    expect(mapped(() => hoSo({ dueAt: 'mai' }))).toMatchObject({ kind: 'NOT_SENT', code: 'BODY_INVALID' })
  })
})

describe('files', () => {
  const readDocument = async () => APPLICATION

  test('travel by URL where the site has a file server, and are then not read', async () => {
    const nothingMayBeRead = async (): Promise<Buffer> => {
      throw new Error('read')
    }
    const documentUrl = (document: { sha256: string }) => `https://tep.example.vn/${document.sha256}`
    const files = await prepareFiles([documentOf('Đơn', APPLICATION)], [documentOf('GCN', CERTIFICATE)], {
      readDocument: nothingMayBeRead,
      documentUrl,
      limits: { maxAttachmentBytes: 1, maxRequestBytes: 1 },
    })
    if ('kind' in files) throw new Error(files.reason)
    const body = dossierBody()
    const { TaiLieuNop, DanhSachGiayToKetQua } = toHoSo({ body, sending: sendingOf(body), timeZone: HANOI }, files)
    expect(TaiLieuNop[0]?.DuongDanTaiTepTin).toBe(documentUrl(documentOf('Đơn', APPLICATION)))
    expect(DanhSachGiayToKetQua[0]?.DuongDanTepTinKetQua).toBe(documentUrl(documentOf('GCN', CERTIFICATE)))
    expect(TaiLieuNop[0]).not.toHaveProperty('NoiDung')
  })

  test('that are together too large for one message are not sent', async () => {
    const many = Array.from({ length: 40 }, (_, index) => documentOf(`Giấy ${index}`, APPLICATION))
    expect(await prepareFiles(many, [], { readDocument, limits })).toMatchObject({ kind: 'NOT_SENT', code: 'ATTACHMENT_TOO_LARGE' })
  })

  test('whose stored bytes are not of the recorded size are not sent', async () => {
    const document = { ...documentOf('Đơn', APPLICATION), sizeBytes: 5 }
    expect(await prepareFiles([], [document], { readDocument, limits })).toMatchObject({
      kind: 'NOT_SENT',
      code: 'BODY_INVALID',
      field: 'results[0]',
    })
  })
})

describe('the portal’s codes', () => {
  test.each(['3', '-3'])('%s counts as "already exists" with those words alone, in whatever Unicode form', (error_code) => {
    const words = 'Hồ sơ ĐÃ TỒN TẠI trên hệ thống'
    expect(verdictOf({ error_code, message: words.normalize('NFD'), result: [] }).kind).toBe('EXISTS')
    expect(verdictOf({ error_code, message: 'Lỗi dữ liệu', result: [] })).toMatchObject({ kind: 'REFUSED', outcome: { kind: 'REJECTED' } })
  })

  test('"already exists" under another code is a refusal like any other', () => {
    expect(verdictOf({ error_code: '7', message: 'đã tồn tại', result: [] }).kind).toBe('REFUSED')
  })

  test('a code that nobody knows is "processed and refused", with a sentence also when the portal gives none', () => {
    expect(refusalOf('99', '', 'TruongLa')).toEqual({
      kind: 'REJECTED',
      code: '99',
      reason: 'Cổng dịch vụ công từ chối với mã lỗi 99.',
      field: 'TruongLa',
    })
  })
})
