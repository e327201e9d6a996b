import { type Configuration } from './config.js'
import { ConfigurationError } from './configuration-error.js'
import { smtpCredentialsOf, webhookKeyOf } from './secrets.js'

/** Kênh báo: the channels of the configuration with their secrets from the environment. Throws a ConfigurationError when one is missing. */
export interface MailSettings {
  readonly host: string
  readonly port: number
  readonly security: 'STARTTLS' | 'TLS' | 'NONE'
  readonly from: string
  readonly to: readonly string[]
  readonly credentials: { readonly username: string; readonly password: string } | undefined
}

export interface WebhookSettings {
  readonly name: string
  readonly url: string
  /** Of the HMAC, as the Standard Webhooks specification has it. */
  readonly key: Buffer
}

export interface AlertChannels {
  readonly mail: MailSettings | undefined
  readonly webhooks: readonly WebhookSettings[]
}

/** As they stand on the notices; none while alerts are switched off. */
export const alertChannelNames = ({ alerts: { enabled, mail, webhooks } }: Configuration): string[] =>
  enabled ? [...(mail ? ['mail'] : []), ...webhooks.map(({ name }) => `webhook:${name}`)] : []

const isThisMachine = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)

export const alertChannelsOf = ({ alerts }: Configuration, secrets: Readonly<Record<string, string | undefined>>): AlertChannels => {
  const { mail } = alerts
  const credentials = mail && smtpCredentialsOf(secrets)
  if (mail?.security === 'NONE' && credentials && !isThisMachine(mail.host))
    throw new ConfigurationError(
      'Cấu hình sai ở "alerts.mail.security": NONE gửi SMTP_PASSWORD đi không mã hóa; hãy dùng STARTTLS hoặc TLS, hoặc bỏ SMTP_USERNAME và SMTP_PASSWORD.',
      'The configuration is wrong at "alerts.mail.security": NONE sends SMTP_PASSWORD unencrypted; use STARTTLS or TLS, or leave SMTP_USERNAME and SMTP_PASSWORD out.',
    )
  return {
    mail: mail && { ...mail, credentials },
    webhooks: alerts.webhooks.map(({ name, url }) => ({ name, url, key: webhookKeyOf(secrets, name) })),
  }
}
