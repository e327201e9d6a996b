import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorCode } from './start-error.js'

/**
 * Makes a folder and what is missing above it, one after the other. Node's own `recursive` never returns where a parent is there and says that it is not
 * when something is made in it, as `/proc` does; this throws what the system says (ENOENT, EACCES, ENOTDIR, EEXIST for a file …).
 */
export const makeFolder = async (folder: string, mode = 0o777): Promise<void> => {
  const missing: string[] = []
  for (let path = resolve(folder); !(await isThere(path)); path = dirname(path)) missing.unshift(path)
  for (const path of missing)
    await mkdir(path, { mode }).catch(async (error: unknown) => {
      // Another process was quicker.
      if (errorCode(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
    })
}

/** A file in the place of a folder is found out by making the folder. */
const isThere = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory() || (await mkdir(path).then(() => true))
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    return false
  }
}
