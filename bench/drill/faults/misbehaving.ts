import type { MisbehaviourRule } from '../../../adapters/soap/twin/misbehaviour.js'
import { SYSTEM_IDS, type SystemId } from '../../../src/model/system.js'
import type { Stage } from '../fault.js'

/**
 * Writes that every batch brings. Looks (TraCuuHoSo, LayThayDoi) are spared, so that the inquiry is heard; that they fail too is a
 * fault of its own.
 */
const WRITES: Readonly<Partial<Record<SystemId, readonly string[]>>> = {
  VILIS: ['TiepNhanHoSo', 'RutHoSo'],
  ONE_STOP: ['TiepNhanHoSoLienThong'],
  PORTAL: ['DongBoHoSoMC'],
}

/** Where the faults of the peers are ordered, and must be seen to have happened. */
export const SYSTEMS: readonly SystemId[] = SYSTEM_IDS.filter((id) => WRITES[id])

/** Of a batch, so many writes of each operation meet the fault: enough to overlap, few enough to end. */
const SHARE = 0.4

/** `most` of each operation. */
export const misbehaveAtWrites = async (
  { system, size }: Stage,
  rule: MisbehaviourRule,
  most = Number.POSITIVE_INFINITY,
): Promise<void> => {
  const count = Math.min(most, Math.max(2, Math.round(size * SHARE)))
  for (const id of SYSTEMS) for (const operation of WRITES[id] ?? []) await system.twins[id].misbehave({ ...rule, operation, count })
}

/** The fault has happened at every system, or it has proven nothing. */
export const untilMet = (stage: Stage, kind: string): Promise<void> =>
  stage.until(`các bên đều đã gặp ${kind}`, async () => {
    const seen = await Promise.all(SYSTEMS.map((id) => stage.seen(id)))
    return seen.every((requests) => requests.some(({ misbehaviour }) => misbehaviour === kind))
  })
