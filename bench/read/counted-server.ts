import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The static registry as a process, and how often it was called. */
export interface CountedServer {
  readonly url: string
  calls(): Promise<number>
  stop(): Promise<void>
}

export const startCountedServer = async (program: string): Promise<CountedServer> => {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (word: string): Promise<string> => {
    const { value } = await lines.next()
    const [said, text] = String(value).split(' ')
    if (said !== word || text === undefined) throw new Error(`the static registry said ${value}`)
    return text
  }
  const url = `http://127.0.0.1:${await next('port')}/`
  return {
    url,
    calls: async () => {
      child.stdin.write('?\n')
      return Number(await next('calls'))
    },
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
