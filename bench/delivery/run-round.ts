import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { RoundResult, RoundTask } from './round-task.js'

/** A program that prints `port <number>` and ends when its standard input closes. */
export interface StartedServer {
  readonly port: string
  readonly pid: number
  stop(): Promise<void>
}

export const startServer = async (program: string): Promise<StartedServer | undefined> => {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = once(child, 'close')
  const port = await new Promise<string | undefined>((resolve) => {
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      const found = /^port (\d+)$/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    lines.once('close', () => resolve(undefined))
  })
  if (port === undefined) return undefined
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}

/** A compiled program of this folder. */
export const here = (file: string): string => fileURLToPath(new URL(`./${file}`, import.meta.url))

/** One round in a process of its own. */
export const runRound = async (task: RoundTask): Promise<RoundResult> => {
  const child: ChildProcess = spawn(process.execPath, [here('round.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_TASK: JSON.stringify(task) },
  })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`a round of ${task.contestant} ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as RoundResult
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits))
