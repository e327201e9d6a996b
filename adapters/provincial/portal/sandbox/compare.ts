import { type HeldRow } from '../../../soap/twin/held-row.js'
import { type HeldRows, heldRows, listedRows } from '../../../soap/twin/held-rows.js'
import type { TwinCall } from '../../../soap/twin/twin.js'
import { textOf, textsOf, type WireObject } from '../../../soap/twin/wire-values.js'
import { compact, rowOf } from './held-content.js'
import type { PortalState } from './portal-state.js'
import { PortalRefusal } from './refusal.js'

type Call = TwinCall<PortalState>

/** In the WSDL's order. */
export interface ListPage {
  readonly vitritiep?: string
  readonly result: readonly Record<string, unknown>[]
}

const MOST_RECORDS = 500

/** Đối soát: lists alone, from the rows as they are now. */
export function list(args: WireObject, call: Call): ListPage {
  const range = { from: dayIn(args, 'tungay'), to: dayIn(args, 'denngay') }
  const most = Math.min(MOST_RECORDS, Math.max(1, Number(textOf(args, 'soluong') ?? MOST_RECORDS)))
  const { values, next } = listedRows(held(call), range, textOf(args, 'vitri') ?? '', most)
  return { ...(next !== undefined && { vitritiep: next }), result: values.map(shown) }
}

export function ofCodes(args: WireObject, call: Call): readonly Record<string, unknown>[] {
  const rows = held(call)
  return [...new Set(textsOf(args, 'mahoso'))].flatMap((code) => rows.ofCode(code)).map(shown)
}

const held = ({ state }: Call): HeldRows =>
  heldRows({
    rows: [...[...state.dossiers.values()].map(rowOf), ...state.strays],
    ...(state.history && { history: state.history }),
    isReplaced: (code) => state.dossiers.has(code) || state.gone.has(code),
  })

function dayIn(args: WireObject, name: string): string {
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(textOf(args, name) ?? '')
  if (!day) throw new PortalRefusal('SAI_DU_LIEU', `${name} phải theo dạng yyyyMMdd`, name)
  return `${day[1]}-${day[2]}-${day[3]}`
}

const shown = (row: HeldRow): Record<string, unknown> => ({
  ...(row.code !== '' && { MaHoSo: row.code }),
  NgayTiepNhan: compact(row.receivedAt),
  NgayHenTra: compact(row.dueAt),
  TrangThaiHoSo: String(row.status),
  ChuHoSo: row.applicant?.name ?? '',
  SoGiayToChuHoSo: row.applicant?.idNumber ?? '',
  ...(row.changedAt !== undefined && { ThoiDiemCapNhat: compact(row.changedAt) }),
})
