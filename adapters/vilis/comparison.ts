import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import { createDigestComparison, type DigestComparisonOptions } from '../soap/digest-comparison.js'
import type { Codes } from './codes.js'
import { readGroups, readRecords } from './comparison-rows.js'
import { VILIS_FAULTS } from './faults.js'
import type { WireComparedDossier, WireGroup } from './wire-comparison.js'
import type { WireZones } from './wire-times.js'

/**
 * Đối soát với ViLIS (modelled operations `DoiSoat…`). Communes of theirs are mapped by the day of reception, and a group is asked for by their own name of it: a gap in the
 * mappings (old communes of loaded history) keeps nothing from being compared.
 */
export interface VilisComparisonOptions extends DigestComparisonOptions {
  readonly codes: Codes
  readonly zones: WireZones
}

export const createVilisComparison = ({ codes, zones, ...options }: VilisComparisonOptions): ComparisonSource =>
  createDigestComparison<WireGroup, WireComparedDossier>(options, {
    faults: VILIS_FAULTS,
    codeName: 'SoBienNhan',
    communeName: 'XaId',
    readGroups: (rows) => readGroups(rows, codes),
    readRecords: (rows) => readRecords(rows, codes, zones),
  })
