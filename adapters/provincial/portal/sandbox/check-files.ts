import { createHash } from 'node:crypto'
import { groupOf, groupsOf, textOf, type WireObject } from '../../../soap/twin/wire-values.js'
import type { KeptFile } from './portal-state.js'
import { PortalRefusal } from './refusal.js'

interface NamedFile {
  readonly file: WireObject
  readonly kind: KeptFile['kind']
  readonly nameField: string
  readonly urlField: string
}

/** Every file of a dossier as it stands on the wire, submitted ones first. */
function filesOf(hoSo: WireObject): NamedFile[] {
  return [
    ...groupsOf(hoSo, 'TaiLieuNop').map((file) => ({
      file,
      kind: 'NOP' as const,
      nameField: 'TenTepDinhKem',
      urlField: 'DuongDanTaiTepTin',
    })),
    ...groupsOf(hoSo, 'DanhSachGiayToKetQua').map((file) => ({
      file,
      kind: 'KET_QUA' as const,
      nameField: 'TenGiayTo',
      urlField: 'DuongDanTepTinKetQua',
    })),
  ]
}

/** Refuses a dossier whose files are not what its manifest says: their count, their sizes together, and each one's size and hash. */
export function checkFiles(hoSo: WireObject): void {
  const files = filesOf(hoSo)
  const manifest = groupOf(hoSo, 'BangKeTep')
  if (textOf(manifest, 'SoLuong') !== String(files.length)) refuse('Số tập tin không khớp bảng kê', 'BangKeTep.SoLuong')
  let total = 0
  for (const { file, urlField } of files) {
    total += Number(textOf(file, 'KichThuoc'))
    const content = textOf(file, 'NoiDung')
    if (content === undefined) {
      if (!textOf(file, urlField)) refuse('Tập tin không có nội dung và không có đường dẫn', urlField)
      continue
    }
    const bytes = Buffer.from(content, 'base64')
    if (String(bytes.length) !== textOf(file, 'KichThuoc')) refuse('Kích thước tập tin không khớp', 'KichThuoc')
    if (hashOf(bytes) !== textOf(file, 'MaBam')) refuse('Mã băm tập tin không khớp', 'MaBam')
  }
  if (textOf(manifest, 'TongKichThuoc') !== String(total)) refuse('Tổng kích thước không khớp bảng kê', 'BangKeTep.TongKichThuoc')
}

/** What is kept of the files: of those that came with their bytes the hash is reckoned from the bytes, whatever was claimed. */
export function keep(hoSo: WireObject, mangle: (list: readonly { content: string }[]) => { content: string }[]): KeptFile[] {
  const held = filesOf(hoSo).map(({ file, kind, nameField }) => ({
    kind,
    name: textOf(file, nameField) ?? '',
    claimed: textOf(file, 'MaBam') ?? '',
    content: textOf(file, 'NoiDung') ?? '',
  }))
  return (mangle(held) as typeof held).map(({ kind, name, claimed, content }) => ({
    kind,
    name,
    id: content === '' ? claimed : hashOf(Buffer.from(content, 'base64')),
  }))
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

function refuse(message: string, field: string): never {
  throw new PortalRefusal('SAI_TEP_DINH_KEM', message, field)
}
