import { comparisonHandlers } from '../../soap/twin/comparison-handlers.js'
import { wallOf } from '../../soap/twin/held-row.js'
import { heldRows } from '../../soap/twin/held-rows.js'
import type { DeskState } from './desk.js'
import { rowOf } from './held-content.js'

/** Đối soát, in the desk's words; its dates are local time without an offset. */
export const COMPARISONS = comparisonHandlers<DeskState>({
  names: { code: 'MaHoSo', commune: 'MaDonViTiepNhan', status: 'MaTrangThai', idNumber: 'SoGiayTo', notice: 'SoThongBao' },
  held: ({ records, history, gone, strays }) =>
    heldRows({
      rows: [...[...records.values()].map(rowOf), ...strays],
      ...(history && { history }),
      isReplaced: (code) => records.has(code) || gone.has(code),
    }),
  instant: wallOf,
})
