import { readFile } from 'node:fs/promises'

/** The kernel counts in hundredths of a second, on every Linux. */
const TICKS_A_SECOND = 100

interface Ticks {
  readonly own: number
  readonly withEnded: number
}

const ticksOf = async (pid: number): Promise<Ticks | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // Behind the name: user and system time of its own, and of the children that have ended.
  const [user, system, endedUser, endedSystem] = stat?.slice(stat.lastIndexOf(')')).split(' ').slice(12, 16).map(Number) ?? []
  if (user === undefined || system === undefined) return undefined
  return { own: user + system, withEnded: user + system + (endedUser ?? 0) + (endedSystem ?? 0) }
}

/** Processor time of a process and all its children, seconds, as PostgreSQL has one for each connection; undefined where the machine does not tell. */
export const processorSeconds = async (pid: number): Promise<number | undefined> => {
  const parent = await ticksOf(pid)
  if (!parent) return undefined
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const living = await Promise.all(
    children
      .trim()
      .split(' ')
      .filter(Boolean)
      .map((child) => ticksOf(Number(child))),
  )
  return (parent.withEnded + living.reduce((sum, one) => sum + (one?.own ?? 0), 0)) / TICKS_A_SECOND
}
