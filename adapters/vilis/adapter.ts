import { fileURLToPath } from 'node:url'
import { OPERATIONS, type Operation } from '../../src/model/system.js'
import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import type { KeepDocument, ReadDocument } from '../../src/ports/documents.js'
import type { PolledSystem } from '../../src/ports/inbound.js'
import type { LandRegistry } from '../../src/ports/land-registry.js'
import type { Mappings } from '../../src/ports/mappings.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import type {
  DeliveryOutcome,
  Evidence,
  InquiryAnswer,
  NotSent,
  OperationTraits,
  Sending,
  TargetSystem,
} from '../../src/ports/target-system.js'
import { type CallEvidence, createSoapClient, type SoapClient } from '../soap/client.js'
import { loadContract } from '../soap/contract.js'
import { describeFailure } from '../soap/fault-table.js'
import { notSentOf, outcomeOfCall } from '../soap/outcome-of.js'
import { Codes } from './codes.js'
import { createVilisComparison } from './comparison.js'
import { VILIS_FAULTS } from './faults.js'
import { judgeInquiry } from './inquiry.js'
import { NotSendable } from './not-sendable.js'
import { createVilisPolled } from './polled.js'
import { createVilisRegistry } from './registry.js'
import { toWireRequest, type VilisBody, vilisBody } from './request-mapping.js'
import type { InquiryReply, WriteReply } from './wire-replies.js'
import type { WireZones } from './wire-times.js'
import { judgeWriteReply } from './write-reply.js'

/**
 * ViLIS, the land registry's software, over its (modelled) SOAP contract `wsdl/vilis.wsdl`.
 *
 * A sending goes through four steps, and each can end it: the frozen body is put into ViLIS's words (NOT_SENT when a mapping or a
 * file is missing); it is called once; what is no reply becomes an outcome by the table in `faults.ts`; a reply is judged by
 * `write-reply.ts`. Only "đã tồn tại" without a digest leads to a second call, a read, within the same deadline. Whether ViLIS has an
 * operation is judged in `inquiry.ts`. What ViLIS tells us, by callback (`inbound.ts`) or by poll (`polled.ts`), is read by one and
 * the same code, `inbound-mapping.ts`; parcels and certificates are read live by `registry.ts`.
 */
export interface VilisOptions {
  readonly settings: SystemSettings
  readonly mappings: Mappings
  readonly readDocument: ReadDocument
  readonly keepDocument: KeepDocument
  /** How its dossiers are compared; by digests without. */
  readonly comparison?: ComparisonSource['style']
  readonly now?: () => Date
  /** How far ahead of ours its clock may be in what it tells of its land book; without bound when left out. */
  readonly clockToleranceMs?: number
}

/** The WSDL that ships with this adapter, for `SystemSettings.wsdlPath`. */
export const VILIS_WSDL_PATH = fileURLToPath(new URL('./wsdl/vilis.wsdl', import.meta.url))

const REPLY_DEPTH = 32

/** Rejects when the WSDL cannot be used. */
export async function createVilisAdapter(
  options: VilisOptions,
): Promise<{ target: TargetSystem; polled: PolledSystem; registry: LandRegistry; comparison: ComparisonSource }> {
  const { settings } = options
  const { timeouts } = settings
  const contract = await loadContract({ wsdlPath: settings.wsdlPath, ...(settings.wsdlPort !== undefined && { port: settings.wsdlPort }) })
  const client = createSoapClient({
    contract,
    endpoint: settings.endpoint,
    ...(settings.credentials && { security: { passwordType: 'DIGEST', ...settings.credentials } }),
    timeouts: { ...timeouts, totalMs: settings.readDeadlineMs },
    limits: { maxReplyBytes: settings.maxReplyBytes, maxDepth: REPLY_DEPTH },
    connections: settings.connections,
    userAgent: 'lien-thong-dat-dai',
  })
  const codes = new Codes(options.mappings)
  const zones = wireZones(settings)
  return {
    target: new VilisTarget(options, client, codes, zones),
    polled: createVilisPolled({ client, settings, codes, zones, keepDocument: options.keepDocument }),
    registry: createVilisRegistry({
      client,
      codes,
      zones,
      readDeadlineMs: settings.readDeadlineMs,
      now: options.now ?? (() => new Date()),
      clockToleranceMs: options.clockToleranceMs ?? Number.MAX_SAFE_INTEGER,
    }),
    comparison: createVilisComparison({
      client,
      codes,
      zones,
      readDeadlineMs: settings.readDeadlineMs,
      style: options.comparison ?? 'DIGESTS',
    }),
  }
}

export const wireZones = ({ timeZone, callbackTimeZone = 'UTC' }: Pick<SystemSettings, 'timeZone' | 'callbackTimeZone'>): WireZones => ({
  LOCAL: timeZone,
  CALLBACK: callbackTimeZone,
})

const UNDECLARED: OperationTraits = { inquiryStrength: 'NONE', maxProcessingMs: 24 * 60 * 60_000, callDeadlineMs: 30_000 }

class VilisTarget implements TargetSystem {
  readonly id = 'VILIS'
  readonly operations: readonly Operation[]
  readonly requestsPerStep = 1

  constructor(
    private readonly options: VilisOptions,
    private readonly client: SoapClient,
    private readonly codes: Codes,
    private readonly zones: WireZones,
  ) {
    this.operations = OPERATIONS.VILIS.filter((operation) => options.settings.operations[operation] !== undefined)
  }

