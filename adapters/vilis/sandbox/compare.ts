import { comparisonHandlers } from '../../soap/twin/comparison-handlers.js'
import { wallOf } from '../../soap/twin/held-row.js'
import { heldRows } from '../../soap/twin/held-rows.js'
import { rowOf } from './held-content.js'
import type { VilisState } from './state.js'

/** Đối soát, in this ViLIS's words; instants are local time with its offset, as in all its answers. */
export const COMPARISONS = comparisonHandlers<VilisState>({
  names: { code: 'SoBienNhan', commune: 'XaId', status: 'TrangThai', idNumber: 'SoChungMinh', notice: 'SoThongBaoThue' },
  held: ({ dossiers, history, gone, strays }) =>
    heldRows({
      rows: [...[...dossiers.values()].map(rowOf), ...strays],
      ...(history && { history }),
      isReplaced: (code) => dossiers.has(code) || gone.has(code),
    }),
  instant: (iso) => `${wallOf(iso)}+07:00`,
})
