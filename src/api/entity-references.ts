import type { GraphQLResolveInfo } from 'graphql'
import { requirePermission } from '../access/permissions.js'
import { GatewayError, invalidInput } from '../errors.js'
import { canonicalSerial, isDossierCode } from '../model/dossier-code.js'
import { isUuid } from '../platform/keyset.js'
import type { Dossier } from './dossier.type.js'
import { type Asked, lookUpCertificate, lookUpParcel } from './look-up-land.js'
import { readParcelKey } from './parcel-key.js'
import { askOf } from './read-args.js'
import type { Certificate, Parcel } from './registry.type.js'
import type { RequestContext } from './request-context.js'

/**
 * What another service's graph names by its key (`_entities`), for one caller: under the permission, the communes and the masking of the query of
 * that kind. What is not there and what the caller may not see are both null; a key that can be none is refused with INVALID_INPUT.
 */
export interface Reference {
  readonly __typename: keyof typeof entityReferences
  readonly [field: string]: unknown
}

/** The longest key of any kind; longer ones are not looked up. */
const LONGEST_KEY = 64

const noKey = (field: string): GatewayError =>
  invalidInput('REPRESENTATION_INVALID', field, `Khóa "${field}" phải là chuỗi từ 1 đến ${LONGEST_KEY} ký tự.`)

const textOf = (reference: Reference, field: string): string => {
  const text = reference[field]
  if (typeof text !== 'string') throw noKey(field)
  return text
}

const keyText = (reference: Reference, field: string): string => {
  const text = textOf(reference, field)
  if (text.trim() === '' || text.length > LONGEST_KEY) throw noKey(field)
  return text.trim()
}

/** By the gateway's own code alone: a code of another system would give an entity under another key than it was asked. */
const dossier = async (reference: Reference, context: RequestContext): Promise<Dossier | null> => {
  requirePermission(context.caller, 'dossier')
  if (reference.code === undefined && reference.id !== undefined) {
    const id = keyText(reference, 'id')
    if (!isUuid(id)) throw invalidInput('REPRESENTATION_INVALID', 'id', 'Khóa "id" của hồ sơ không đúng dạng.')
    const row = await context.loaders.dossiers.load(id.toLowerCase())
    return row && context.present.dossier(row)
  }
  const code = keyText(reference, 'code')
  const row = await context.loaders.dossiersByCode.load(code)
  if (!row && !isDossierCode(code)) throw invalidInput('DOSSIER_CODE_INVALID', 'code', 'Mã hồ sơ không đúng dạng.')
  return row && context.present.dossier(row)
}

/** As a query without arguments asks: it is waited for the usual time, and what is late of it is told with the answer. */
const asked = (context: RequestContext, info: GraphQLResolveInfo): Asked => ({ ask: askOf('CACHED', null, context), info })

const parcel = async (reference: Reference, context: RequestContext, info: GraphQLResolveInfo): Promise<Parcel | null> => {
  requirePermission(context.caller, 'parcel')
  const key = {
    communeCode: textOf(reference, 'communeCode'),
    mapSheetNumber: textOf(reference, 'mapSheetNumber'),
    parcelNumber: textOf(reference, 'parcelNumber'),
  }
  return lookUpParcel(context, readParcelKey(key, ''), null, asked(context, info))
}

const certificate = async (reference: Reference, context: RequestContext, info: GraphQLResolveInfo): Promise<Certificate | null> => {
  requirePermission(context.caller, 'certificate')
  const serialNumber = canonicalSerial(keyText(reference, 'serialNumber'))
  if (!serialNumber) throw invalidInput('SERIAL_INVALID', 'serialNumber', 'Số phát hành giấy chứng nhận không đúng dạng.')
  return lookUpCertificate(context, serialNumber, asked(context, info))
}

export const entityReferences = {
  Dossier: { __resolveReference: dossier },
  Parcel: { __resolveReference: parcel },
  Certificate: { __resolveReference: certificate },
}

export const isReference = (value: unknown): value is Reference =>
  typeof value === 'object' && value !== null && '__typename' in value && Object.hasOwn(entityReferences, String(value.__typename))

export const unknownEntity = (): GatewayError =>
  invalidInput('REPRESENTATION_INVALID', '__typename', `Cổng chỉ tra cứu theo khóa các kiểu: ${Object.keys(entityReferences).join(', ')}.`)
