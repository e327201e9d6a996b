import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { TwinReady } from './process.js'
import type { TwinStart } from './twin.js'

export interface SpawnedTwin extends TwinReady {
  readonly pid: number
  /** The exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>
  /** Lets it finish and waits until it has gone. */
  stop(): Promise<void>
  /** SIGKILL, and waits until it has gone. */
  kill(): Promise<void>
}

/**
 * Starts the program at `entry` (one that calls `runTwinProcess`) as a child and waits until it answers. Rejects when it exits
 * before. The child's standard error is ours; it ends by itself when this process ends, in whatever way.
 */
export async function spawnTwin(entry: string, start: TwinStart = {}): Promise<SpawnedTwin> {
  const child = spawn(process.execPath, [entry], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  // A child that died before it read its options breaks this pipe; `exited` tells that.
  child.stdin.on('error', () => child.stdin.destroy())
  child.stdin.write(`${JSON.stringify(start)}\n`)
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line').then(([text]) => String(text)), exited.then(() => undefined)])
  if (line === undefined) throw new Error(`twin ${entry} exited before it was ready`)
  const ready = JSON.parse(line) as TwinReady
  return {
    ...ready,
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.stdin.end()
      await exited
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
