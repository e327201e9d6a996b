import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** One gateway or worker as a real process; its log goes into a file, which the judge reads. */
export interface Program {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  readonly ended: Promise<number | null>
  /** Waits until its log says so; throws when it ends before. */
  said(pattern: RegExp): Promise<string>
  signal(name: NodeJS.Signals): void
  /** SIGKILL, and waits until it has gone. */
  kill(): Promise<void>
  /** SIGTERM, and waits until it has gone; by force after 20 seconds. */
  stop(): Promise<void>
  isRunning(): boolean
  /** It has ended, and nobody here had ended it: its exit code, or the signal. */
  fell(): string | undefined
}

export interface Fallen {
  readonly name: string
  readonly end: string
}

export const fallenOf = (programs: readonly Program[]): Fallen[] =>
  programs.flatMap(({ name, fell }) => {
    const end = fell()
    return end === undefined ? [] : [{ name, end }]
  })

const LOOK_EVERY_MS = 30
const STOP_WITHIN_MS = 20_000

/** Of the log of a program that did not start: its sentence, or the stack of what it did not expect. */
const LINES_SHOWN = 20

export const startProgram = (
  name: string,
  entry: string,
  environment: Readonly<Record<string, string | undefined>>,
  logFile: string,
): Program => {
  const log = openSync(logFile, 'a', 0o600)
  const child: ChildProcess = spawn(process.execPath, [entry], {
    stdio: ['ignore', log, log],
    // Away from the terminal's Ctrl-C: the drill ends its programs itself, in order.
    detached: true,
    env: { PATH: process.env.PATH, ...environment },
  })
  closeSync(log)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const linesOf = async (): Promise<string[]> => (await readFile(logFile, 'utf8')).split('\n')
  const ofThis = `"pid":${child.pid}`
  let isToldToEnd = false
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    ended,
    isRunning,
    said: async (pattern) => {
      for (;;) {
        const running = isRunning()
        const lines = await linesOf()
        const line = lines.find((text) => text.includes(ofThis) && pattern.test(text))
        if (line !== undefined) return line
        if (!running) throw new Error(`${name} ended without saying ${pattern}:\n${lines.slice(-LINES_SHOWN).join('\n')}`)
        await pause(LOOK_EVERY_MS)
      }
    },
    fell: () => (isRunning() || isToldToEnd ? undefined : (child.signalCode ?? String(child.exitCode))),
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      isToldToEnd ||= isRunning()
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      isToldToEnd ||= isRunning()
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      await ended
      clearTimeout(late)
    },
  }
}

/** Peak resident memory of a process so far, in MB; undefined when it has gone or the machine does not tell. */
export const peakMemoryMb = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}

/** Sets the kernel's mark back to what the process uses now. Where that is not allowed, a process keeps the peak of its whole life. */
export const forgetPeakMemory = (pid: number): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined)
