import { fileURLToPath } from 'node:url'
import { OPERATIONS } from '../../../src/model/system.js'
import type { SyncDossierBody, SyncProgressBody } from '../../../src/model/transfer-body.js'
import type { ComparisonSource } from '../../../src/ports/comparison-source.js'
import type { ReadDocument } from '../../../src/ports/documents.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import type {
  DeliveryOutcome,
  Evidence,
  InquiryAnswer,
  NotSent,
  OperationTraits,
  Sending,
  TargetSystem,
} from '../../../src/ports/target-system.js'
import { createSoapClient, type SoapClient } from '../../soap/client.js'
import { loadContract } from '../../soap/contract.js'
import { type DocumentUrl, prepareFiles } from './attachments.js'
import { type Asked, judgeDossier, judgeProgress } from './compare.js'
import { createPortalComparison } from './comparison.js'
import { mapped, type Sector, toHoSo, toTienDo } from './mapping.js'
import { type PortalAccount, PortalCalls, type PortalExchange } from './portal-calls.js'
import { readRecord } from './read-record.js'
import { writeDossier } from './write-dossier.js'
import { writeProgress } from './write-progress.js'

/**
 * Cổng dịch vụ công: the provincial or national public-service portal, spoken to in SOAP over the exchange platform (VDXP, X-Road).
 *
 * A dossier is looked up (TraCuuHoSo) and then written once (DongBoHoSoMC, as an insert or as an update by what was found); a progress
 * line is written at once (CapNhatTienDoHoSoMC), for the dossier was synchronised before it. Up to four calls of one sending share one
 * deadline. A look-up changes nothing, so its failure before the write leaves the sending UNAVAILABLE; from the first byte of a write
 * on, what is not readable is INDETERMINATE. The same look-up is the inquiry, read per operation in `compare.ts`.
 */
export interface PortalOptions {
  readonly settings: SystemSettings
  readonly readDocument: ReadDocument
  readonly exchange: PortalExchange
  readonly account: PortalAccount
  /** Lĩnh vực; without it both of its fields go out empty. */
  readonly sector?: Sector
  /** Where the portal may load files: they travel by URL then, as the public contract has it, and else within the message. */
  readonly documentUrl?: DocumentUrl
}

export const PORTAL_WSDL = fileURLToPath(new URL('./wsdl/cong-dich-vu-cong.wsdl', import.meta.url))

const MAX_DEPTH = 32

/** Throws when the WSDL cannot be read: a configuration error at start. */
export async function createPortalAdapter(options: PortalOptions): Promise<{ target: TargetSystem; comparison: ComparisonSource }> {
  const { settings } = options
  const contract = await loadContract({ wsdlPath: settings.wsdlPath, ...(settings.wsdlPort !== undefined && { port: settings.wsdlPort }) })
  const client = createSoapClient({
    contract,
    endpoint: settings.endpoint,
    ...(settings.credentials && { security: { passwordType: 'DIGEST' as const, ...settings.credentials } }),
    timeouts: { ...settings.timeouts, totalMs: settings.readDeadlineMs },
    limits: { maxReplyBytes: settings.maxReplyBytes, maxDepth: MAX_DEPTH },
    connections: settings.connections,
    userAgent: 'lien-thong-dat-dai',
  })
  return { target: new PortalTarget(options, client), comparison: createPortalComparison(client, options) }
}

class PortalTarget implements TargetSystem {
  readonly id = 'PORTAL'
  readonly operations: TargetSystem['operations']
  /** Looked up first, then written. */
  readonly requestsPerStep = 2

  constructor(
    private readonly options: PortalOptions,
    private readonly client: SoapClient,
  ) {
    this.operations = OPERATIONS.PORTAL.filter((operation) => options.settings.operations[operation] !== undefined)
  }

  /** Throws for an operation that the settings do not describe: a configuration error. */
  traits(operation: Sending['operation']): OperationTraits {
    const traits = this.options.settings.operations[operation]
    if (!traits) throw new Error(`PORTAL has no settings for ${operation}`)
    return traits
  }

