import { createOneStopAdapter, ONE_STOP_WSDL_PATH } from '../adapters/one-stop/adapter.js'
import { createOneStopInbound } from '../adapters/one-stop/inbound.js'
import { ONE_STOP_FIELDS } from '../adapters/one-stop/shown-fields.js'
import { createPortalAdapter, PORTAL_WSDL } from '../adapters/provincial/portal/adapter.js'
import { PORTAL_FIELDS } from '../adapters/provincial/portal/shown-fields.js'
import { showEvidence } from '../adapters/soap/show-evidence.js'
import type { ShownFields } from '../adapters/soap/shown-fields.js'
import { createVilisAdapter, VILIS_WSDL_PATH } from '../adapters/vilis/adapter.js'
import { createVilisInbound } from '../adapters/vilis/inbound.js'
import { VILIS_FIELDS } from '../adapters/vilis/shown-fields.js'
import { type Configuration } from './config/config.js'
import { ConfigurationError } from './config/configuration-error.js'
import { settingsOf } from './config/system-settings.js'
import { SYSTEM_IDS, type SystemId } from './model/system.js'
import type { ComparisonSource } from './ports/comparison-source.js'
import type { KeepDocument, ReadDocument } from './ports/documents.js'
import type { InboundEndpoint, PolledSystem, ReceiveInbound } from './ports/inbound.js'
import type { LandRegistry } from './ports/land-registry.js'
import type { Mappings } from './ports/mappings.js'
import type { ShowEvidence } from './ports/show-evidence.js'
import type { TargetSystem } from './ports/target-system.js'

/**
 * Các hệ thống liên thông: the adapters, built from configuration. The only file of the product that imports `adapters/`: a further system is
 * named in `model/system.ts`, has its folder, and is built here.
 */
export interface ForeignSystems {
  readonly targets: ReadonlyMap<SystemId, TargetSystem>
  readonly polled: readonly PolledSystem[]
  readonly landRegistry: LandRegistry
  /** Of the systems that are compared (`systems.X.comparison`). */
  readonly comparisonSources: ReadonlyMap<SystemId, ComparisonSource>
  /** The SOAP services that the systems call at the gateway. */
  inboundEndpoints(inbox: InboundPorts): Promise<InboundEndpoint[]>
  close(): Promise<void>
}

/** Where the inbound services hand on what they are told. */
export interface InboundPorts {
  readonly receive: ReceiveInbound
  /** Keeps what was answered "refused" because it cannot be read. */
  readonly keepUnreadable: (row: UnreadableCallback) => Promise<void>
  /** Whether a nonce was used before, at any gateway. */
  readonly nonceSeen: (nonce: string, expiresAtMs: number) => Promise<boolean>
}

export interface UnreadableCallback {
  readonly source: SystemId
  readonly channel: 'CALLBACK'
  readonly operation: string
  readonly reason: string
  readonly raw: string
  readonly correlationId: string
}

export interface ForeignSystemsOptions {
  readonly configuration: Configuration
  readonly secrets: Readonly<Record<string, string | undefined>>
  readonly mappings: Mappings
  readonly readDocument: ReadDocument
  readonly keepDocument: KeepDocument
  /** How far ahead of ours the systems' clocks may be. */
  readonly clockToleranceMs: number
}

const SHOWN_FIELDS: Record<SystemId, ShownFields> = { ONE_STOP: ONE_STOP_FIELDS, VILIS: VILIS_FIELDS, PORTAL: PORTAL_FIELDS }

/** Also of a system that is switched off now: its attempts are kept. */
export const showEvidenceOf: ShowEvidence = (systemId, text, how) => showEvidence(text, SHOWN_FIELDS[systemId], how)

/** A registry that is switched off: its parts of an answer are null, with this reason. */
const noRegistry: LandRegistry = {
  batchLimit: 1,
  readParcels: async () => ({ kind: 'FAILED', cause: 'Chưa nối với hệ thống đất đai.', why: 'NOT_CONNECTED', shows: 'SILENT' }),
  readCertificates: async () => ({ kind: 'FAILED', cause: 'Chưa nối với hệ thống đất đai.', why: 'NOT_CONNECTED', shows: 'SILENT' }),
}

export const openForeignSystems = async (options: ForeignSystemsOptions): Promise<ForeignSystems> => {
  const { configuration, secrets, mappings, readDocument, keepDocument } = options
  const settings = (systemId: SystemId, wsdl: string) =>
    configuration.systems[systemId].enabled ? settingsOf(configuration, secrets, systemId, wsdl) : undefined
  const vilisSettings = settings('VILIS', VILIS_WSDL_PATH)
  const oneStopSettings = settings('ONE_STOP', ONE_STOP_WSDL_PATH)
  const portalSettings = settings('PORTAL', PORTAL_WSDL)

  const { comparison: withVilis } = configuration.systems.VILIS
  const { comparison: withOneStop } = configuration.systems.ONE_STOP
  const shared = { mappings, readDocument, keepDocument }
  const vilis =
    vilisSettings &&
    (await createVilisAdapter({
      settings: vilisSettings,
      clockToleranceMs: options.clockToleranceMs,
      ...shared,
      ...(withVilis !== 'NONE' && { comparison: withVilis }),
    }))
  const oneStop =
    oneStopSettings &&
    (await createOneStopAdapter({ settings: oneStopSettings, ...shared, ...(withOneStop !== 'NONE' && { comparison: withOneStop }) }))
  const portal =
    portalSettings &&
    (await createPortalAdapter({
      settings: portalSettings,
      readDocument,
      exchange: configuration.exchange,
      account: { session: secrets.PORTAL_SESSION ?? '', agencyCode: configuration.exchange.client.memberCode },
      sector: { code: 'G13-DD01', name: 'Đất đai' },
    }))

  const targets = [vilis?.target, oneStop?.target, portal?.target].filter((target) => target !== undefined)
  for (const systemId of SYSTEM_IDS)
    if (configuration.systems[systemId].enabled && !targets.some(({ id }) => id === systemId))
      throw new ConfigurationError(
        `Hệ thống ${systemId} được bật mà không có bộ chuyển đổi nào: hãy dựng nó trong foreign-systems.ts.`,
        `The system ${systemId} is switched on and has no adapter: build it in foreign-systems.ts.`,
      )
  const compared = [vilis?.comparison, oneStop?.comparison, portal?.comparison].filter(
    (source) => source !== undefined && configuration.systems[source.id].comparison !== 'NONE',
  ) as ComparisonSource[]
  return {
    targets: new Map(targets.map((target) => [target.id, target])),
    polled: [vilis?.polled, oneStop?.polled].filter((system) => system !== undefined),
    landRegistry: vilis?.registry ?? noRegistry,
    comparisonSources: new Map(compared.map((source) => [source.id, source])),
    inboundEndpoints: async (inbox) => {
      const endpoints: InboundEndpoint[] = []
      if (vilisSettings?.inboundCredentials && configuration.systems.VILIS.callbacks)
        endpoints.push(
          await createVilisInbound({
            settings: vilisSettings,
            mappings,
            keepDocument,
            ...inbox,
            onUnreadable: ({ field: _field, ...row }) => inbox.keepUnreadable({ ...row, source: 'VILIS', channel: 'CALLBACK' }),
          }),
        )
      if (oneStopSettings?.inboundCredentials && configuration.systems.ONE_STOP.callbacks)
        endpoints.push(await createOneStopInbound({ settings: oneStopSettings, keepDocument, ...inbox }))
      return endpoints
    },
    close: async () => {
      await Promise.all(targets.map((target) => target.close()))
    },
  }
}
