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

/** Writes that the dossiers from before the fault bring: supplements, results and their confirmation, statuses. */
const LATER_WRITES: Readonly<Partial<Record<SystemId, readonly string[]>>> = {
  VILIS: ['BoSungHoSo', 'XacNhanTraKetQua'],
  ONE_STOP: ['CapNhatKetQua', 'CapNhatTrangThai', 'TiepNhanBoSungLienThong'],
  PORTAL: ['CapNhatTienDoHoSoMC'],
}

/** Where the faults of the peers are ordered, and must be seen to have happened. */
export const SYSTEMS: readonly SystemId[] = SYSTEM_IDS.filter((id) => WRITES[id])

/** Of a batch, so many writes of each operation meet the fault: enough to overlap, few enough to end. */
const SHARE = 0.4
const LATER_SHARE = SHARE / 5

/** `most` of each operation. */
export const misbehaveAtWrites = async (
  { system, size }: Stage,
  rule: MisbehaviourRule,
  most = Number.POSITIVE_INFINITY,
): Promise<void> => {
  const countOf = (share: number): number => Math.min(most, Math.max(2, Math.round(size * share)))
  const ordered = [
    { writes: WRITES, count: countOf(SHARE) },
    { writes: LATER_WRITES, count: countOf(LATER_SHARE) },
  ]
  for (const { writes, count } of ordered)
    for (const id of SYSTEMS) for (const operation of writes[id] ?? []) await system.twins[id].misbehave({ ...rule, operation, count })
}

/** Of them these come in every batch with dossiers from before, one of each at the least. */
const SURELY: Readonly<Partial<Record<SystemId, readonly string[]>>> = {
  VILIS: ['RutHoSo', 'BoSungHoSo', 'XacNhanTraKetQua'],
  ONE_STOP: ['CapNhatKetQua', 'CapNhatTrangThai'],
}

/** The fault has happened at every system, to supplements, withdrawals, results and their confirmation as well, or it has proven nothing. */
export const untilMet = (stage: Stage, kind: string): Promise<void> =>
  stage.until(`các bên đều đã gặp ${kind}, ở mọi nghiệp vụ của một đời hồ sơ`, async () => {
    const met = await Promise.all(
      SYSTEMS.map(async (id) => {
        const requests = (await stage.seen(id)).filter(({ misbehaviour }) => misbehaviour === kind)
        return (
          requests.length > 0 &&
          (stage.hasLives ? (SURELY[id] ?? []) : []).every((wire) => requests.some(({ operation }) => operation === wire))
        )
      }),
    )
    return met.every((isMet) => isMet)
  })
