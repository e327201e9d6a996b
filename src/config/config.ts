import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { bySystem, OPERATIONS, type Operation, type SystemId } from '../model/system.js'
import { MAX_IN_FLIGHT, MAX_PER_SECOND } from '../model/system-limits.js'
import { VIETNAMESE } from '../model/vietnamese-issues.js'
import { alertConfiguration } from './alert-configuration.js'
import { authConfiguration } from './auth-configuration.js'
import { refuse } from './configuration-error.js'
import { readConfigurationFile } from './read-configuration-file.js'
import { reconciliationConfiguration } from './reconciliation-configuration.js'
import { reportingConfiguration } from './reporting-configuration.js'
import { issuesInEnglish, rule } from './rule.js'

/**
 * Cấu hình: one JSON file (`LIENTHONG_CONFIG`), every value of it optional, every default visible here. Secrets are not part of it
 * (`secrets.ts`). Nonsense is refused at start with the path of the value.
 */
z.config(VIETNAMESE)

/** As long as a timer can wait. */
const ms = z.number().int().min(0).max(2_147_483_647)

/** A list is frozen by one statement, and a statement has 40 seconds: so many need about 20 on a busy machine of two cores. What is more is several plans. */
const MOST_PLAN_ROWS = 100_000

const days = z.number().int().min(1).max(36_500)

const bytes = z.number().int().min(1_024).max(1_073_741_824)

const timeZone = z.string().refine(
  (name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    } catch {
      return false
    }
  },
  rule('không có múi giờ này, ví dụ Asia/Ho_Chi_Minh', 'there is no such time zone; one is Asia/Ho_Chi_Minh'),
)

const strength = z.enum(['KEY_AND_DIGEST', 'FIELDS', 'EXISTS', 'NONE'])

const traits = z.strictObject({
  /** How sure an inquiry can be. Start with what the other side really offers; NONE holds every unknown outcome for a person. */
  inquiryStrength: strength.default('KEY_AND_DIGEST'),
  /** Their declared longest processing time after a send. */
  maxProcessingMs: ms.default(60_000),
  /** Total deadline of one call. */
  callDeadlineMs: ms.min(100).default(20_000),
})

const system = z.strictObject({
  enabled: z.boolean().default(true),
  /** Address of their SOAP service. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  /** A site's own WSDL instead of the shipped one. */
  wsdlPath: z.string().optional(),
  /** Port of the WSDL, which says the version of SOAP; its first SOAP port without. */
  wsdlPort: z.string().min(1).optional(),
  /** DIGEST never shows our password on the wire; TEXT is for systems that store only hashes, over TLS. */
  passwordType: z.enum(['DIGEST', 'TEXT']).default('DIGEST'),
  /** Until a reply's head (`headersMs`) and between two pieces of its body (`bodyMs`) only the call's own deadline counts, unless they say less. */
  timeouts: z
    .strictObject({ connectMs: ms.min(1).default(5_000), headersMs: ms.min(1).optional(), bodyMs: ms.min(1).optional() })
    .prefault({}),
  maxReplyBytes: bytes.default(64 * 1024 * 1024),
  maxRequestBytes: bytes.default(48 * 1024 * 1024),
  maxAttachmentBytes: bytes.default(20 * 1024 * 1024),
  /** Connections to them from one process. */
  connections: z.number().int().min(1).max(256).default(16),
  /** Transfers to them in flight from one worker: a slow system never takes another one's share. */
  concurrency: z.number().int().min(1).max(256).default(16),
  operations: z.partialRecord(z.string(), traits).default({}),
  /** What they can bear from all workers together, until an operator sets something else; null: no limit. */
  limits: z
    .strictObject({
      maxPerSecond: z.number().min(MAX_PER_SECOND.least).max(MAX_PER_SECOND.most).nullable().default(50),
      maxInFlight: z.number().int().min(MAX_IN_FLIGHT.least).max(MAX_IN_FLIGHT.most).nullable().default(null),
      /** After an outage the rate grows from a tenth of its limit to the whole in this time. */
      rampMs: ms.default(30_000),
    })
    .prefault({}),
  readDeadlineMs: ms.min(100).default(10_000),
  /** Of instants that they write without an offset. */
  timeZone: timeZone.default('Asia/Ho_Chi_Minh'),
  /** Of those in the messages that ViLIS sends us by itself; UTC without. */
  callbackTimeZone: timeZone.optional(),
  poll: z
    .strictObject({
      enabled: z.boolean().default(true),
      everyMs: ms.min(200).default(10_000),
      overlap: z.number().int().min(0).default(200),
      pageSize: z.number().int().min(1).max(1_000).default(200),
    })
    .prefault({}),
  callbacks: z.boolean().default(true),
})

