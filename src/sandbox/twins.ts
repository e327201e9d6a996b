import { fileURLToPath } from 'node:url'
import type { SystemId } from '../model/system.js'

/** The sandbox twin of each system: where its program stands, and what it is told beside its address, clock and account. */
export interface TwinRow {
  /** What people know the system by. */
  readonly name: string
  /** Its adapter's folder in `adapters/`, which holds `sandbox/main.ts`. */
  readonly folder: string
  readonly settings: (given: TwinGiven) => Readonly<Record<string, unknown>>
}

export interface TwinGiven {
  /** It works by itself. */
  readonly auto: boolean
  /** Sandbox seconds in a real second. */
  readonly speed: number
  /** Where the gateway listens. */
  readonly gatewayUrl: string
  /** Credentials under the names of the environment. */
  readonly secrets: Readonly<Record<string, string>>
}

/** Real time between two dossiers at the desk. */
const AUTO_EVERY_MS = 2_000

/** In the order of their ports: each has two, its address and its control endpoint. */
export const TWINS: Readonly<Record<SystemId, TwinRow>> = {
  VILIS: {
    name: 'ViLIS',
    folder: 'vilis',
    settings: ({ auto, gatewayUrl, secrets }) => ({
      autoAdvance: auto,
      callbackUrl: `${gatewayUrl}/soap/vilis`,
      callbackUsername: secrets.VILIS_INBOUND_USERNAME,
      callbackPassword: secrets.VILIS_INBOUND_PASSWORD,
    }),
  },
  ONE_STOP: {
    name: 'một cửa',
    folder: 'one-stop',
    settings: ({ auto, speed }) => ({ auto, autoEveryMs: AUTO_EVERY_MS * Math.max(1, speed) }),
  },
  PORTAL: {
    name: 'cổng dịch vụ công',
    folder: 'provincial/portal',
    settings: ({ secrets }) => ({ session: secrets.PORTAL_SESSION }),
  },
}

/** Resolves against the compiled tree: the twins run as plain programs. */
export const twinProgram = (systemId: SystemId): string =>
  fileURLToPath(new URL(`../../adapters/${TWINS[systemId].folder}/sandbox/main.js`, import.meta.url))
