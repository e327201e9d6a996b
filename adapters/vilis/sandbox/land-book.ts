import { createHash } from 'node:crypto'
import type { TwinCall } from '../../soap/twin/twin.js'
import { groupOf, groupsOf, textOf, textsOf, type WireObject } from '../../soap/twin/wire-values.js'
import type { VilisState } from './state.js'

/**
 * The land book of a made-up district: every parcel of every commune is in it, derived from its key, so that the same question has
 * the same answer in every run. A parcel number of 90,000 and above is not in the book. People are made up.
 */
type Call = TwinCall<VilisState>

interface Key {
  readonly commune: string
  readonly sheet: string
  readonly parcel: string
}

/** Commune codes of the district, old and new (19 before 1 July 2025, 6 of them since): a code is known by its last five digits. */
const COMMUNES = [
  '28594',
  '28597',
  '28600',
  '28603',
  '28606',
  '28609',
  '28612',
  '28615',
  '28618',
  '28621',
  '28624',
  '28627',
  '28630',
  '28633',
  '28636',
  '28639',
  '28642',
  '28645',
  '28648',
]

/** Land uses of the 2013-law list that a rural district has. */
const USES = ['ONT', 'CLN', 'LUC', 'BHK', 'NTS', 'TMD', 'SKC']
const SURNAMES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng', 'Bùi']
const MADE_UP_NAMES = ['Văn Thử', 'Thị Mẫu', 'Văn Ví Dụ', 'Thị Kiểm', 'Minh Giả', 'Thị Định']

export function showParcels(args: WireObject, call: Call): unknown {
  const found = groupsOf(groupOf(args, 'DanhSachThua'), 'KhoaThuaDat')
    .map(keyOf)
    .filter(isKnown)
    .map((key) => {
      const area = areaOf(key)
      const uses = usesOf(key)
      const serial = serialOf(key)
      return {
        ...wireKey(key),
        DienTich: area,
        DiaChiChiTiet: `Thửa ${key.parcel}, tờ bản đồ ${key.sheet}, xã mã ${key.commune}`,
        DanhSachMucDichSuDung: {
          MucDich: uses.map((use, index) => ({
            MucDichSuDung: use,
            DienTich: shareOf(area, index, uses.length),
            ThoiHanSuDung: use === 'ONT' ? 'Lâu dài' : 'Đến 15/10/2043',
          })),
        },
        ...(serial !== undefined && { SoPhatHanh: [serial] }),
        ...(hashOf(key, 'mortgage') % 7 === 0 && { HanChe: ['Thế chấp quyền sử dụng đất'] }),
      }
    })
  return { ThoiDiem: call.now().toISOString(), DanhSachThuaDat: { ThuaDat: found } }
}

export function showCertificates(args: WireObject, call: Call): unknown {
  const found = textsOf(groupOf(args, 'DanhSachSoPhatHanh'), 'SoPhatHanh').flatMap((serial) => {
    const key = keyOfSerial(serial)
    if (key === undefined) return []
    const year = 1995 + (hashOf(key, 'issued') % 29)
    return [
      {
        SoPhatHanh: serialOf(key),
        SoVaoSo: `CS${String(hashOf(key, 'register') % 100_000).padStart(5, '0')}`,
        NgayCap: `${year}-${two((hashOf(key, 'month') % 12) + 1)}-${two((hashOf(key, 'day') % 28) + 1)}+07:00`,
        TenNguoiSuDung: `${pick(SURNAMES, hashOf(key, 'surname'))} ${pick(MADE_UP_NAMES, hashOf(key, 'name'))}`,
        DanhSachThuaDat: { KhoaThuaDat: [wireKey(key)] },
      },
    ]
  })
  return { ThoiDiem: call.now().toISOString(), DanhSachGiayChungNhan: { GiayChungNhan: found } }
}

const keyOf = (group: WireObject): Key => ({
  commune: textOf(group, 'XaId') ?? '',
  sheet: textOf(group, 'SoHieuBanDo') ?? '',
  parcel: textOf(group, 'SoThuTuThua') ?? '',
})

const wireKey = ({ commune, sheet, parcel }: Key) => ({ XaId: commune, SoHieuBanDo: sheet, SoThuTuThua: parcel })

const communeIndex = (commune: string): number => COMMUNES.indexOf(commune.slice(-5))

/** Sheets up to 999, parcels below 90,000; written without leading zeros, as the book writes them. */
const isKnown = ({ commune, sheet, parcel }: Key): boolean =>
  communeIndex(commune) >= 0 && /^[1-9]\d{0,2}$/.test(sheet) && /^[1-9]\d{0,4}$/.test(parcel) && Number(parcel) < 90_000

const areaOf = (key: Key): string => `${50 + (hashOf(key, 'area') % 4950)}.${hashOf(key, 'tenth') % 10}0`

const usesOf = (key: Key): string[] => {
  const first = hashOf(key, 'use') % USES.length
  return hashOf(key, 'uses') % 3 === 0 ? [pick(USES, first), pick(USES, first + 1)] : [pick(USES, first)]
}

/** Shares of the area, in tenths of a square metre, the rest with the last; they add up exactly. */
function shareOf(area: string, index: number, count: number): string {
  const tenths = Math.round(Number(area) * 10)
  const each = Math.floor(tenths / count)
  const own = index === count - 1 ? tenths - each * (count - 1) : each
  return `${Math.floor(own / 10)}.${own % 10}0`
}

/** The serial tells its parcel: a letter for the commune, three digits of sheet, five of parcel. One parcel of five has none. */
function serialOf(key: Key): string | undefined {
  if (hashOf(key, 'certificate') % 5 === 0) return undefined
  const letter = String.fromCharCode('A'.charCodeAt(0) + communeIndex(key.commune))
  return `C${letter} ${key.sheet.padStart(3, '0')}${key.parcel.padStart(5, '0')}`
}

function keyOfSerial(text: string): Key | undefined {
  const match = /^C([A-S])(\d{3})(\d{5})$/.exec(text.replace(/\s/g, ''))
  if (!match) return undefined
  const commune = COMMUNES[(match[1] ?? 'A').charCodeAt(0) - 'A'.charCodeAt(0)] ?? ''
  const key = { commune, sheet: String(Number(match[2])), parcel: String(Number(match[3])) }
  return isKnown(key) && serialOf(key) !== undefined ? key : undefined
}

/** By the commune's own digits, so that the answer does not change with the prefix of its code. */
function hashOf({ commune, sheet, parcel }: Key, what: string): number {
  return createHash('sha256')
    .update(`${what}|${commune.slice(-5)}|${sheet}|${parcel}`)
    .digest()
    .readUInt32BE(0)
}

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? ''

const two = (value: number): string => String(value).padStart(2, '0')
