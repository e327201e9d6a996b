import { readFile } from 'node:fs/promises'
import { Pool } from 'undici'

/** Asks a server over so many connections until so many answers have come, each checked; and what it cost the server. */
export interface Load {
  readonly url: string
  readonly pid: number
  readonly token: string
  readonly connections: number
  readonly requests: number
  readonly query: string
  readonly variablesOf: (index: number) => unknown
  /** Stands in every right answer. */
  readonly expected: string
}

export interface Cost {
  readonly perSecond: number
  /** Processor time of the server, a request; undefined where the machine does not tell. */
  readonly cpuUs: number | undefined
}

/** The kernel counts in hundredths of a second, on every Linux. */
const US_A_TICK = 10_000

const cpuTicks = async (pid: number): Promise<number | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const [user, system] = stat?.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14) ?? []
  return user === undefined || system === undefined ? undefined : Number(user) + Number(system)
}

export const residentMb = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}

export const putLoad = async (load: Load): Promise<Cost> => {
  const pool = new Pool(new URL(load.url).origin, { connections: load.connections, pipelining: 1 })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${load.token}` }
  const ask = async (index: number): Promise<void> => {
    const body = JSON.stringify({ query: load.query, variables: load.variablesOf(index) })
    const answer = await (await pool.request({ path: '/graphql', method: 'POST', headers, body })).body.text()
    if (!answer.includes(load.expected) || answer.includes('"errors"')) throw new Error(`no right answer: ${answer.slice(0, 500)}`)
  }
  let next = 0
  const loop = async (): Promise<void> => {
    while (next < load.requests) {
      next += 1
      await ask(next)
    }
  }
  const before = await cpuTicks(load.pid)
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: load.connections }, loop))
  const seconds = (performance.now() - startedAt) / 1000
  const after = await cpuTicks(load.pid)
  await pool.close()
  const cpuUs = before === undefined || after === undefined ? undefined : ((after - before) * US_A_TICK) / load.requests
  return { perSecond: load.requests / seconds, cpuUs }
}
