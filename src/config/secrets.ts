import type { SystemId } from '../model/system.js'
import type { Credentials } from '../ports/system-settings.js'
import { ConfigurationError } from './configuration-error.js'

const halfSet = (prefix: string): ConfigurationError =>
  new ConfigurationError(
    `Đặt cả ${prefix}_USERNAME và ${prefix}_PASSWORD, hoặc không đặt biến nào.`,
    `Set both ${prefix}_USERNAME and ${prefix}_PASSWORD, or neither.`,
  )

/** Credentials come from the environment alone, never from the configuration file: `VILIS_USERNAME`, `VILIS_INBOUND_PASSWORD`, … Half a pair is a slip and is refused. */
export const credentialsOf = (
  source: Readonly<Record<string, string | undefined>>,
  systemId: SystemId,
  direction: 'OUTBOUND' | 'INBOUND',
): Credentials | undefined => {
  const prefix = direction === 'OUTBOUND' ? systemId : `${systemId}_INBOUND`
  const username = source[`${prefix}_USERNAME`]
  const password = source[`${prefix}_PASSWORD`]
  if (!username !== !password) throw halfSet(prefix)
  return username && password ? { username, password } : undefined
}

/** `SMTP_USERNAME` and `SMTP_PASSWORD`, for mail of alerts; undefined: the server asks for none. */
export const smtpCredentialsOf = (source: Readonly<Record<string, string | undefined>>): Credentials | undefined => {
  const { SMTP_USERNAME: username, SMTP_PASSWORD: password } = source
  if (!username !== !password) throw halfSet('SMTP')
  return username && password ? { username, password } : undefined
}

/** What alerts need, and nothing of a foreign system's: for a sandbox, whose systems have accounts of their own. */
export const alertSecretsIn = (source: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(source).filter(([name]) => /^(SMTP_(USERNAME|PASSWORD)|ALERT_WEBHOOK_SECRET_\w+)$/.test(name)))

const LEAST_KEY_BYTES = 24

/** `ALERT_WEBHOOK_SECRET_<NAME>`: `whsec_` and at least 24 random bytes in base64, as the Standard Webhooks specification writes keys. */
export const webhookKeyOf = (source: Readonly<Record<string, string | undefined>>, name: string): Buffer => {
  const variable = `ALERT_WEBHOOK_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
  const [, written = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(source[variable] ?? '') ?? []
  const key = Buffer.from(written, 'base64')
  if (key.length < LEAST_KEY_BYTES)
    throw new ConfigurationError(
      `Webhook "${name}" cần khóa ký: đặt ${variable} là "whsec_" và ít nhất ${LEAST_KEY_BYTES} byte ngẫu nhiên viết theo base64 (openssl rand -base64 32).`,
      `Webhook "${name}" needs a key to sign with: set ${variable} to "whsec_" and at least ${LEAST_KEY_BYTES} random bytes in base64 (openssl rand -base64 32).`,
    )
  return key
}
