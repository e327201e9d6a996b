import { createInterface } from 'node:readline'
import type { Twin, TwinStart } from './twin.js'

/** What a twin's process prints on its standard output, as one line of JSON, when it answers. */
export interface TwinReady {
  readonly url: string
  readonly controlUrl: string
}

/**
 * Runs a twin as its own child process. The first line of standard input is the JSON of the start options (not an argument, so
 * that no password shows in the process list); it is laid over `defaults`. When standard input ends the parent is gone, however it
 * died, and the twin stops and exits: no orphan stays. SIGINT is left to the parent, which gets the same Ctrl-C and ends the twin
 * when the rest has finished. On a terminal there is no parent: the twin starts with `defaults` and Ctrl-C ends it.
 */
export async function runTwinProcess<State>(twin: Twin<State>, defaults: TwinStart = {}): Promise<void> {
  const lines = process.stdin.isTTY ? undefined : createInterface({ input: process.stdin })
  const gone = new Promise<void>((resolve) => {
    lines?.once('close', resolve)
    process.once('disconnect', resolve)
    process.once('SIGTERM', () => resolve())
    process.on('SIGINT', () => {
      if (!lines) resolve()
    })
  })
  const first = lines === undefined ? '{}' : await Promise.race([nextLine(lines), gone.then(() => undefined)])
  if (first === undefined) process.exit(0)
  const running = await twin.start({ ...defaults, ...(JSON.parse(first) as TwinStart) })
  const ready: TwinReady = { url: running.url, controlUrl: running.controlUrl }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  await gone
  await running.stop()
  process.exit(0)
}

const nextLine = (lines: ReturnType<typeof createInterface>): Promise<string> => new Promise((resolve) => lines.once('line', resolve))