  /** What a site has not declared is taken for the worst: no inquiry, a day of processing. */
  traits(operation: Operation): OperationTraits {
    return this.options.settings.operations[operation] ?? UNDECLARED
  }

  async check(sending: Sending): Promise<NotSent | null> {
    const body = vilisBody(sending)
    if (body === null) return notSendable(foreignOperation(sending.operation))
    const request = await this.prepare(sending, body)
    if (request instanceof NotSendable) return notSendable(request)
    return notSentOf('VILIS', this.client.refusalOf(request.operation, request.fields))
  }

  async send(sending: Sending): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }> {
    const body = vilisBody(sending)
    if (body === null) return { outcome: notSendable(foreignOperation(sending.operation)), evidence: {} }
    const request = await this.prepare(sending, body)
    if (request instanceof NotSendable) return { outcome: notSendable(request), evidence: {} }
    const deadline = this.traits(sending.operation).callDeadlineMs
    const result = await this.client.call(request.operation, request.fields, {
      totalMs: deadline,
      beginBefore: sending.beginBefore,
      correlationId: sending.correlationId,
    })
    const { evidence } = result
    if (result.kind !== 'REPLY') return { outcome: outcomeOfCall(result, VILIS_FAULTS), evidence }
    const verdict = judgeWriteReply(result.value as unknown as WriteReply, sending, body)
    if (verdict.kind !== 'EXISTS_UNTOLD') return { outcome: verdict, evidence }
    const left = deadline - result.evidence.elapsedMs
    const asked = await this.ask(sending, body, left)
    return { outcome: outcomeOfExisting(asked.answer, verdict.externalRef), evidence: joined(evidence, asked.evidence) }
  }

  async inquire(sending: Sending): Promise<{ answer: InquiryAnswer; evidence: Evidence }> {
    const body = vilisBody(sending)
    if (body === null)
      return { answer: { kind: 'UNKNOWN', code: 'FOREIGN_OPERATION', cause: foreignOperation(sending.operation).reason }, evidence: {} }
    return this.ask(sending, body, this.options.settings.readDeadlineMs)
  }

  close(): Promise<void> {
    return this.client.close()
  }

  private async prepare(sending: Sending, body: VilisBody): Promise<Awaited<ReturnType<typeof toWireRequest>> | NotSendable> {
    try {
      const { settings, readDocument } = this.options
      return await toWireRequest(sending, body, { settings, readDocument, codes: this.codes })
    } catch (error) {
      if (error instanceof NotSendable) return error
      throw error
    }
  }

  private async ask(sending: Sending, body: VilisBody, withinMs: number): Promise<{ answer: InquiryAnswer; evidence: Evidence }> {
    const agreed = this.traits(sending.operation).inquiryStrength
    if (agreed === 'NONE')
      return {
        answer: { kind: 'UNKNOWN', code: 'NO_INQUIRY', cause: 'Chưa thỏa thuận với ViLIS cách tra cứu nghiệp vụ này (NONE).' },
        evidence: {},
      }
    const totalMs = Math.min(withinMs, this.options.settings.readDeadlineMs)
    if (totalMs <= 0)
      return {
        answer: { kind: 'UNKNOWN', code: 'DEADLINE', cause: 'Hết thời hạn trước khi tra cứu được ở ViLIS (DEADLINE).' },
        evidence: {},
      }
    const fields = { SoBienNhan: sending.dossierCode }
    const result = await this.client.call('TraCuuHoSo', fields, { totalMs, correlationId: sending.correlationId })
    if (result.kind !== 'REPLY') return { answer: { kind: 'UNKNOWN', ...describeFailure(result, VILIS_FAULTS) }, evidence: result.evidence }
    const reply = result.value as unknown as InquiryReply
    const answer = await judgeInquiry(reply, sending, body, sending.adopting ? 'FIELDS' : agreed, { codes: this.codes, zones: this.zones })
    return { answer, evidence: result.evidence }
  }
}

const foreignOperation = (operation: Operation): NotSendable =>
  new NotSendable('BODY_INVALID', `Nghiệp vụ ${operation} không phải của ViLIS.`, 'operation')

const notSendable = ({ code, reason, field }: NotSendable): NotSent => ({
  kind: 'NOT_SENT',
  code,
  reason,
  ...(field !== undefined && { field }),
})

/** They said "đã tồn tại" and were asked at once what exactly. */
function outcomeOfExisting(answer: InquiryAnswer, toldRef: string | undefined): DeliveryOutcome {
  switch (answer.kind) {
    case 'SAME': {
      const externalRef = answer.externalRef ?? toldRef
      return { kind: 'ACCEPTED', alreadyHad: true, ...(externalRef !== undefined && { externalRef }) }
    }
    case 'DIFFERENT':
      return { ...answer, kind: 'CONFLICT' }
    case 'ABSENT':
      return { kind: 'INDETERMINATE', code: 'EXISTS_UNSEEN', cause: 'ViLIS báo đã tồn tại nhưng tra cứu thì không thấy.' }
    case 'UNKNOWN':
      return { kind: 'INDETERMINATE', code: answer.code, cause: `ViLIS báo đã tồn tại. ${answer.cause}` }
  }
}

/** The sending with, behind its reply, the reply of the inquiry that followed. */
function joined(sent: CallEvidence, asked: Evidence): Evidence {
  const texts = [sent.responseText, asked.responseText].filter((text) => text !== undefined)
  return { ...sent, responseText: texts.join('\n'), elapsedMs: sent.elapsedMs + (asked.elapsedMs ?? 0) }
}
