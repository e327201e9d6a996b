import type { SystemId } from '../model/system.js'
import { type EndpointProbe, probeEndpoint } from '../platform/probe-endpoint.js'

/** Kiểm tra đường nối: one look at the address of each system that is switched on, from where the gateway runs. */
export type SystemProbe = EndpointProbe & { readonly systemId: SystemId }

export interface SystemAddress {
  readonly systemId: SystemId
  readonly endpoint: string
  readonly withinMs: number
}

/** Those who look at the same moment, and shortly after, see the same: nobody is called more often by many who are curious. */
const KEPT_MS = 5_000

export const openSystemProbes = (addresses: readonly SystemAddress[]): (() => Promise<readonly SystemProbe[]>) => {
  let kept: { readonly until: number; readonly probes: Promise<readonly SystemProbe[]> } | undefined
  const probe = async ({ systemId, endpoint, withinMs }: SystemAddress): Promise<SystemProbe> => ({
    systemId,
    ...(await probeEndpoint(endpoint, withinMs)),
  })
  return () => {
    if (!kept || performance.now() > kept.until) kept = { until: performance.now() + KEPT_MS, probes: Promise.all(addresses.map(probe)) }
    return kept.probes
  }
}
