import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import { createDigestComparison, type DigestComparisonOptions } from '../soap/digest-comparison.js'
import { readGroups, readRecords } from './comparison-rows.js'
import { ONE_STOP_FAULTS } from './faults.js'
import type { WireComparedDossier, WireGroup } from './wire-comparison.js'

/** Đối soát với một cửa (modelled operations `DoiSoat…`): its commune codes are ours. */
export interface OneStopComparisonOptions extends DigestComparisonOptions {
  readonly timeZone: string
}

export const createOneStopComparison = ({ timeZone, ...options }: OneStopComparisonOptions): ComparisonSource =>
  createDigestComparison<WireGroup, WireComparedDossier>(options, {
    faults: ONE_STOP_FAULTS,
    codeName: 'MaHoSo',
    communeName: 'MaDonViTiepNhan',
    readGroups,
    readRecords: (rows) => readRecords(rows, timeZone),
  })
