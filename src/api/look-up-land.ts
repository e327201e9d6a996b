import { isLandUserBoundToDossiers } from '../access/masking.js'
import type { ParcelKey } from '../ports/land-registry.js'
import type { Certificate, Parcel } from './registry.type.js'
import type { RequestContext } from './request-context.js'

/**
 * Land as the registry has it now, for one caller. The one road for queries and for references of other subgraphs: the same bounds and the same
 * masking, and however many are looked up at once, one statement of a kind and one call to the registry.
 */

/** Null: the commune is none that the caller may see. `on`: the day on which the commune's code is meant; null: today. */
export const lookUpParcel = async (
  { caller, loaders, present }: RequestContext,
  { communeCode, mapSheetNumber, parcelNumber }: ParcelKey,
  on: string | null = null,
): Promise<Parcel | null> => {
  const current = await loaders.communesInScope.load({ code: communeCode, on })
  if (current === null) return null
  const now = { communeCode: current, mapSheetNumber, parcelNumber }
  const read = await loaders.registryParcels.load(now)
  const land = { serialNumbers: read.value?.certificateSerials ?? [], parcels: [now] }
  return present.parcel(now, read, isLandUserBoundToDossiers(caller) && (await loaders.landOfDossiers.load(land)))
}

/** Null: neither its land nor a dossier that names it is within what the caller may see. `serialNumber` is canonical. */
export const lookUpCertificate = async (
  { caller, loaders, present, scope }: RequestContext,
  serialNumber: string,
): Promise<Certificate | null> => {
  const read = await loaders.registryCertificates.load(serialNumber)
  const parcels = read.value?.parcels ?? []
  const ofTheirDossiers =
    isLandUserBoundToDossiers(caller) && (await loaders.landOfDossiers.load({ serialNumbers: [serialNumber], parcels }))
  if (!ofTheirDossiers && scope.communes !== null) {
    const reached = await Promise.all(parcels.map(({ communeCode }) => loaders.communesInScope.load({ code: communeCode, on: null })))
    if (reached.every((code) => code === null)) return null
  }
  return present.certificate(serialNumber, read, ofTheirDossiers)
}
