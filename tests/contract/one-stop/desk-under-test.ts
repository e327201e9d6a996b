import { createOneStopAdapter, type OneStopAdapter } from '../../../adapters/one-stop/adapter.js'
import { createOneStopTwin } from '../../../adapters/one-stop/sandbox/twin.js'
import { type TwinControl, twinControl } from '../../../adapters/soap/twin/control-client.js'
import type { RunningTwin, TwinStart } from '../../../adapters/soap/twin/twin.js'
import type { ChangePage } from '../../../src/ports/inbound.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import type { InquiryStrength } from '../../../src/ports/target-system.js'
import { blobs, keepDocument } from './bodies.js'
import { noMappings, oneStopSettings } from './settings.js'

/** A sandbox desk whose clock moves only when it is advanced, with the adapters that were made for it. */
export class DeskUnderTest {
  readonly control: TwinControl
  private readonly closing: (() => Promise<void>)[] = []

  private constructor(private readonly twin: RunningTwin) {
    this.control = twinControl(twin.controlUrl)
  }

  static async start(options: TwinStart = {}): Promise<DeskUnderTest> {
    const account = { username: 'cong-lien-thong', password: 'mat-khau-thu' }
    return new DeskUnderTest(await createOneStopTwin().start({ ...account, tickMs: 0, ...options }))
  }

  get url(): string {
    return this.twin.url
  }

  async adapt(strength: InquiryStrength = 'KEY_AND_DIGEST', changes: Partial<SystemSettings> = {}): Promise<OneStopAdapter> {
    const readDocument = (sha256: string) => Promise.resolve(blobs.get(sha256) ?? null)
    const settings = oneStopSettings(this.url, { strength, ...changes })
    const adapter = await createOneStopAdapter({ settings, mappings: noMappings, readDocument, keepDocument })
    this.atEnd(() => adapter.target.close())
    return adapter
  }

  take(overrides: Record<string, unknown> = {}): Promise<{ code: string; eventId: string; position: number }> {
    return this.control.act('takeDossier', { overrides })
  }

  async changes(after = 0n): Promise<Extract<ChangePage, { kind: 'PAGE' }>> {
    const { polled } = await this.adapt()
    const page = await polled.readChanges(after, 100)
    if (page.kind === 'FAILED') throw new Error(page.cause)
    return page
  }

  /** The writes that the desk has accepted, by its own ledger. */
  async accepted(): Promise<Readonly<Record<string, unknown>>[]> {
    return (await this.control.ledger()).deeds.filter(({ what }) => what === 'ACCEPTED').map(({ detail }) => detail)
  }

  atEnd(close: () => Promise<void>): void {
    this.closing.push(close)
  }

  async stop(): Promise<void> {
    await Promise.all(this.closing.splice(0).map((close) => close()))
    await this.twin.stop()
  }
}
