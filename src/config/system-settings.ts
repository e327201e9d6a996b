import type { Operation, SystemId } from '../model/system.js'
import { OPERATIONS } from '../model/system.js'
import type { SystemSettings } from '../ports/system-settings.js'
import { type Configuration, traitsOf } from './config.js'
import { ConfigurationError } from './configuration-error.js'
import { credentialsOf } from './secrets.js'

/** Puts one system's settings together from the file and the environment's secrets. `shippedWsdl` is the adapter's own. */
export const settingsOf = (
  configuration: Configuration,
  secrets: Readonly<Record<string, string | undefined>>,
  systemId: SystemId,
  shippedWsdl: string,
): SystemSettings => {
  const system = configuration.systems[systemId]
  if (system.endpoint === undefined)
    throw new ConfigurationError(
      `Thiếu địa chỉ của hệ thống: đặt "systems.${systemId}.endpoint" trong tệp cấu hình, hoặc "enabled": false.`,
      `The address of a system is missing: set "systems.${systemId}.endpoint" in the configuration file, or "enabled": false.`,
    )
  const ours = credentialsOf(secrets, systemId, 'OUTBOUND')
  const operations: Partial<Record<Operation, ReturnType<typeof traitsOf>>> = {}
  for (const operation of OPERATIONS[systemId]) operations[operation] = traitsOf(system, operation)
  return {
    endpoint: system.endpoint,
    wsdlPath: system.wsdlPath ?? shippedWsdl,
    ...(system.wsdlPort !== undefined && { wsdlPort: system.wsdlPort }),
    ...(ours && { credentials: { ...ours, passwordType: system.passwordType } }),
    inboundCredentials: credentialsOf(secrets, systemId, 'INBOUND'),
    timeouts: system.timeouts,
    maxReplyBytes: system.maxReplyBytes,
    maxRequestBytes: system.maxRequestBytes,
    maxAttachmentBytes: system.maxAttachmentBytes,
    connections: system.connections,
    operations,
    readDeadlineMs: system.readDeadlineMs,
    timeZone: system.timeZone,
    ...(system.callbackTimeZone !== undefined && { callbackTimeZone: system.callbackTimeZone }),
    poll: { overlap: BigInt(system.poll.overlap), pageSize: system.poll.pageSize },
  }
}
