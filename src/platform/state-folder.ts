import { existsSync } from 'node:fs'
import { access, constants, copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Environment } from '../config/env.js'
import { makeFolder } from './make-folder.js'
import { projectRoot } from './paths.js'
import { processIdentity } from './process-identity.js'
import { errorCode, StartError } from './start-error.js'

export const stateDirOf = ({ STATE_DIR }: Pick<Environment, 'STATE_DIR'>): string => resolve(STATE_DIR ?? join(projectRoot, '.state'))

/** In a state folder that is in use. */
export const LOCK_FILE = 'in-use-by'

/** The state folder while this process holds it. */
export interface HeldStateFolder {
  readonly path: string
  release(): Promise<void>
}

/** Makes the folder when it is missing. Throws a StartError when it cannot be made or written to. */
export async function useStateFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) throw error
    throw new StartError(
      `Không ghi được vào thư mục dữ liệu "${folder}": hãy cấp quyền ghi, hoặc đặt STATE_DIR là một thư mục khác.`,
      `The data folder "${folder}" cannot be written: give the right to write, or set STATE_DIR to another folder.`,
    )
  }
}

async function readHolder(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  }
}

async function tryToTake(file: string, identity: string): Promise<boolean> {
  try {
    await writeFile(file, identity, { flag: 'wx', mode: 0o644 })
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** A lock is empty for a moment while it is being written; one that stays so was cut off. */
const WRITTEN_WITHIN_MS = 500
/** Whoever has taken it looks again after this: of several that found the same one gone, another may have moved it away. */
const SETTLED_AFTER_MS = 100

async function readWrittenHolder(file: string): Promise<string> {
  const deadline = performance.now() + WRITTEN_WITHIN_MS
  for (;;) {
    const holder = await readHolder(file)
    if (holder !== '' || performance.now() > deadline || !existsSync(file)) return holder
    await pause(20)
  }
}

/** Removes the lock of a holder that is gone. What is there by now may be that of another who was quicker: it goes back. */
async function clear(file: string, holder: string): Promise<void> {
  const aside = `${file}.${process.pid}`
  try {
    await rename(file, aside)
    if ((await readHolder(aside)) !== holder) await copyFile(aside, file, constants.COPYFILE_EXCL)
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errorCode(error) ?? '')) throw error
  }
  await rm(aside, { force: true })
}

/**
 * Makes the folder when it is missing and holds it for this process. A lock left by a process that was killed, or by one
 * from before a power cut, is taken over, by one of several that start at once. Throws a StartError when another program is using the folder, or it is not writable.
 */
export async function holdStateFolder(folder: string): Promise<HeldStateFolder> {
  const path = resolve(folder)
  await useStateFolder(path)
  const file = join(path, LOCK_FILE)
  const identity = (await processIdentity(process.pid)) ?? String(process.pid)
  const take = async (): Promise<boolean> => {
    if (!(await tryToTake(file, identity))) return false
    await pause(SETTLED_AFTER_MS)
    return (await readWrittenHolder(file)) === identity
  }
  while (!(await take())) {
    const holder = await readWrittenHolder(file)
    const pid = Number.parseInt(holder, 10)
    if (pid > 0 && (await processIdentity(pid)) === holder) {
      throw new StartError(
        `Thư mục dữ liệu "${path}" đang được một tiến trình khác sử dụng (pid ${pid}): hãy dừng nó, hoặc đặt STATE_DIR là một thư mục khác.`,
        `The data folder "${path}" is in use by another process (pid ${pid}): stop it, or set STATE_DIR to another folder.`,
      )
    }
    await clear(file, holder)
  }
  return {
    path,
    release: async () => {
      if ((await readHolder(file)) === identity) await rm(file, { force: true })
    },
  }
}
