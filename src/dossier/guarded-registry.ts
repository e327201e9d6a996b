import { describeStopped } from '../model/read-failure.js'
import type { FailedRead } from '../ports/failed-read.js'
import type { LandRegistry, RegistryRead } from '../ports/land-registry.js'
import { type ReadGate, reportOfRead } from '../transfer/read-gate.js'

/** Đọc qua cửa: a land registry that is not asked while it is known to serve nothing; its readers get what they had, or why there is nothing, at once. */
export const guardRegistry = (registry: LandRegistry, gate: ReadGate): LandRegistry => {
  const notAsked = async (): Promise<FailedRead> => {
    const stopped = await gate.whyShut()
    return { kind: 'FAILED', cause: `${describeStopped(stopped)}.`, why: 'BREAKER_OPEN', stopped, shows: 'SILENT' }
  }
  const guarded = async <Value>(read: () => Promise<RegistryRead<Value>>): Promise<RegistryRead<Value>> =>
    (await gate.pass(read, reportOfRead)) ?? notAsked()
  return {
    batchLimit: registry.batchLimit,
    readParcels: (keys) => guarded(() => registry.readParcels(keys)),
    readCertificates: (serials) => guarded(() => registry.readCertificates(serials)),
  }
}
