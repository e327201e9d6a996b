/** What is asked, of all contestants in the same words. */
const PARCEL_FIELDS =
  'mapSheetNumber parcelNumber knownToRegistry areaM2 address landUses { code areaM2 term } certificateSerials restrictions'

export const parcelQuery = (read: string): string => `query Parcel($key: ParcelKeyInput!) { parcel(key: $key${read}) { ${PARCEL_FIELDS} } }`

export const dossierQuery = (read: string): string =>
  `query Dossier($code: String!) { dossier(code: $code) { code statusCode dueAt summary parcels { mapSheetNumber parcelNumber live${read} { ${PARCEL_FIELDS} } } } }`

export const listQuery = (read: string): string =>
  `query List($after: String) { dossiers(first: 50, after: $after) { edges { node { code statusCode dueAt parcels { mapSheetNumber parcelNumber live${read} { areaM2 address } } } } pageInfo { endCursor } } }`

/** The part of the public schema that the bare servers need, so that parsing and validating cost them the same. */
export const BARE_SCHEMA = `
  input ParcelKeyInput { communeCode: String! mapSheetNumber: String! parcelNumber: String! }
  enum ReadMode { LIVE CACHED SNAPSHOT }
  type LandUse { code: String! areaM2: String term: String }
  type Parcel { mapSheetNumber: String! parcelNumber: String! knownToRegistry: Boolean areaM2: String address: String landUses: [LandUse!]
    certificateSerials: [String!] restrictions: [String!] }
  type DossierParcel { mapSheetNumber: String! parcelNumber: String! live(read: ReadMode): Parcel }
  type Dossier { code: String! statusCode: Int! dueAt: String! summary: String! parcels: [DossierParcel!]! }
  type Query { parcel(key: ParcelKeyInput!, read: ReadMode): Parcel dossier(code: String!): Dossier }
`

export const COMMUNE = '28594'
export const keyOf = (index: number) => ({ communeCode: COMMUNE, mapSheetNumber: '12', parcelNumber: String(1 + index) })
