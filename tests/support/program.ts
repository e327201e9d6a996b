import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/database.js'
import { projectRoot } from '../../src/platform/paths.js'
import { until } from './until.js'

/** One of our programs as a real process, compiled as in production. */
export interface RunningProgram {
  /** Resolves to the first line of its log that matches. */
  said(pattern: RegExp): Promise<string>
  /** What it said on standard error beside its log. */
  readonly complaint: () => string
  /** All that it said on standard error, its log included. */
  readonly everything: () => string
  readonly ended: Promise<number | null>
  signal(name: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
  /**
   * Kills it, as a power cut would, and waits until `db` (its database) has heard of it: what it sent last may be executed after its death,
   * and a claim of then would hold by a clock that a test has moved on in the meantime.
   */
  kill(db: Sql): Promise<void>
}

let started = 0
/** Known in `pg_stat_activity` among all of this database: by its number, and by ours, for other files have programs too. */
const nextName = (): string => {
  started += 1
  return `program-${process.pid}-${started}`
}
const named = (name: string, { DATABASE_URL, ...rest }: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  if (DATABASE_URL === undefined || !URL.canParse(DATABASE_URL)) return { ...rest, ...(DATABASE_URL !== undefined && { DATABASE_URL }) }
  const url = new URL(DATABASE_URL)
  url.searchParams.set('application_name', name)
  return { ...rest, DATABASE_URL: url.href }
}

/** The environment of the tests is not handed on: what a program gets is what is given here. */
export const startProgram = (
  name: 'start' | 'gateway' | 'worker' | 'sandbox',
  environment: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): RunningProgram => {
  const inDatabase = nextName()
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src', `${name}.js`), ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, ...named(inDatabase, environment) },
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
    child.emit('output')
  })
  const lines = (): string[] => output.split('\n').filter((line) => line !== '')
  const complaint = (): string =>
    lines()
      .filter((line) => !line.startsWith('{'))
      .join('\n')
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const lineOf = (pattern: RegExp): string | undefined => lines().find((line) => pattern.test(line))
  return {
    said: async (pattern) => {
      for (;;) {
        const line = lineOf(pattern)
        if (line !== undefined) return line
        const still = await Promise.race([once(child, 'output').then(() => true), ended.then(() => false)])
        if (!still && lineOf(pattern) === undefined) throw new Error(`${name} ended without saying ${pattern}: ${complaint()}`)
      }
    },
    complaint,
    everything: () => output,
    ended,
    signal: async (signal) => {
      child.kill(signal)
      return ended
    },
    kill: async (db) => {
      const connected = (): Promise<unknown[]> => db.query('SELECT 1 FROM pg_stat_activity WHERE application_name = $1', [inDatabase])
      if ((await connected()).length === 0) throw new Error(`${name} is not known in the database by its name`)
      child.kill('SIGKILL')
      await ended
      await until('the database has heard of its death', async () => (await connected()).length === 0)
    },
  }
}
