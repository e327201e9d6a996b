/**
 * One builder at a time for one checkout, so that two terminals started at once do not write over each other.
 *
 * The lock is a file with the holder's process id whose time is renewed every second. It counts as left behind when that
 * process is gone, or when it was not renewed for half a minute (another process got the same id after a power cut).
 */
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { explainUnwritable } from './bootstrap-error.mjs'

const renewEveryMs = 1_000
const abandonedAfterMs = 30_000
const lookAgainAfterMs = 200

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

async function isAbandoned(file) {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    const age = Date.now() - mtimeMs
    // An empty file is one whose holder has created it and not yet written into it.
    return age > abandonedAfterMs || (holder !== '' && !isRunning(Number(holder)))
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

async function tryToTake(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** Runs `work` while holding the checkout's lock; waits for another holder for as long as that one is alive. */
export async function withBuildLock(root, work) {
  const folder = join(root, 'dist')
  const file = join(folder, '.lock')
  try {
    await mkdir(folder, { recursive: true })
    while (!(await tryToTake(file))) {
      if (await isAbandoned(file)) await rm(file, { force: true })
      else await wait(lookAgainAfterMs)
    }
  } catch (error) {
    throw explainUnwritable(error, folder)
  }
  const renewal = setInterval(() => {
    const now = new Date()
    utimes(file, now, now).catch((error) => process.stderr.write(`${file}: ${error.message}\n`))
  }, renewEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    await rm(file, { force: true })
  }
}