/**
 * Đối soát: how their dossiers are compared with ours. DIGESTS: by digests of groups, where they offer them; LIST: page by page; NONE: not at all, as with a WSDL of a
 * site's own without `DoiSoat…`. The portal has lists alone.
 */
const COMPARISONS = { ONE_STOP: 'DIGESTS', VILIS: 'DIGESTS', PORTAL: 'LIST' } as const

const systemOf = <Id extends SystemId>(id: Id) =>
  system.extend({ comparison: z.enum(['DIGESTS', 'LIST', 'NONE']).default(COMPARISONS[id]) }).prefault({})

/** How long what was read counts. */
const lifetimes = z
  .strictObject({
    /** Given without asking again; 0: asked again each time. */
    freshMs: ms.default(30_000),
    /** And then so long given at once while it is being read again. */
    staleMs: ms.default(600_000),
    /** "There is no such thing" counts for so long. */
    absentMs: ms.default(5_000),
  })
  .prefault({})

/** As Fastify takes them. */
const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal']
const proxy = z
  .string()
  .refine(
    (text) => PROXY_NAMES.includes(text) || ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    rule('phải là địa chỉ IP, mạng (10.0.0.0/8) hoặc loopback', 'must be an IP address, a network (10.0.0.0/8) or loopback'),
  )

const rate = (tries: number, inSeconds: number) =>
  z
    .strictObject({
      tries: z.number().int().min(1).max(1_000_000).default(tries),
      inSeconds: z.number().int().min(1).max(86_400).default(inSeconds),
    })
    .prefault({})

/** Tra cứu hồ sơ của người dân: without a token, by code and the last four digits of the applicant's identity number. */
const citizenLookUp = z
  .strictObject({
    /** Off: neither the page `/tra-cuu` nor the query without a token. */
    enabled: z.boolean().default(true),
    /** Of one address (IPv6: one /64 network). Many may share one: a commune's office, a telephone network. */
    perAddress: rate(20, 60),
    /** Wrong ones for one code, from wherever: four digits have ten thousand values. */
    wrongPerCode: rate(5, 3_600),
  })
  .prefault({})

const exchangeMember = z.strictObject({
  instance: z.string(),
  memberClass: z.string(),
  memberCode: z.string(),
  subsystemCode: z.string(),
})

