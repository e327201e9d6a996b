import { fileURLToPath } from 'node:url'
import { OPERATIONS, type Operation } from '../../src/model/system.js'
import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import type { KeepDocument, ReadDocument } from '../../src/ports/documents.js'
import type { PolledSystem } from '../../src/ports/inbound.js'
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
import { createSoapClient, type SoapClient } from '../soap/client.js'
import { loadContract } from '../soap/contract.js'
import { describeFailure } from '../soap/fault-table.js'
import { notSentOf, outcomeOfCall } from '../soap/outcome-of.js'
import { isOneStopOperation } from './codes.js'
import { createOneStopComparison } from './comparison.js'
import { ONE_STOP_FAULTS } from './faults.js'
import type { InboundContext } from './inbound-mapping.js'
import { judgeInquiry } from './judge-inquiry.js'
import { judgeReply } from './judge-reply.js'
import { pollChanges } from './poll-changes.js'
import { type RequestContext, requestOf } from './request-mapping.js'
import type { WireInquiryReply, WireWriteReply } from './wire-types.js'

/**
 * The one-stop system (một cửa điện tử): where most land dossiers are born, and where citizens are told. Five writes go there, and
 * its changes are polled or pushed (`inbound.ts`).
 *
 * A write's life: the frozen body is mapped and its files are loaded and measured (NOT_SENT when that fails); one SOAP call; a
 * reply is judged by KetQua and MaLoi, anything else by the fault table. "Already exists" counts as accepted only when their digest
 * equals ours; where the reply does not tell it, they are inquired at once, in the same send. An inquiry reads TraCuuHoSo and
 * concludes no more than the declared strength of that operation allows.
 */
export interface OneStopAdapterOptions {
  readonly settings: SystemSettings
  /** Not consulted: this system is the source of our codes. */
  readonly mappings: Mappings
  readonly readDocument: ReadDocument
  readonly keepDocument: KeepDocument
  /** How its dossiers are compared; by digests without. */
  readonly comparison?: ComparisonSource['style']
  readonly now?: () => Date
}

export interface OneStopAdapter {
  readonly target: TargetSystem
  readonly polled: PolledSystem
  readonly comparison: ComparisonSource
}

/** The contract that this folder ships; a site may name its own in the settings. */
export const ONE_STOP_WSDL_PATH = fileURLToPath(new URL('./wsdl/mot-cua.wsdl', import.meta.url))

/** Deeper than any message of the contract. */
const MAX_DEPTH = 24
/** Of an operation that the configuration does not name: nothing is presumed, a person decides. */
const CAUTIOUS: Omit<OperationTraits, 'callDeadlineMs'> = { inquiryStrength: 'NONE', maxProcessingMs: 24 * 3_600_000 }

/** Rejects when the WSDL cannot be read: a configuration error at start. */
export async function createOneStopAdapter(options: OneStopAdapterOptions): Promise<OneStopAdapter> {
  const { settings } = options
  const client = createSoapClient({
    contract: await loadContract({ wsdlPath: settings.wsdlPath, ...(settings.wsdlPort !== undefined && { port: settings.wsdlPort }) }),
    endpoint: settings.endpoint,
    ...(settings.credentials && { security: { passwordType: 'DIGEST' as const, ...settings.credentials } }),
    timeouts: { ...settings.timeouts, totalMs: settings.readDeadlineMs },
    limits: { maxReplyBytes: settings.maxReplyBytes, maxDepth: MAX_DEPTH },
    connections: settings.connections,
    userAgent: 'lien-thong-dat-dai',
  })
  const inbound: InboundContext = {
    timeZone: settings.timeZone,
    maxAttachmentBytes: settings.maxAttachmentBytes,
    keepDocument: options.keepDocument,
  }
  return {
    target: new OneStopTarget(client, settings, { timeZone: settings.timeZone, limits: settings, readDocument: options.readDocument }),
    polled: {
      id: 'ONE_STOP',
      overlap: settings.poll.overlap,
      readChanges: (afterPosition, limit) => pollChanges(client, inbound, afterPosition, limit),
    },
    comparison: createOneStopComparison({
      client,
      timeZone: settings.timeZone,
      readDeadlineMs: settings.readDeadlineMs,
      style: options.comparison ?? 'DIGESTS',
    }),
  }
}

class OneStopTarget implements TargetSystem {
  readonly id = 'ONE_STOP'
  readonly operations: readonly Operation[]
  readonly requestsPerStep = 1

  constructor(
    private readonly client: SoapClient,
    private readonly settings: SystemSettings,
    private readonly context: RequestContext,
  ) {
    this.operations = OPERATIONS.ONE_STOP.filter((operation) => settings.operations[operation] !== undefined)
  }

