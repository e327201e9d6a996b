import { seedDossier, seedTransfer } from './seed-dossiers.js'
import type { TestApi } from './test-api.js'

/** Days before and after 1/7/2025. */
export const BEFORE = '2025-03-02'
export const NOW = '2026-03-02'

/** Sắp xếp đơn vị hành chính 1/7/2025: nineteen old communes are six new ones, all under codes that had meant something else. */
export const OLD: Record<string, [code: string, name: string][]> = {
  '28594': [
    ['28594', 'Chợ Gạo'],
    ['28636', 'Long Bình Điền'],
    ['28630', 'Song Bình'],
  ],
  '28603': [
    ['28597', 'Trung Hòa'],
    ['28600', 'Hòa Tịnh'],
    ['28606', 'Tân Bình Thạnh'],
    ['28603', 'Mỹ Tịnh An'],
  ],
  '28615': [
    ['28615', 'Thanh Bình'],
    ['28609', 'Phú Kiết'],
    ['28612', 'Lương Hòa Lạc'],
  ],
  '28627': [
    ['28624', 'Đăng Hưng Phước'],
    ['28618', 'Quơn Long'],
    ['28627', 'Tân Thuận Bình'],
  ],
  '28633': [
    ['28633', 'Bình Phan'],
    ['28621', 'Bình Phục Nhứt'],
    ['28639', 'An Thạnh Thủy'],
  ],
  '28648': [
    ['28642', 'Xuân Đông'],
    ['28645', 'Hòa Định'],
    ['28648', 'Bình Ninh'],
  ],
}

export const NAMES: Record<string, string> = {
  '28594': 'Chợ Gạo',
  '28603': 'Mỹ Tịnh An',
  '28615': 'Lương Hòa Lạc',
  '28627': 'Tân Thuận Bình',
  '28633': 'An Thạnh Thủy',
  '28648': 'Bình Ninh',
}

export const oldDossier = (code: string): string => `H58.22-250302-${code}`
export const newDossier = (code: string): string => `H58.22-260302-${code}`

/** What a search by a new commune finds. */
export const groundOf = (code: string): string[] => [newDossier(code), ...(OLD[code] ?? []).map(([old]) => oldDossier(old))].sort()

/** A dossier with its transfer for each old commune and each new one, each about a parcel of its own. */
export const seedCommunes = async ({ db }: TestApi): Promise<void> => {
  for (const [code, olds] of Object.entries(OLD)) {
    const parcel = { mapSheetNumber: '1', parcelNumber: code.slice(2) }
    await seedTransfer(db, { dossier: await seedDossier(db, { code: newDossier(code), commune: { code, on: NOW }, parcel }) })
    for (const [old] of olds) {
      const dossier = await seedDossier(db, {
        code: oldDossier(old),
        commune: { code: old, on: BEFORE },
        receivedAt: '2025-03-02T01:00:00.000Z',
        parcel: { mapSheetNumber: '1', parcelNumber: old.slice(2) },
      })
      await seedTransfer(db, { dossier })
    }
  }
}

/** A made-up district: two communes become three, one of them by a split; and a name that Chợ Gạo has too. */
export const unit = (code: string, name: string, validFrom: string, more: object = {}) => ({
  code,
  name,
  province: { code: '83', name: 'Tỉnh Thử' },
  validFrom,
  ...more,
})
const ended = (...successors: object[]) => ({ validTo: '2025-06-30', successors })
export const OTHER_DISTRICT = [
  unit('29001', 'Xã Thử Một', '2000-01-01', ended({ code: '29001', rule: 'tờ bản đồ 1–20' }, { code: '29003', rule: 'các tờ còn lại' })),
  unit('29002', 'Xã Xuân Đông', '2000-01-01', ended({ code: '29002' })),
  unit('29001', 'Xã Thử Nhất', '2025-07-01'),
  unit('29002', 'Xã Xuân Đông', '2025-07-01'),
  unit('29003', 'Xã Thử Ba', '2025-07-01'),
]