const configuration = z.strictObject({
  /** For an editor: where the schema of this file is (`lienthong configuration schema`). */
  $schema: z.string().optional(),
  systems: z.strictObject(bySystem(systemOf)).prefault({}),
  /** Trục trao đổi (VDXP, X-Road): who we are and which service of the portal is called. */
  exchange: z
    .strictObject({
      client: exchangeMember.default({ instance: 'VN', memberClass: 'GOV', memberCode: 'H58.22', subsystemCode: 'LIENTHONG' }),
      service: exchangeMember
        .extend({ serviceVersion: z.string() })
        .default({ instance: 'VN', memberClass: 'GOV', memberCode: 'H58', subsystemCode: 'CONGDVC', serviceVersion: 'v1' }),
      userId: z.string().default('VNLIENTHONG'),
    })
    .prefault({}),
  retry: z
    .strictObject({
      /** Waits after the 1st, 2nd, … failure: 5 s, 30 s, 2 min, 10 min, 1 h, then hourly. */
      waitsMs: z.array(ms).min(1).default([5_000, 30_000, 120_000, 600_000, 3_600_000]),
      jitter: z.number().min(0).max(1).default(0.2),
      retryAfterMinMs: ms.default(1_000),
      retryAfterMaxMs: ms.default(3_600_000),
      /** Before an unknown outcome is inquired, and between two answers "not there". */
      inquiryWaitMs: ms.default(5_000),
      /** Added to twice the longest deadline of a call to the system, for a send may need an inquiry in the same step: the lease of each transfer to it. */
      leaseMarginMs: ms.min(100).default(10_000),
      /** Cầu dao: after so many failures in a row a system is left alone, at first for `openMs`, doubled with each failed probe. */
      breaker: z
        .strictObject({
          failuresToOpen: z.number().int().min(1).default(5),
          openMs: ms.min(100).default(5_000),
          maxOpenMs: ms.min(100).default(60_000),
        })
        .prefault({}),
    })
    .refine((retry) => retry.retryAfterMinMs <= retry.retryAfterMaxMs, {
      path: ['retryAfterMinMs'],
      message: rule('phải nhỏ hơn hoặc bằng retryAfterMaxMs', 'must be less than retryAfterMaxMs, or equal'),
    })
    .prefault({}),
  inbox: z
    .strictObject({
      /**
       * How far another clock may run ahead of the database's: what is told of a later moment is quarantined, and a dossier whose reception
       * lies later is refused; a live look-up whose instant lies later is not believed. `npm start` alone believes its sandbox systems any moment, because their clock runs ahead (`start.ts`); its
       * database is kept apart from a district's.
       */
      clockToleranceMs: ms.max(86_400_000).default(300_000),
      maxRequestBytes: bytes.default(48 * 1024 * 1024),
    })
    .prefault({}),
  /** Cảnh báo nguy cơ trễ hạn trả hồ sơ. */
  dueDateAlarms: z
    .strictObject({
      /** How long before its due date what has not arrived is looked at. */
      horizonWorkingDays: z.number().int().min(0).max(30).default(1),
      /** So long the machine may take before what nothing stands in the way of counts as late. */
      graceMs: ms.default(900_000),
      everyMs: ms.default(30_000),
    })
    .prefault({}),
  /** Đăng nhập (`auth-configuration.ts`). */
  auth: authConfiguration,
  /** Cảnh báo vận hành (`alert-configuration.ts`). */
  alerts: alertConfiguration,
  /** Đọc phần mềm đất đai cho câu trả lời: what is kept of it, and for how long. */
  reads: z
    .strictObject({
      parcels: lifetimes,
      certificates: lifetimes,
      /** Of parcels, and of certificates, in one process. */
      cacheEntries: z.number().int().min(1).max(1_000_000).default(20_000),
      cacheBytes: bytes.default(16 * 1024 * 1024),
      /** While calls are under way, so long the next one waits for what others ask. */
      batchWindowMs: ms.max(100).default(2),
      /** Most that a caller may ask to be waited for (`maxWaitMs`). */
      maxWaitMs: ms.max(600_000).default(30_000),
      /** So long an answer waits for a part whose asker names no time and takes what is kept (`read: CACHED`); null: as long as the registry may take. */
      usualWaitMs: ms.max(600_000).nullable().default(3_000),
      /** So long the last value of what nobody reads any more is kept: it names land users. */
      snapshotDays: z.number().int().min(1).max(3_650).default(90),
      /** So long it is believed, when the registry cannot be asked, that it has no such thing: it may have it any day. */
      snapshotAbsentHours: z.number().int().min(1).max(8_760).default(24),
    })
    .prefault({}),
  /** Thời hạn lưu: how many days is kept what serves for a time alone; null: for ever. Dossiers, transfers, messages and audit are always kept. */
  retention: z
    .strictObject({
      /** Texts of requests and replies on attempts; the attempts themselves stay. */
      evidenceDays: days.nullable().default(400),
      /** Answers kept for repetitions under a client's key. Later the same request is still not stored twice. */
      clientRequestDays: days.nullable().default(30),
      /** Conditions and words of replay plans, which may name a person, since a plan was over. What it did to which transfer stays. */
      replayPlanDays: days.nullable().default(400),
      /** Changes of the systems' health and breakers, for their timeline. */
      systemChangeDays: days.nullable().default(35),
      /** Bytes that no dossier, transfer or message refers to, since they were last handed in. */
      unreferencedDocumentDays: days.nullable().default(7),
      /** Runs of reconciliation over the last days that found and closed nothing: there is one every few minutes. */
      uneventfulRunDays: days.nullable().default(30),
    })
    .prefault({}),
  /** Kế hoạch gửi lại. */
  replayPlans: z
    .strictObject({
      /** A filter that matches more transfers is refused: it is to be narrowed. */
      maxRows: z.number().int().min(1).max(MOST_PLAN_ROWS).default(100_000),
      /** A plan of more transfers is approved by a second person; so is every plan that supersedes. */
      approvalAbove: z.number().int().min(0).default(500),
      /** Transfers of one plan that are queued and have no result yet: as many may still go wrong when it stops. */
      maxUnderWay: z.number().int().min(1).max(10_000).default(500),
      /** Hours for which a dry run and an approval hold: what comes later is to be tried and approved anew. */
      validHours: z.number().int().min(1).max(720).default(24),
      /** Of the connections to a system and of its limit of calls in flight, what the questions of dry runs may take; one at least. */
      inquiryShare: z.number().min(0.01).max(1).default(0.25),
      /** How often each worker looks for plans to work on. */
      everyMs: ms.min(200).default(2_000),
    })
    .prefault({}),
  /** Sửa nội dung một lượt. */
  amendments: z
    .strictObject({
      /** What a person has amended is sent only after a second one has approved it. `false`: a site with one operator, whose amendments go at once. */
      secondPerson: z.boolean().default(true),
    })
    .prefault({}),
  /** Đối soát (`reconciliation-configuration.ts`). */
  reconciliation: reconciliationConfiguration,
  /** Sổ thời gian liên thông, báo cáo tháng, phiếu xin lỗi (`reporting-configuration.ts`). */
  reporting: reportingConfiguration,
  /** Hours that a live reader may be away and still miss nothing. */
  liveEventHours: z.number().int().min(1).default(72),
  api: z
    .strictObject({
      /** Whether callers may read the schema (`__schema`, `_service`). Default: no, but for `npm start` and NODE_ENV=development. */
      introspection: z.boolean().optional(),
      maxDocumentBytes: bytes.default(20 * 1024 * 1024),
      /** Proxies whose `X-Forwarded-For` is believed: addresses, networks, or `loopback`. What one adds on the right counts. */
      trustedProxies: z.array(proxy).default(['loopback']),
      citizenLookUp,
      /** Giới hạn một câu truy vấn; what is beyond is refused before it runs (`api/query-limits.ts`). */
      query: z
        .strictObject({
          maxDepth: z.number().int().min(5).max(100).default(14),
          /** Fields that an answer can have, lists counted by their `first`; a search of the database weighs 100. */
          maxCost: z.number().int().min(100).max(10_000_000).default(20_000),
          maxAliases: z.number().int().min(1).max(1_000).default(30),
          maxTokens: z.number().int().min(100).max(1_000_000).default(5_000),
          maxDirectives: z.number().int().min(1).max(1_000).default(20),
          /** Entities that a router of a federated graph may ask for by key in one operation. */
          maxRepresentations: z.number().int().min(1).max(10_000).default(500),
        })
        .prefault({}),
      /** Câu truy vấn đã đăng ký: manifests (`{ "<SHA-256>": "<document>" }`), one or one a front end; `only`: no other document runs. */
      persistedOperations: z
        .strictObject({ manifest: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]), only: z.boolean().default(false) })
        .optional(),
    })
    .prefault({}),
})

