import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnTwin } from '../../adapters/soap/twin/spawn-twin.js'
import type { TwinStart } from '../../adapters/soap/twin/twin.js'
import type { SystemId } from '../model/system.js'
import { type KeptTwin, keepTwin } from './kept-twin.js'

/**
 * Hệ thống thử: the counterpart systems for people who have none at hand, each a real SOAP server in a process of its own, which
 * ends with this one. They share an accelerated clock, keep their own ledgers, and call the gateway back.
 */
export interface SandboxOptions {
  /** Folder of the twins' ledgers: a restarted sandbox goes on where it was. */
  readonly folder: string
  /** Where the gateway will listen; the twins wait for it. */
  readonly gatewayUrl: string
  /** First of six ports (address and control of each twin); 0: free ones. */
  readonly firstPort: number
  /** Sandbox seconds in a real second. */
  readonly speed: number
  /** The twins work by themselves: dossiers are taken, processed and returned. */
  readonly auto: boolean
  /** Hears, in a sentence, of a twin that died; it is started again a few times (`kept-twin.ts`). */
  readonly tell: (sentence: string) => void
  /** The program ends: a twin that goes is not missed. */
  readonly isEnding: () => boolean
}

export interface Sandbox {
  /** The systems' part of a configuration file. */
  readonly configuration: { readonly systems: Record<SystemId, { readonly endpoint: string }> }
  /** Credentials under the names of the environment. */
  readonly secrets: Readonly<Record<string, string>>
  readonly twins: Readonly<Record<SystemId, KeptTwin>>
  stop(): Promise<void>
}

/** Resolves against the compiled tree: the twins run as plain programs. */
const program = (path: string): string => fileURLToPath(new URL(`../../adapters/${path}/sandbox/main.js`, import.meta.url))

const password = (): string => randomBytes(18).toString('base64url')

/** Real time between two dossiers at the desk. */
const AUTO_EVERY_MS = 2_000

export const startSandbox = async ({ folder, gatewayUrl, firstPort, speed, auto, tell, isEnding }: SandboxOptions): Promise<Sandbox> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const port = (offset: number): number => (firstPort === 0 ? 0 : firstPort + offset)
  const secrets = {
    VILIS_USERNAME: 'lienthong',
    VILIS_PASSWORD: password(),
    VILIS_INBOUND_USERNAME: 'vilis',
    VILIS_INBOUND_PASSWORD: password(),
    ONE_STOP_USERNAME: 'lienthong',
    ONE_STOP_PASSWORD: password(),
    ONE_STOP_INBOUND_USERNAME: 'motcua',
    ONE_STOP_INBOUND_PASSWORD: password(),
    PORTAL_USERNAME: 'lienthong',
    PORTAL_PASSWORD: password(),
    PORTAL_SESSION: password(),
  }
  const start = (systemId: SystemId, offset: number, settings: TwinStart['settings']): TwinStart => ({
    port: port(offset),
    controlPort: port(offset + 1),
    ledgerFile: join(folder, `${systemId.toLowerCase()}.jsonl`),
    username: 'lienthong',
    password: secrets[`${systemId}_PASSWORD`],
    speed,
    settings,
  })
  const started: KeptTwin[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((twin) => twin.stop()))
  }
  const run = async (name: string, path: string, options: TwinStart): Promise<KeptTwin> => {
    const twin = await keepTwin({ name, start: options, spawn: (from) => spawnTwin(program(path), from), tell, isEnding })
    started.push(twin)
    return twin
  }
  try {
    const [VILIS, ONE_STOP, PORTAL] = await Promise.all([
      run(
        'ViLIS',
        'vilis',
        start('VILIS', 0, {
          autoAdvance: auto,
          callbackUrl: `${gatewayUrl}/soap/vilis`,
          callbackUsername: secrets.VILIS_INBOUND_USERNAME,
          callbackPassword: secrets.VILIS_INBOUND_PASSWORD,
        }),
      ),
      run('một cửa', 'one-stop', start('ONE_STOP', 2, { auto, autoEveryMs: AUTO_EVERY_MS * Math.max(1, speed) })),
      run('cổng dịch vụ công', 'provincial/portal', start('PORTAL', 4, { session: secrets.PORTAL_SESSION })),
    ])
    return {
      configuration: {
        systems: { VILIS: { endpoint: VILIS.url }, ONE_STOP: { endpoint: ONE_STOP.url }, PORTAL: { endpoint: PORTAL.url } },
      },
      secrets,
      twins: { VILIS, ONE_STOP, PORTAL },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
