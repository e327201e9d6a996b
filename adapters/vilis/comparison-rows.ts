import type { ComparedRecord } from '../../src/model/compared-record.js'
import type { TheirGroupDigest } from '../../src/ports/comparison-source.js'
import { groupDigestOf, recordOf } from '../soap/compared-content.js'
import { type ReadRows, readCode, readDate, readLocalDay, readRows, readStatus, readWord, required, told } from '../soap/compared-row.js'
import type { Codes } from './codes.js'
import type { WireComparedDossier, WireGroup } from './wire-comparison.js'
import { FIELD_ZONES, type WireZones } from './wire-times.js'

/**
 * Rows of ViLIS's answers to reconciliation in our words. A group whose commune has no mapping on its day has no place among ours, and its records are compared without their
 * commune: a registry may keep old dossiers under the codes of a reform that came later. So is a record whose code stands for several communes of ours: which of them
 * it is nobody guesses, and it is shown only to those who see all. Its group stands at any of them: it differs there, and its records are read.
 */
type CommunesOf = (commune: string | undefined, onDate: string) => readonly string[]

export async function readGroups(rows: readonly WireGroup[], codes: Codes): Promise<ReadRows<TheirGroupDigest>> {
  const communesOf = await mapped(rows, codes)
  return readRows(
    rows,
    () => undefined,
    (row) => {
      const [communeCode] = communesOf(row.XaId, readDate(row.NgayTiepNhan, 'NgayTiepNhan'))
      // Asked for as it was written.
      return groupDigestOf(row, { theirCommune: required(row.XaId, 'XaId'), ...(communeCode !== undefined && { communeCode }) })
    },
  )
}

export async function readRecords(rows: readonly WireComparedDossier[], codes: Codes, zones: WireZones): Promise<ReadRows<ComparedRecord>> {
  const communesOf = await mapped(rows, codes)
  return readRows(
    rows,
    ({ SoBienNhan }) => SoBienNhan,
    (row) => {
      const dossierCode = readCode(row.SoBienNhan, 'SoBienNhan')
      const receivedOn = readLocalDay(row.NgayTiepNhan, 'NgayTiepNhan', zones[FIELD_ZONES['DoiSoat.NgayTiepNhan']])
      const communes = communesOf(row.XaId, receivedOn)
      return recordOf(row, {
        dossier: {
          dossierCode,
          communeCode: communes.length === 1 ? (communes[0] ?? '') : '',
          receivedOn,
          status: readStatus(row.TrangThai, 'TrangThai'),
        },
        idNumber: row.SoChungMinh,
        notice: 'SoThongBaoThue',
        zones: { due: zones[FIELD_ZONES['DoiSoat.NgayHenTra']], changed: zones[FIELD_ZONES['DoiSoat.NgaySua']] },
      })
    },
  )
}

async function mapped(rows: readonly { readonly XaId?: string }[], codes: Codes): Promise<CommunesOf> {
  const find = await codes.ourCommunesOf(rows.flatMap(({ XaId }) => told(XaId)?.trim() ?? []))
  return (commune, onDate) => find(readWord(commune, 'XaId'), onDate)
}
