import type { GraphQLResolveInfo } from 'graphql'
import { isLandUserBoundToDossiers } from '../access/masking.js'
import type { ReadAsk } from '../dossier/read-ask.js'
import { readForeignCode } from '../model/inbound.js'
import type { ParcelKey } from '../ports/land-registry.js'
import { noteLatePart } from './late-parts.js'
import type { Certificate, Parcel } from './registry.type.js'
import type { RequestContext } from './request-context.js'

/**
 * Land as the registry has it, for one caller. The one road for queries and for references of other subgraphs: the same bounds and the same
 * masking, and however many are looked up at once, one statement of a kind and one call to the registry.
 */

/** How a field of an answer wants it read; what is late of it is told with the answer. */
export interface Asked {
  readonly ask: ReadAsk
  readonly info: GraphQLResolveInfo
}

/** Null: the commune is none that the caller may see. `on`: the day on which the commune's code is meant; null: today. */
export const lookUpParcel = async (
  context: RequestContext,
  { communeCode, mapSheetNumber, parcelNumber }: ParcelKey,
  on: string | null = null,
  asked?: Asked,
): Promise<Parcel | null> => {
  const { caller, loaders, present } = context
  const current = await loaders.communesInScope.load({ code: communeCode, on })
  if (current === null) return null
  const now = { communeCode: current, mapSheetNumber, parcelNumber }
  const read = await loaders.registryParcels.load(now, asked?.ask)
  if (asked) noteLatePart(context, asked.info, read)
  const land = { serialNumbers: read.value?.certificateSerials ?? [], parcels: [now] }
  return present.parcel(now, read, isLandUserBoundToDossiers(caller) && (await loaders.landOfDossiers.load(land)))
}

/**
 * Null: neither its land nor a dossier that names it is within what the caller may see. When nothing is known of it, or all of its land is named by communes that
 * nobody has mapped, nothing is shown but why: whether it is theirs cannot be told then. `serialNumber` is canonical.
 */
export const lookUpCertificate = async (context: RequestContext, serialNumber: string, asked?: Asked): Promise<Certificate | null> => {
  const { caller, loaders, present, scope } = context
  const read = await loaders.registryCertificates.load(serialNumber, asked?.ask)
  const parcels = read.value?.parcels ?? []
  const ofTheirDossiers =
    isLandUserBoundToDossiers(caller) && (await loaders.landOfDossiers.load({ serialNumbers: [serialNumber], parcels }))
  if (!ofTheirDossiers && scope.communes !== null && read.known !== null) {
    const reached = await Promise.all(parcels.map(({ communeCode }) => loaders.communesInScope.load({ code: communeCode, on: null })))
    const isNamed = parcels.some(({ communeCode }) => !readForeignCode(communeCode))
    if (reached.every((code) => code === null))
      return read.missing && !isNamed ? present.certificate(serialNumber, { ...read, value: null, known: null, asOf: null }, false) : null
  }
  if (asked) noteLatePart(context, asked.info, read)
  return present.certificate(serialNumber, read, ofTheirDossiers)
}
