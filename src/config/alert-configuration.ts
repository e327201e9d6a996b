import { z } from 'zod'
import { rule } from './rule.js'

/** Cảnh báo vận hành: what is looked at, how often people are told of it, and over which channels. Passwords and keys are not part of it (`secrets.ts`). */
const minutes = z.number().int().min(0).max(100_000)

const rules = z
  .strictObject({
    /** A system that has not answered for so long; null, as of every rule: it is not looked at. */
    systemDown: z
      .strictObject({ minutes: minutes.default(5) })
      .nullable()
      .prefault({}),
    /** The Redis of the queue out of reach of any process for so long: nothing is sent meanwhile, to whatever system. */
    queueAway: z
      .strictObject({ minutes: minutes.default(2) })
      .nullable()
      .prefault({}),
    /** The oldest transfer that nothing stands before. */
    oldestWaiting: z
      .strictObject({ minutes: minutes.default(30) })
      .nullable()
      .prefault({}),
    /** Of the sendings of the last minutes, unless there were too few. */
    failureShare: z
      .strictObject({
        percent: z.number().int().min(1).max(100).default(50),
        windowMinutes: minutes.min(1).max(1_440).default(15),
        leastAttempts: z.number().int().min(1).default(20),
      })
      .nullable()
      .prefault({}),
    /** So many dossiers whose due date is at risk (`dueDateAlarms`). */
    dueDateRisk: z
      .strictObject({ dossiers: z.number().int().min(1).default(1) })
      .nullable()
      .prefault({}),
    heldTransfers: z
      .strictObject({ transfers: z.number().int().min(1).default(50) })
      .nullable()
      .prefault({}),
    /** A change of a feed that cannot be read, or a feed that was not read to its end though the system answers. */
    feedStalled: z
      .strictObject({ minutes: minutes.default(15) })
      .nullable()
      .prefault({}),
    /** A feed that ran backwards: its system was restored. */
    feedAlarm: z
      .strictObject({ enabled: z.literal(true).default(true) })
      .nullable()
      .prefault({}),
    /** So many open discrepancies at one system: more than people repair one by one. */
    discrepancies: z
      .strictObject({ open: z.number().int().min(1).default(100) })
      .nullable()
      .prefault({}),
    /** A run that has made no progress for so long (a person's pause is none for a day), or was given up and no later one of its scope has ended well. */
    reconciliationStopped: z
      .strictObject({ minutes: minutes.default(60) })
      .nullable()
      .prefault({}),
    /** So many commune codes of one system that have no mapping, so that nobody knows of which commune what stands under them is. */
    communesUnmapped: z
      .strictObject({ codes: z.number().int().min(1).default(1) })
      .nullable()
      .prefault({}),
  })
  .prefault({})

const mail = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(587),
  /** STARTTLS: refused when the server does not offer it. NONE: for a relay on this machine, and never with a password elsewhere. */
  security: z.enum(['STARTTLS', 'TLS', 'NONE']).default('STARTTLS'),
  from: z.email(),
  to: z.array(z.email()).min(1).max(50),
})

const webhook = z
  .strictObject({
    /** Stands in the console and in the name of its key's variable: `ALERT_WEBHOOK_SECRET_<NAME>`. */
    name: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{0,39}$/,
        rule(
          'phải là chữ thường không dấu, số và gạch nối, dài nhất 40 ký tự',
          'must be of a-z, digits and hyphens, 40 characters at most',
        ),
      ),
    url: z.url({ protocol: /^https?$/ }),
    /** Else `http:` is refused: what is sent can be read on the way. */
    plainHttp: z.boolean().default(false),
  })
  .refine(({ url }) => new URL(url).username === '' && new URL(url).password === '', {
    path: ['url'],
    message: rule('không được chứa mật khẩu', 'must not hold a password'),
  })
  .refine(({ url, plainHttp }) => plainHttp || url.startsWith('https:'), {
    path: ['url'],
    message: rule('phải là https, hoặc đặt "plainHttp": true', 'must be https, or set "plainHttp": true'),
  })

export const alertConfiguration = z
  .strictObject({
    enabled: z.boolean().default(true),
    everyMs: z.number().int().min(200).max(3_600_000).default(15_000),
    /** Address of the console, for the links in notices. */
    consoleUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** People are told of one rule and system at most once in so long, however often it comes and goes. */
    quietMinutes: minutes.default(30),
    /** What a channel could not send by then is given up, in plain sight. */
    giveUpAfterHours: z.number().int().min(1).max(720).default(24),
    rules,
    mail: mail.optional(),
    webhooks: z
      .array(webhook)
      .max(10)
      .default([])
      .refine(
        (all) => new Set(all.map(({ name }) => name)).size === all.length,
        rule('mỗi webhook phải có tên riêng', 'each webhook must have a name of its own'),
      ),
  })
  .prefault({})
