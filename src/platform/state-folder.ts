import { access, constants, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
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

/**
 * Makes the folder when it is missing and holds it for this process. A lock left by a process that was killed, or by one
 * from before a power cut, is taken over. Throws a StartError when another program is using the folder, or it is not writable.
 */
export async function holdStateFolder(folder: string): Promise<HeldStateFolder> {
  const path = resolve(folder)
  await useStateFolder(path)
  const file = join(path, LOCK_FILE)
  const identity = (await processIdentity(process.pid)) ?? String(process.pid)
  while (!(await tryToTake(file, identity))) {
    const holder = await readHolder(file)
    const pid = Number.parseInt(holder, 10)
    if (pid > 0 && (await processIdentity(pid)) === holder) {
      throw new StartError(
        `Thư mục dữ liệu "${path}" đang được một tiến trình khác sử dụng (pid ${pid}): hãy dừng nó, hoặc đặt STATE_DIR là một thư mục khác.`,
        `The data folder "${path}" is in use by another process (pid ${pid}): stop it, or set STATE_DIR to another folder.`,
      )
    }
    await rm(file, { force: true })
  }
  return {
    path,
    release: async () => {
      if ((await readHolder(file)) === identity) await rm(file, { force: true })
    },
  }
}
