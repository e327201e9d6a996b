import type { SystemId } from '../model/system.js'
import type { Credentials } from '../ports/system-settings.js'
import { ConfigurationError } from './config.js'

/** Credentials come from the environment alone, never from the configuration file: `VILIS_USERNAME`, `VILIS_INBOUND_PASSWORD`, … Half a pair is a slip and is refused. */
export const credentialsOf = (
  source: Readonly<Record<string, string | undefined>>,
  systemId: SystemId,
  direction: 'OUTBOUND' | 'INBOUND',
): Credentials | undefined => {
  const prefix = direction === 'OUTBOUND' ? systemId : `${systemId}_INBOUND`
  const username = source[`${prefix}_USERNAME`]
  const password = source[`${prefix}_PASSWORD`]
  if (!username !== !password) throw new ConfigurationError(`Đặt cả ${prefix}_USERNAME và ${prefix}_PASSWORD, hoặc không đặt biến nào.`)
  return username && password ? { username, password } : undefined
}
