import type { HeldRow } from './held-row.js'
import {
  type AskedGroup,
  bucketGroups,
  dayGroups,
  groupRows,
  type HeldRows,
  listedRows,
  type RowPage,
  type ToldGroup,
} from './held-rows.js'
import type { TwinHandler } from './twin.js'
import { groupOf, groupsOf, textOf, textsOf, type WireObject } from './wire-values.js'

/** Đối soát of a twin that offers digests: every answer is reckoned from the rows as they are when it is asked. What each contract calls its own way: */
export interface ComparisonNames {
  readonly code: string
  readonly commune: string
  readonly status: string
  readonly idNumber: string
  readonly notice: string
}

export interface ComparisonTwin<State> {
  readonly names: ComparisonNames
  readonly held: (state: State) => HeldRows
  /** An instant as this system writes it. */
  readonly instant: (iso: string) => string
}

const MOST_GROUPS = 5_000
const MOST_RECORDS = 500

export function comparisonHandlers<State>({ names, held, instant }: ComparisonTwin<State>): Readonly<Record<string, TwinHandler<State>>> {
  const shownRows = (page: RowPage<HeldRow>): Record<string, unknown> => ({
    ...nextOf(page),
    ...(page.values.length > 0 && { DanhSachHoSo: { HoSo: page.values.map((row) => shownRow(row, names, instant)) } }),
  })
  const shownGroups = (groups: readonly ToldGroup[]): Record<string, unknown> =>
    groups.length === 0 ? {} : { DanhSachNhom: { NhomHoSo: groups.map((group) => shownGroup(group, names)) } }
  const asked = (args: WireObject): AskedGroup[] =>
    groupsOf(groupOf(args, 'DanhSachNhom'), 'NhomHoi').map((group) => {
      const bucket = textOf(group, 'Nhom')
      return { commune: textOf(group, names.commune) ?? '', day: textOf(group, 'NgayTiepNhan') ?? '', ...(bucket ? { bucket } : {}) }
    })
  return {
    DoiSoatTheoNgay: (args, { state }) => {
      const page = dayGroups(held(state), rangeOf(args), cursorOf(args), mostOf(args, MOST_GROUPS))
      return { ...nextOf(page), ...shownGroups(page.values) }
    },
    DoiSoatTheoNhom: (args, { state }) => shownGroups(bucketGroups(held(state), asked(args))),
    DoiSoatBanGhi: (args, { state }) => shownRows(groupRows(held(state), asked(args), cursorOf(args), mostOf(args, MOST_RECORDS))),
    DoiSoatDanhSach: (args, { state }) => shownRows(listedRows(held(state), rangeOf(args), cursorOf(args), mostOf(args, MOST_RECORDS))),
    DoiSoatTheoMa: (args, { state }) => {
      const rows = held(state)
      return shownRows({ values: [...new Set(textsOf(args, names.code))].flatMap((code) => rows.ofCode(code)) })
    },
  }
}

const rangeOf = (args: WireObject) => ({ from: textOf(args, 'TuNgay') ?? '', to: textOf(args, 'DenNgay') ?? '' })
const cursorOf = (args: WireObject): string => textOf(args, 'ViTri') ?? ''
const mostOf = (args: WireObject, most: number): number => Math.min(most, Math.max(1, Number(textOf(args, 'SoLuong') ?? most)))

const nextOf = ({ next }: RowPage<unknown>): { ViTriTiep?: string } => (next === undefined ? {} : { ViTriTiep: next })

/** In the WSDLs' order, as is the row. */
const shownGroup = ({ commune, day, bucket, count, digest }: ToldGroup, names: ComparisonNames): Record<string, unknown> => ({
  [names.commune]: commune,
  NgayTiepNhan: day,
  ...(bucket !== undefined && { Nhom: bucket }),
  SoLuong: String(count),
  MaBam: digest,
})

function shownRow(row: HeldRow, names: ComparisonNames, instant: (iso: string) => string): Record<string, unknown> {
  const { applicant, parcels, documents, notices, changedAt } = row
  return {
    ...(row.code !== '' && { [names.code]: row.code }),
    [names.commune]: row.commune,
    NgayTiepNhan: instant(row.receivedAt),
    [names.status]: String(row.status),
    NgayHenTra: instant(row.dueAt),
    ...(applicant && { HoTen: applicant.name, ...(applicant.idNumber !== undefined && { [names.idNumber]: applicant.idNumber }) }),
    ...(parcels.length > 0 && { ThuaDat: parcels.map(({ sheet, number }) => ({ SoHieuBanDo: sheet, SoThuTuThua: number })) }),
    ...(documents.length > 0 && { GiayTo: documents.map(({ name, hash }) => ({ TenGiayTo: name, MaBam: hash })) }),
    ...(notices.length > 0 && {
      KhoanThue: notices.map(({ number, kind, amount }) => ({
        [names.notice]: number,
        LoaiThue: kind,
        ...(amount !== undefined && { SoTien: amount }),
      })),
    }),
    ...(changedAt !== undefined && { NgaySua: instant(changedAt) }),
  }
}
