import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/paths.js'
import { peakMemoryMb } from '../drill/program.js'

export interface CommandRun {
  readonly seconds: number
  /** Most memory that the process ever had, by the system's own count; NaN where there is none to be read. */
  readonly peakMb: number
  readonly done: { readonly loaded: number; readonly present: number }
}

const LOOK_MS = 200

/** `lienthong backfill --from-file` as a process of its own, from its start to its end. */
export const loadAsTheCommandDoes = async (databaseUrl: string, file: string): Promise<CommandRun> => {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src/cli.js'), 'backfill', '--from-file', file, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
  })
  let peakMb = Number.NaN
  const look = async (): Promise<void> => {
    peakMb = (await peakMemoryMb(child.pid as number)) ?? peakMb
  }
  const watch = setInterval(() => void look(), LOOK_MS)
  try {
    let out = ''
    for await (const text of child.stdout.setEncoding('utf8')) out += text
    return { seconds: (performance.now() - startedAt) / 1_000, peakMb, done: JSON.parse(out) as CommandRun['done'] }
  } finally {
    clearInterval(watch)
  }
}