  traits(operation: Operation): OperationTraits {
    return this.settings.operations[operation] ?? { ...CAUTIOUS, callDeadlineMs: this.settings.readDeadlineMs }
  }

  async check(sending: Sending): Promise<NotSent | null> {
    const request = await requestOf(sending, this.context)
    if (request.kind === 'NOT_SENT') return request
    if (!this.client.contract.operations.has(request.name)) return notInContract(request.name)
    return notSentOf('ONE_STOP', this.client.refusalOf(request.name, request.value))
  }

  async send(sending: Sending): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }> {
    const request = await requestOf(sending, this.context)
    if (request.kind === 'NOT_SENT') return { outcome: request, evidence: {} }
    if (!this.client.contract.operations.has(request.name)) return { outcome: notInContract(request.name), evidence: {} }
    const deadline = this.traits(sending.operation).callDeadlineMs
    const result = await this.client.call(request.name, request.value, {
      totalMs: deadline,
      beginBefore: sending.beginBefore,
      correlationId: sending.correlationId,
    })
    const { evidence } = result
    if (result.kind !== 'REPLY') return { outcome: outcomeOfCall(result, ONE_STOP_FAULTS), evidence }
    const judgement = judgeReply(result.value as unknown as WireWriteReply, sending)
    if (judgement.kind !== 'ASK_THEM') return { outcome: judgement, evidence }
    const asked = await this.ask(sending, deadline - result.evidence.elapsedMs)
    return { outcome: outcomeOfExisting(asked.answer), evidence: joined(evidence, asked.evidence) }
  }

  inquire(sending: Sending): Promise<{ answer: InquiryAnswer; evidence: Evidence }> {
    return this.ask(sending, this.settings.readDeadlineMs)
  }

  close(): Promise<void> {
    return this.client.close()
  }

  private async ask(sending: Sending, withinMs: number): Promise<{ answer: InquiryAnswer; evidence: Evidence }> {
    const { inquiryStrength } = this.traits(sending.operation)
    if (inquiryStrength === 'NONE' || !isOneStopOperation(sending.operation)) {
      return {
        answer: { kind: 'UNKNOWN', code: 'NO_INQUIRY', cause: 'Chưa thỏa thuận với một cửa cách tra cứu nghiệp vụ này (NONE).' },
        evidence: {},
      }
    }
    const totalMs = Math.min(withinMs, this.settings.readDeadlineMs)
    if (totalMs <= 0)
      return {
        answer: { kind: 'UNKNOWN', code: 'DEADLINE', cause: 'Hết thời hạn trước khi tra cứu được ở một cửa (DEADLINE).' },
        evidence: {},
      }
    const result = await this.client.call('TraCuuHoSo', { MaHoSo: sending.dossierCode }, { totalMs, correlationId: sending.correlationId })
    const answer: InquiryAnswer =
      result.kind === 'REPLY'
        ? judgeInquiry(
            result.value as unknown as WireInquiryReply,
            sending,
            sending.adopting || sending.anyKey ? 'FIELDS' : inquiryStrength,
            this.settings.timeZone,
          )
        : { kind: 'UNKNOWN', ...describeFailure(result, ONE_STOP_FAULTS) }
    return { answer, evidence: result.evidence }
  }
}

/** A site may name a WSDL of its own that lacks an operation: then the route has to be closed, or the WSDL replaced. */
const notInContract = (name: string): NotSent => ({
  kind: 'NOT_SENT',
  code: 'BODY_INVALID',
  reason: `Hợp đồng (WSDL) đang dùng của một cửa không có nghiệp vụ ${name}: hãy thay WSDL, hoặc chuyển tuyến này sang OBSERVE.`,
  field: 'operation',
})

const EXISTS_UNSEEN = { code: 'EXISTS_UNSEEN', cause: 'Tra cứu lại thì không thấy.' }

/** They said "đã tồn tại" and were asked at once what exactly. */
function outcomeOfExisting(answer: InquiryAnswer): DeliveryOutcome {
  if (answer.kind === 'SAME') {
    return { kind: 'ACCEPTED', alreadyHad: true, ...(answer.externalRef === undefined ? {} : { externalRef: answer.externalRef }) }
  }
  if (answer.kind === 'DIFFERENT') return { ...answer, kind: 'CONFLICT' }
  const { code, cause } = answer.kind === 'UNKNOWN' ? answer : EXISTS_UNSEEN
  return { kind: 'INDETERMINATE', code, cause: `Một cửa báo đã tồn tại. ${cause}` }
}

/** The sending with, behind its reply, the reply of the inquiry that followed. */
function joined(sent: Evidence, asked: Evidence): Evidence {
  const texts = [sent.responseText, asked.responseText].filter((text) => text !== undefined)
  return { ...sent, responseText: texts.join('\n'), elapsedMs: (sent.elapsedMs ?? 0) + (asked.elapsedMs ?? 0) }
}
