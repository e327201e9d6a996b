import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import { createDigestComparison, type DigestComparisonOptions } from '../soap/digest-comparison.js'
import type { Codes } from './codes.js'
import { readGroups, readRecords } from './comparison-rows.js'
import { NotSendable } from './not-sendable.js'
import type { WireComparedDossier, WireGroup } from './wire-comparison.js'
import type { WireZones } from './wire-times.js'

/**
 * Đối soát với ViLIS (modelled operations `DoiSoat…`). Communes are mapped by the day of reception, both ways: a group of theirs whose commune has no mapping on that day is
 * told as unreadable, and a group of ours for which there is none is left out of the question: one gap in the mappings (old communes of loaded history) must not keep all others
 * from being compared.
 */
export interface VilisComparisonOptions extends DigestComparisonOptions {
  readonly codes: Codes
  readonly zones: WireZones
}

export const createVilisComparison = ({ codes, zones, ...options }: VilisComparisonOptions): ComparisonSource =>
  createDigestComparison<WireGroup, WireComparedDossier>(options, {
    system: 'VILIS',
    codeName: 'SoBienNhan',
    communeAsked: async ({ communeCode, receivedOn }) => {
      const XaId = await theirCommune(codes, communeCode, receivedOn)
      return XaId === undefined ? undefined : { XaId }
    },
    readGroups: (rows) => readGroups(rows, codes),
    readRecords: (rows) => readRecords(rows, codes, zones),
  })

const theirCommune = async (codes: Codes, communeCode: string, onDate: string): Promise<string | undefined> => {
  try {
    return await codes.communeInForce(communeCode, onDate)
  } catch (error) {
    if (error instanceof NotSendable) return undefined
    throw error
  }
}
