import type { CommuneFilter, ParcelFilter } from '../access/dossier-lookup.js'
import { communeOfSearch, isCommuneCode } from '../dossier/resolve-commune.js'
import { invalidInput } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { RequestContext } from './request-context.js'

interface AskedCommune {
  readonly code?: string
  readonly name?: string
  readonly on?: string
}

interface Asked {
  readonly commune?: AskedCommune
  readonly parcel?: Omit<ParcelFilter, 'commune'> & { readonly commune?: AskedCommune }
}

/** A slip is refused: it is no empty answer. */
export const checkCommuneCode = async (db: Sql, code: string, field: string, on?: string): Promise<void> => {
  if (await isCommuneCode(db, code, on)) return
  throw invalidInput('COMMUNE_UNKNOWN', field, `Không có xã nào mang mã ${code.slice(0, 40)}${on === undefined ? '' : ` vào ngày ${on}`}.`)
}

const communeOf = async (asked: AskedCommune, field: string, { deps }: RequestContext): Promise<CommuneFilter> => {
  const { code, name, on } = asked
  const day = on === undefined ? '' : ` vào ngày ${on}`
  if (name === undefined) {
    if (code === undefined) throw invalidInput('COMMUNE_MISSING', field, 'Phải có mã xã hoặc tên xã.')
    await checkCommuneCode(deps.db, code, field, on)
    return { code, ...(on !== undefined && { on }) }
  }
  const found = await communeOfSearch(deps.db, { ...asked, name })
  if (found.kind === 'FOUND') return found.commune
  if (found.kind === 'UNKNOWN')
    throw invalidInput('COMMUNE_UNKNOWN', field, `Không có xã nào tên "${name}"${code ? ` mang mã ${code}` : ''}${day}.`)
  const candidates = found.candidates.map((unit) => `${unit.name}, ${unit.provinceName} (mã ${unit.code}, từ ${unit.validFrom})`)
  throw invalidInput('COMMUNE_AMBIGUOUS', field, `Tên "${name}" chỉ nhiều xã, hãy ghi thêm mã: ${candidates.join('; ')}.`)
}

/** The communes of a filter as they are searched for. A name that means several communes is refused with all of them. */
export const readCommunes = async ({ commune, parcel }: Asked, context: RequestContext) => ({
  commune: commune && (await communeOf(commune, 'commune', context)),
  parcel: parcel && { ...parcel, commune: parcel.commune && (await communeOf(parcel.commune, 'parcel.commune', context)) },
})
