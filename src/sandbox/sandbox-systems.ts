import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { spawnTwin } from '../../adapters/soap/twin/spawn-twin.js'
import type { RunningTwin } from '../../adapters/soap/twin/twin.js'
import type { SystemId } from '../model/system.js'
import { StartError } from '../platform/start-error.js'
import { freePort } from './free-port.js'
import { keepTwin } from './kept-twin.js'
import { TWINS, twinProgram } from './twins.js'

/**
 * Hệ thống thử: the counterpart systems for people who have none at hand, each a real SOAP server in a process of its own, which
 * ends with this one. They share an accelerated clock, keep their own ledgers, and call the gateway back.
 */
export interface SandboxOptions {
  /** Folder of the twins' ledgers: a restarted sandbox goes on where it was. */
  readonly folder: string
  /** Where the gateway will listen; the twins wait for it. */
  readonly gatewayUrl: string
  /** First of their ports (address and control of each twin); 0: free ones. */
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
  readonly twins: Readonly<Record<SystemId, RunningTwin>>
  stop(): Promise<void>
}

const password = (): string => randomBytes(18).toString('base64url')

const SANDBOX_IDS = Object.keys(TWINS) as SystemId[]

/** Of the twins, which listen on loopback, beside a gateway on `gatewayPort`; said in one sentence before anything has been started. */
export const refuseTakenPorts = async (firstPort: number, gatewayPort: number): Promise<void> => {
  if (firstPort === 0) return
  const endPort = firstPort + 2 * SANDBOX_IDS.length
  if (gatewayPort >= firstPort && gatewayPort < endPort)
    throw new StartError(
      `Cổng ${gatewayPort} của cổng tích hợp (PORT) nằm trong các cổng ${firstPort}-${endPort - 1} của hệ thống mô phỏng (SANDBOX_PORT): hãy đặt một trong hai khác đi.`,
      `Port ${gatewayPort} of the gateway (PORT) is among the ports ${firstPort}-${endPort - 1} of the sandbox systems (SANDBOX_PORT): set another one of the two.`,
    )
  for (let port = firstPort; port < endPort; port += 1) await freePort('127.0.0.1', port, 'SANDBOX_PORT')
}

export const startSandbox = async ({ folder, gatewayUrl, firstPort, speed, auto, tell, isEnding }: SandboxOptions): Promise<Sandbox> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const accounts = SANDBOX_IDS.map((id) => ({
    [`${id}_USERNAME`]: 'lienthong',
    [`${id}_PASSWORD`]: password(),
    [`${id}_INBOUND_USERNAME`]: id.toLowerCase(),
    [`${id}_INBOUND_PASSWORD`]: password(),
  }))
  const secrets: Readonly<Record<string, string>> = Object.assign({ PORTAL_SESSION: password() }, ...accounts)
  const started: RunningTwin[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((twin) => twin.stop()))
  }
  const run = async (id: SystemId, index: number): Promise<readonly [SystemId, RunningTwin]> => {
    const { name, settings } = TWINS[id]
    const port = firstPort === 0 ? 0 : firstPort + 2 * index
    const twin = await keepTwin({
      name,
      start: {
        port,
        controlPort: port === 0 ? 0 : port + 1,
        ledgerFile: join(folder, `${id.toLowerCase()}.jsonl`),
        username: 'lienthong',
        password: secrets[`${id}_PASSWORD`],
        speed,
        settings: settings({ auto, speed, gatewayUrl, secrets }),
      },
      spawn: (from) => spawnTwin(twinProgram(id), from),
      tell,
      isEnding,
    })
    started.push(twin)
    return [id, twin]
  }
  try {
    const twins = Object.fromEntries(await Promise.all(SANDBOX_IDS.map(run))) as Record<SystemId, RunningTwin>
    const systems = Object.fromEntries(SANDBOX_IDS.map((id) => [id, { endpoint: twins[id].url }])) as Record<SystemId, { endpoint: string }>
    return { configuration: { systems }, secrets, twins, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
