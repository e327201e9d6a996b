import type { SystemId } from '../model/system.js'
import type { Credentials } from '../ports/system-settings.js'

/** Credentials come from the environment alone, never from the configuration file: `VILIS_USERNAME`, `VILIS_INBOUND_PASSWORD`, … */
export const credentialsOf = (
  source: Readonly<Record<string, string | undefined>>,
  systemId: SystemId,
  direction: 'OUTBOUND' | 'INBOUND',
): Credentials | undefined => {
  const prefix = direction === 'OUTBOUND' ? systemId : `${systemId}_INBOUND`
  const username = source[`${prefix}_USERNAME`]
  const password = source[`${prefix}_PASSWORD`]
  return username && password ? { username, password } : undefined
}
