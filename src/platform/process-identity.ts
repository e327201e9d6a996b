import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { errorCode } from './start-error.js'

const run = promisify(execFile)
const gone = ['ENOENT', 'ESRCH']

/** The fields of /proc/<pid>/stat from the process's state on: those before it may hold spaces. Null when it is gone. */
function readLinuxStat(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch (error) {
    if (gone.includes(errorCode(error) ?? '')) return null
    throw error
  }
}

/**
 * Whether a process with this id exists and has not ended, whoever it belongs to. An ended one whose exit code nobody
 * fetched, as stays behind under a careless first process of a container, is not running.
 */
export function isRunning(pid: number): boolean {
  if (process.platform === 'linux') {
    const stat = readLinuxStat(pid)
    return stat !== null && stat[0] !== 'Z'
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/**
 * A text that names this very life of the process, or null when no such process runs. The id alone does not: after a
 * power cut, or in a container, the same ids come again at once, so the start time stands beside it.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (!isRunning(pid)) return null
  if (process.platform === 'win32') return String(pid)
  if (process.platform === 'linux') {
    const startTime = readLinuxStat(pid)?.[19]
    return startTime === undefined ? null : `${pid} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${startTime}`
  }
  const started = (await run('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim()
  return `${pid} ${started}`
}

/** The command line of a running process; empty when it is gone or hidden from us. */
export async function processCommandLine(pid: number): Promise<string> {
  if (!isRunning(pid)) return ''
  if (process.platform === 'win32') return (await run('tasklist', ['/FI', `PID eq ${pid}`, '/NH'])).stdout
  if (process.platform !== 'linux') return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch (error) {
    if (gone.includes(errorCode(error) ?? '')) return ''
    throw error
  }
}
