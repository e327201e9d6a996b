import type { LedgerRequest } from '../../adapters/soap/twin/ledger.js'
import type { TestSystem } from './test-system.js'
import { until } from './until.js'

/** Look-ups at ViLIS that a test holds back and lets go, counted by its ledger. Each release puts its clock an hour ahead: the system is to be opened with `runAhead`. */
export type LookUp = 'TraCuuThuaDat' | 'TraCuuGiayChungNhan'

const HOUR_MS = 3_600_000

export const lookUpsOf = (system: TestSystem) => {
  let from = 0
  const since = async (operation: LookUp): Promise<LedgerRequest[]> =>
    (await system.twins.VILIS.ledger(from)).requests.filter((request) => request.operation === operation)
  return {
    /** Counts from here. */
    mark: async (): Promise<void> => {
      from = (await system.twins.VILIS.ledger(from)).last
    },
    count: async (operation: LookUp): Promise<number> => (await since(operation)).length,
    /** From now on ViLIS takes look-ups in, and answers them when it is told to. */
    hold: (operation: LookUp): Promise<void> =>
      system.twins.VILIS.misbehave({ kind: 'ANSWER_LATE', operation, delayMs: HOUR_MS, count: 100_000 }),
    heldBack: (operation: LookUp, count: number): Promise<unknown> =>
      until(`${count} look-ups are held back`, async () => {
        const held = (await since(operation)).filter(({ answered, processed }) => answered === 'NOT_YET' && processed > 0)
        return held.length >= count
      }),
    /** What is held back is answered; what comes now is answered at once. */
    release: async (): Promise<void> => {
      await system.twins.VILIS.advance({ ms: HOUR_MS })
      await system.twins.VILIS.reset()
    },
  }
}
