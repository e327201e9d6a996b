import { z } from 'zod'
import { VIETNAMESE } from '../model/vietnamese-issues.js'
import { issuesInEnglish, rule } from './rule.js'

z.config(VIETNAMESE)

/** The only reader of the environment. Names, meanings and defaults of every variable stand here. */
const KINDS = { whole: ['số nguyên', 'a whole number'], any: ['số', 'a number'] } as const
const decimal = (pattern: RegExp, [min, max]: readonly [number, number], kind: keyof typeof KINDS) => {
  const [vietnamese, english] = KINDS[kind]
  const words = rule(`phải là ${vietnamese} từ ${min} đến ${max}`, `must be ${english} from ${min} to ${max}`)
  return z.string().trim().regex(pattern, words).transform(Number).pipe(z.number().min(min, words).max(max, words))
}
const whole = (min: number, max: number) => decimal(/^-?\d{1,15}$/, [min, max], 'whole')
const port = (max = 65_535) => whole(0, max)

const oneOf = <Name extends string>(...names: readonly [Name, ...Name[]]) =>
  z.enum(names, rule(`phải là một trong: ${names.join(', ')}`, `must be one of: ${names.join(', ')}`))

const isOrigin = (text: string): boolean => URL.canParse(text) && /^https?:\/\//.test(text) && new URL(text).origin === text

/** Values that are shown when they are refused. Of the others some hold passwords. */
const SHOWN = [
  'NODE_ENV',
  'PORT',
  'METRICS_PORT',
  'LOG_LEVEL',
  'CORS_ORIGINS',
  'DATABASE_POOL',
  'STATEMENT_TIMEOUT_MS',
  'SANDBOX_PORT',
  'SANDBOX_SPEED',
]

const environment = z.object({
  /** Anything but production lets callers read the schema. A server that nobody has labelled is one. */
  NODE_ENV: oneOf('development', 'test', 'production').default('production'),
  /** HTTP port of the gateway. */
  PORT: port().default(4000),
  /** Address to listen on. Loopback unless told otherwise: put a TLS proxy in front. */
  HOST: z.string().default('127.0.0.1'),
  /** HTTP port of a worker's `/metrics` and `/health`, on the address `HOST`. Absent: it listens nowhere. A gateway has its own at PORT. */
  METRICS_PORT: port().optional(),
  /** Addresses of web pages that may call the gateway from a browser, with commas between them; none by default. */
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    )
    .refine(
      (origins) => origins.every(isOrigin),
      rule(
        'phải là các địa chỉ dạng https://ten-mien[:cổng], cách nhau bằng dấu phẩy',
        'must be addresses like https://domain[:port] with commas between them',
      ),
    ),
  /** Where the embedded database, keys, documents and the sandbox keep their state. */
  STATE_DIR: z.string().optional(),
  /** PostgreSQL ≥ 13. Absent: `npm start` brings up its own. */
  DATABASE_URL: z.string().optional(),
  /** Direct connection for the queue and for migrations when DATABASE_URL is a pooler. Default: DATABASE_URL. */
  DATABASE_DIRECT_URL: z.string().optional(),
  /** Redis ≥ 6.2 or Valkey for the queue. Absent: the queue runs on PostgreSQL. */
  REDIS_URL: z.string().optional(),
  /** Path of the JSON file described in `config.ts`. */
  LIENTHONG_CONFIG: z.string().optional(),
  /** Of `npx lienthong`: the gateway that it asks, and the token, itself or in a file. */
  LIENTHONG_URL: z.string().optional(),
  LIENTHONG_TOKEN: z.string().optional(),
  LIENTHONG_TOKEN_FILE: z.string().optional(),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  /** Database connections of one process. A gateway opens half as many again for its answers. */
  DATABASE_POOL: whole(2, 200).default(20),
  /** Longest that one statement of an answer of the API may run, in ms; 0: as long as it likes. */
  STATEMENT_TIMEOUT_MS: whole(0, 3_600_000).default(15_000),
  /** JWT: public key (PEM) or JWKS address, issuer and audience. */
  JWT_PUBLIC_KEY: z.string().optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  JWT_ISSUER: z.string().default('lienthong'),
  JWT_AUDIENCE: z.string().default('lienthong'),
  /** First of the ports of the sandbox systems, two for each; 0: free ones. */
  SANDBOX_PORT: port(65_530).default(0),
  /** Sandbox seconds in a real second; by default each program's own. */
  SANDBOX_SPEED: decimal(/^\d{1,15}(\.\d{1,9})?$/, [0, 100_000], 'any').optional(),
  /** Passwords by system: `<SYSTEM>_USERNAME`, `<SYSTEM>_PASSWORD` (ours there), `<SYSTEM>_INBOUND_USERNAME`, `<SYSTEM>_INBOUND_PASSWORD` (theirs here).
   * Of alerts: `SMTP_USERNAME`, `SMTP_PASSWORD`, and `ALERT_WEBHOOK_SECRET_<NAME>` for each webhook. */
})

export type Environment = z.infer<typeof environment>

export class EnvironmentError extends Error {
  constructor(
    vietnamese: string,
    readonly english: string,
  ) {
    super(vietnamese)
  }
}

/** Throws an EnvironmentError with one sentence for the first variable that makes no sense. */
export const readEnvironment = (source: Readonly<Record<string, string | undefined>>): Environment => {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = issue?.path.join('.') ?? ''
  const value = SHOWN.includes(name) ? `=${JSON.stringify(given[name]?.slice(0, 40))}` : ''
  const [english] = issuesInEnglish(environment, given)
  throw new EnvironmentError(
    `Biến môi trường ${name}${value} không hợp lệ: ${issue?.message.replace(/\.$/, '')}.`,
    `The environment variable ${name}${value} is not valid: ${english?.replace(/\.$/, '')}.`,
  )
}
