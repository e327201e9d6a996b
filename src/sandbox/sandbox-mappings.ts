import type { ReferenceData } from '../dossier/reference-data.js'
import type { MappingRow } from '../transfer/mapping-repository.js'

/** Codes of the sandbox's ViLIS: process `QT-<procedure>` (cấp đổi: `QT-CAPDOI`), commune codes as they are, two officers of each commune with accounts. A real site loads its own file. */
const SINCE = '2000-01-01'

export const sandboxMappings = (reference: ReferenceData): MappingRow[] => {
  const row = (kind: MappingRow['kind'], ourCode: string, foreignCode: string): MappingRow => ({
    systemId: 'VILIS',
    kind,
    ourCode,
    foreignCode,
    validFrom: SINCE,
    validTo: null,
  })
  return [
    ...[...reference.procedures.values()]
      .filter((procedure) => procedure.landRegistration)
      .map(({ code }) => row('PROCEDURE', code, code === '1.012783' ? 'QT-CAPDOI' : `QT-${code}`)),
    ...reference.units.map(({ code, validFrom, validTo }) => ({
      ...row('COMMUNE', `${code}@${validFrom}`, code),
      validFrom,
      validTo,
    })),
    ...[...new Set(reference.units.map(({ code }) => code))].flatMap((code) =>
      [1, 2].map((which) => row('USER', `mc.${code}.${which}`, `vilis_${code}_${which}`)),
    ),
  ]
}
