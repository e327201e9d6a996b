import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TwinControl, twinControl } from '../../adapters/soap/twin/control-client.js'
import { SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import { readSandboxAccess } from '../../src/sandbox/sandbox-access.js'
import type { ServedConsole } from './console-page.js'
import { startProgram } from './program.js'
import { until } from './until.js'

/**
 * All that `npm start` starts, as the processes that it really starts: its embedded database, the three sandbox systems, gateway and worker. Nothing is reached past
 * them: people are at the console with the tokens that were printed, and the sandbox is told what happens at its control addresses. Its clock is real, its desk does nothing by itself.
 */
export interface StartedStack extends ServedConsole {
  readonly twins: Readonly<Record<SystemId, TwinControl>>
  /** Ctrl-C; the exit code. */
  stop(): Promise<number | null>
}

/** Several programs and a new database: on a busy machine they take minutes, and one that cannot start ends. */
const START_MS = 500_000

export const startStack = async (configuration: Readonly<Record<string, unknown>>): Promise<StartedStack> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-start-'))
  // PostgreSQL runs as another account when the tests run as root.
  await chmod(stateDir, 0o711)
  const file = join(stateDir, 'lienthong.json')
  await writeFile(file, JSON.stringify(configuration))
  const program = startProgram('start', { STATE_DIR: stateDir, LIENTHONG_CONFIG: file, PORT: '0', SANDBOX_SPEED: '1' })
  let ended = false
  void program.ended.then(() => {
    ended = true
  })
  const stop = async (): Promise<number | null> => {
    const code = await program.signal('SIGTERM')
    await rm(stateDir, { recursive: true, force: true })
    return code
  }
  try {
    const access = await until(
      'npm start has started all',
      async () => {
        if (ended) throw new Error(`npm start ended: ${program.everything()}`)
        return (await readSandboxAccess(stateDir).catch(() => null)) ?? undefined
      },
      START_MS,
      async () => program.everything(),
    )
    const controlOf = (id: SystemId): TwinControl => twinControl(access.controls[id] ?? '')
    const twins = Object.fromEntries(SYSTEM_IDS.map((id) => [id, controlOf(id)])) as Record<SystemId, TwinControl>
    await twins.ONE_STOP.set({ auto: false })
    return { url: new URL(access.url).origin, token: async (role) => access.tokens[role] ?? '', twins, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