export type Configuration = z.infer<typeof configuration>
export type SystemConfiguration = Configuration['systems'][SystemId]

/** JSON Schema of the file: names, types, bounds and defaults. What the code alone can check (a time zone, a network) is any text there. */
export const configurationSchema = (): object => z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any' })

export const parseConfiguration = (json: unknown): Configuration => {
  const parsed = configuration.safeParse(json)
  if (!parsed.success) {
    const english = issuesInEnglish(configuration, json)
    const faults = parsed.error.issues.map(({ code, path, message }, index) => {
      const value = path.reduce<unknown>((of, key) => (of instanceof Object ? Reflect.get(of, key) : undefined), json)
      // What has no place here may be a password.
      const shown = value === undefined || code === 'unrecognized_keys' ? '' : JSON.stringify(value).slice(0, 80)
      const withValue = (words: string, is: string): string => `${words.replace(/\.$/, '')}${shown && ` (${is} ${shown})`}`
      return {
        place: path.join('.'),
        vietnamese: withValue(message, 'đang là'),
        english: withValue(english[index] ?? message, 'now'),
      }
    })
    return refuse(faults)
  }
  const faults = Object.entries(parsed.data.systems).flatMap(([systemId, { operations, comparison, callbackTimeZone }]) => {
    const known: readonly string[] = OPERATIONS[systemId as SystemId]
    return [
      ...(systemId === 'PORTAL' && comparison === 'DIGESTS'
        ? [
            {
              place: 'systems.PORTAL.comparison',
              vietnamese: 'Cổng chỉ cho đối soát theo danh sách, đặt LIST hoặc NONE',
              english: 'the portal can be compared by lists alone, set LIST or NONE',
            },
          ]
        : []),
      ...(systemId !== 'VILIS' && callbackTimeZone !== undefined
        ? [
            {
              place: `systems.${systemId}.callbackTimeZone`,
              vietnamese: 'chỉ ViLIS có múi giờ riêng cho thông báo gửi đến',
              english: 'only ViLIS has a time zone of its own for its callbacks',
            },
          ]
        : []),
      ...Object.keys(operations)
        .filter((name) => !known.includes(name))
        .map((name) => ({
          place: `systems.${systemId}.operations`,
          vietnamese: `không có nghiệp vụ "${name}"`,
          english: `there is no operation "${name}"`,
        })),
    ]
  })
  return faults.length > 0 ? refuse(faults) : parsed.data
}

