import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TwinControl, twinControl } from '../../adapters/soap/twin/control-client.js'
import type { RunningTwin, TwinStart } from '../../adapters/soap/twin/twin.js'
import { createVilisAdapter } from '../../adapters/vilis/adapter.js'
import { createVilisInbound } from '../../adapters/vilis/inbound.js'
import { createVilisTwin } from '../../adapters/vilis/sandbox/twin.js'
import type { InboundMessage } from '../../src/model/inbound.js'
import type { InboundEndpoint, InboundReceipt } from '../../src/ports/inbound.js'
import type { InquiryStrength } from '../../src/ports/target-system.js'
import { CREDENTIALS, documentStore, mappings, readDocument, settings } from '../unit/vilis/fixtures.js'

type Adapter = Awaited<ReturnType<typeof createVilisAdapter>>
type AdapterOptions = Parameters<typeof createVilisAdapter>[0]

/** ViLIS's twin and our adapter before it over real SOAP, without a gateway. Whatever is opened here is closed by `close`. */
export class VilisSide {
  private readonly closers: (() => Promise<unknown>)[] = []

  private constructor(
    readonly twin: ReturnType<typeof createVilisTwin>,
    readonly running: RunningTwin,
    readonly control: TwinControl,
  ) {
    this.closers.push(() => running.stop())
  }

  static async open(options: TwinStart = {}): Promise<VilisSide> {
    const twin = createVilisTwin()
    const running = await twin.start({ ...CREDENTIALS, tickMs: 0, speed: 0, ...options })
    twin.clock.catchUpWith(new Date('2026-11-22T00:00:00.000Z'))
    return new VilisSide(twin, running, twinControl(running.controlUrl))
  }

  adapterFor(strength: InquiryStrength = 'KEY_AND_DIGEST', wsdlPort = 'ViLISSoap'): Promise<Adapter> {
    return this.adapter({ settings: { ...settings(this.running.url, strength), wsdlPort } })
  }

  async adapter(options: Partial<AdapterOptions>): Promise<Adapter> {
    const { keepDocument } = documentStore()
    const adapter = await createVilisAdapter({
      settings: settings(this.running.url),
      mappings: mappings(),
      readDocument,
      keepDocument,
      ...options,
    })
    this.closers.push(() => adapter.target.close())
    return adapter
  }

  /** What the twin has accepted, as its ledger tells it. */
  accepted() {
    return this.twin.ledger.deeds.filter(({ what }) => what === 'ACCEPTED').map(({ detail }) => detail)
  }

  /** The gateway's side of the callbacks: the endpoint on real HTTP before a receiver of the test's. */
  async gateway(receive: (message: InboundMessage) => Promise<InboundReceipt>): Promise<string> {
    const { keepDocument } = documentStore()
    const endpoint = await createVilisInbound({ settings: settings('http://unused'), mappings: mappings(), keepDocument, receive })
    return `http://127.0.0.1:${await this.listen(endpoint)}${endpoint.path}`
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close()
  }

  /** A plain HTTP server before the endpoint, as the gateway mounts it. */
  private async listen(endpoint: InboundEndpoint): Promise<number> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        endpoint.handle({ headers: request.headers, body: Buffer.concat(chunks) }).then(
          ({ status, headers, body }) => response.writeHead(status, headers).end(body),
          (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
        )
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.closers.push(
      () =>
        new Promise((resolve) => {
          server.closeAllConnections()
          server.close(resolve)
        }),
    )
    return (server.address() as AddressInfo).port
  }
}
