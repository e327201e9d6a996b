import type { LandRegistry, RegistryRead } from '../ports/land-registry.js'
import { type ReadGate, reportOfRead } from '../transfer/read-gate.js'

/** Đọc qua cửa: a land registry that is not asked while it is known to be down; its readers get what they had, or why there is nothing, at once. */
export const guardRegistry = (registry: LandRegistry, gate: ReadGate): LandRegistry => {
  const guarded = async <Value>(read: () => Promise<RegistryRead<Value>>): Promise<RegistryRead<Value>> =>
    (await gate.pass(read, reportOfRead)) ?? {
      kind: 'FAILED',
      cause: 'Cầu dao đang mở: hệ thống đất đai không trả lời.',
      why: 'BREAKER_OPEN',
      shows: 'SILENT',
    }
  return {
    batchLimit: registry.batchLimit,
    readParcels: (keys) => guarded(() => registry.readParcels(keys)),
    readCertificates: (serials) => guarded(() => registry.readCertificates(serials)),
  }
}