/** Each operation of each system by its name, so that what holds where the file is silent can be read (`lienthong configuration show`). */
export const withEachOperation = (told: Configuration): Configuration => {
  const ofSystem = (systemId: SystemId) => {
    const system = told.systems[systemId]
    return { ...system, operations: Object.fromEntries(OPERATIONS[systemId].map((operation) => [operation, traitsOf(system, operation)])) }
  }
  return { ...told, systems: bySystem(ofSystem) }
}

export const traitsOf = (settings: SystemConfiguration, operation: Operation): z.infer<typeof traits> =>
  settings.operations[operation] ?? traits.parse({})

/** Their declared longest processing time after a send, by transfer. */
export const maxProcessingMsOf =
  (configuration: Configuration) =>
  ({ systemId, operation }: { readonly systemId: SystemId; readonly operation: Operation }): number =>
    traitsOf(configuration.systems[systemId], operation).maxProcessingMs

export const readConfiguration = async (path: string | undefined): Promise<Configuration> =>
  parseConfiguration(path === undefined ? {} : await readConfigurationFile(path))

/** What the file says, found to make sense, with other systems in place of its own. */
export const readConfigurationWith = async (path: string | undefined, systems: unknown): Promise<Configuration> => {
  const json = path === undefined ? {} : await readConfigurationFile(path)
  parseConfiguration(json)
  return parseConfiguration({ ...(json as object), systems })
}
