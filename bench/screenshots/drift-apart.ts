import { setTimeout as pause } from 'node:timers/promises'
import type { TwinControl } from '../../adapters/soap/twin/control-client.js'

/**
 * Làm lệch hai bên: changes at ViLIS behind everyone's back, such as only a comparison of both sides can find. What is in flight a run leaves alone, so the clocks of the
 * sandbox's systems go on at a person's pace first, and the dossiers that are changed have come to rest.
 */
const DRIFTS = [
  { kind: 'APPLICANT', value: 'Nguyễn Thị Mẫu' },
  { kind: 'DELETED' },
  { kind: 'PARCEL' },
  { kind: 'DUE_DATE' },
  { kind: 'DOCUMENT' },
] as const

const LOOK_AGAIN_MS = 1_000

export interface Drifting {
  readonly vilis: TwinControl
  readonly clocks: readonly Pick<TwinControl, 'speed'>[]
  /** Codes of dossiers of which every system has all, the longest received first. */
  readonly inSync: () => Promise<readonly string[]>
  /** What has changed or was settled within this time counts as in flight. */
  readonly graceMs: number
}

/** Answers the code of a dossier whose applicant has another name at ViLIS since. */
export const driftApart = async ({ vilis, clocks, inSync, graceMs }: Drifting): Promise<string> => {
  for (const clock of clocks) await clock.speed(1)
  const drifted: string[] = []
  while (drifted.length < DRIFTS.length) {
    for (const code of await inSync()) {
      const drift = DRIFTS[drifted.length]
      // What ViLIS has never had it refuses to lose.
      if (drift && !drifted.includes(code) && (await isDone(vilis.act('drift', { ...drift, code })))) drifted.push(code)
    }
    await pause(LOOK_AGAIN_MS)
  }
  await pause(graceMs)
  return drifted[0] as string
}

const isDone = (act: Promise<unknown>): Promise<boolean> =>
  act.then(
    () => true,
    () => false,
  )