  async check(sending: Sending): Promise<NotSent | null> {
    const { body } = sending
    if (body.operation === 'SYNC_DOSSIER') {
      const prepared = await this.prepareDossier(this.asked(sending, body))
      return 'kind' in prepared ? prepared : null
    }
    if (body.operation !== 'SYNC_PROGRESS') return foreignOperation(body.operation)
    const step = mapped(() => toTienDo(this.asked(sending, body)))
    return 'kind' in step ? step : null
  }

  async send(sending: Sending): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }> {
    const { body } = sending
    if (body.operation === 'SYNC_DOSSIER') return this.sendDossier(sending, body)
    if (body.operation === 'SYNC_PROGRESS') return this.sendProgress(sending, body)
    return { outcome: foreignOperation(body.operation), evidence: {} }
  }

  async inquire(sending: Sending): Promise<{ answer: InquiryAnswer; evidence: Evidence }> {
    const { body } = sending
    const { inquiryStrength } = this.traits(sending.operation)
    if (inquiryStrength === 'NONE')
      return {
        answer: { kind: 'UNKNOWN', code: 'NO_INQUIRY', cause: 'Chưa thỏa thuận với Cổng dịch vụ công cách tra cứu nghiệp vụ này (NONE).' },
        evidence: {},
      }
    const calls = this.callsFor(sending, this.options.settings.readDeadlineMs)
    const found = readRecord(await calls.lookUp(calls.leftMs), sending.dossierCode)
    const evidence = calls.evidence()
    if (found.kind === 'FAILED') return { answer: { kind: 'UNKNOWN', code: found.code, cause: found.cause }, evidence }
    if (body.operation === 'SYNC_DOSSIER') return { answer: judgeDossier(this.asked(sending, body), found.record), evidence }
    if (body.operation === 'SYNC_PROGRESS') return { answer: judgeProgress(this.asked(sending, body), found.record), evidence }
    return {
      answer: { kind: 'UNKNOWN', code: 'FOREIGN_OPERATION', cause: `Cổng dịch vụ công không có nghiệp vụ ${body.operation}.` },
      evidence,
    }
  }

  close(): Promise<void> {
    return this.client.close()
  }

  private async sendDossier(sending: Sending, body: SyncDossierBody): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }> {
    const asked = this.asked(sending, body)
    const record = await this.prepareDossier(asked)
    if ('kind' in record) return { outcome: record, evidence: {} }
    const calls = this.callsFor(sending, this.traits(sending.operation).callDeadlineMs)
    const outcome = await writeDossier(calls, asked, record, this.options.settings.readDeadlineMs)
    return { outcome, evidence: calls.evidence() }
  }

  private async prepareDossier(asked: Asked<SyncDossierBody>): Promise<ReturnType<typeof toHoSo> | NotSent> {
    const { settings, readDocument, documentUrl, sector } = this.options
    const { dossier, results } = asked.body
    const files = await prepareFiles(dossier.documents, results, { readDocument, limits: settings, ...(documentUrl && { documentUrl }) })
    return 'kind' in files ? files : mapped(() => toHoSo(asked, files, sector))
  }

  private async sendProgress(sending: Sending, body: SyncProgressBody): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }> {
    const asked = this.asked(sending, body)
    const step = mapped(() => toTienDo(asked))
    if ('kind' in step) return { outcome: step, evidence: {} }
    const calls = this.callsFor(sending, this.traits(sending.operation).callDeadlineMs)
    const outcome = await writeProgress(calls, asked, step)
    return { outcome, evidence: calls.evidence() }
  }

  private asked<B>(sending: Sending, body: B): Asked<B> {
    const { timeZone } = this.options.settings
    return {
      sending,
      body,
      timeZone,
      strength: sending.adopting || sending.anyKey ? 'FIELDS' : this.traits(sending.operation).inquiryStrength,
    }
  }

  private callsFor(sending: Sending, totalMs: number): PortalCalls {
    return new PortalCalls(this.client, this.options, sending, totalMs)
  }
}

const foreignOperation = (operation: string): NotSent => ({
  kind: 'NOT_SENT',
  code: 'BODY_INVALID',
  reason: `Cổng dịch vụ công không có nghiệp vụ ${operation}.`,
  field: 'operation',
})
