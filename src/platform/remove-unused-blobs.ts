import { randomUUID } from 'node:crypto'
import { link, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from './start-error.js'

/**
 * Dọn kho tệp: removes documents that nothing refers to, one of the 256 subfolders of the store a call, so that a look costs little however large the
 * store is. Safe against who puts the same bytes at that moment: a put marks the time on the file before its bytes are referred to, so
 *
 *   old by its time → not referred to → set aside under another name → its time is still the same → removed
 *
 * and one whose time has changed in between goes back under its name. A put that comes later finds no file and writes it anew. Half-written drafts of a
 * process that died are removed when they are as old; what such a process had set aside goes back and is looked at again.
 */
export interface UnusedBlobs {
  readonly folder: string
  /** Only what was last put longer ago than this. */
  readonly olderThanMs: number
  /** Which of these hashes are referred to. */
  readonly findReferenced: (hashes: readonly string[]) => Promise<ReadonlySet<string>>
  /** Removed in one call at most. */
  readonly limit: number
}

const SUBFOLDERS = 256
const ASIDE = '.unused'
const DRAFT = '.new'

/** Each call looks into the next subfolder, beginning anywhere: several workers share the work. Returns how many documents were removed. */
export const createUnusedBlobRemoval = (start = Math.floor(Math.random() * SUBFOLDERS)): ((asked: UnusedBlobs) => Promise<number>) => {
  let next = start
  return (asked) => {
    const subfolder = join(asked.folder, (next % SUBFOLDERS).toString(16).padStart(2, '0'))
    next += 1
    return removeUnusedIn(subfolder, asked)
  }
}

const removeUnusedIn = async (folder: string, { olderThanMs, findReferenced, limit }: UnusedBlobs): Promise<number> => {
  const before = Date.now() - olderThanMs
  const old = new Map<string, number>()
  for (const name of await namesIn(folder)) {
    const time = await timeOf(join(folder, name))
    if (time === undefined) continue
    if (name.endsWith(ASIDE)) await putBack(join(folder, name), join(folder, name.slice(0, 64)))
    else if (time >= before) continue
    else if (/^[0-9a-f]{64}$/.test(name)) old.set(name, time)
    else if (name.endsWith(DRAFT)) await rm(join(folder, name), { force: true })
  }
  if (old.size === 0) return 0
  const referenced = await findReferenced([...old.keys()])
  let removed = 0
  for (const [sha256, time] of old) {
    if (removed === limit) break
    if (!referenced.has(sha256) && (await removeUnchanged(join(folder, sha256), time))) removed += 1
  }
  return removed
}

const removeUnchanged = async (file: string, time: number): Promise<boolean> => {
  const aside = `${file}.${randomUUID()}${ASIDE}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
  if ((await timeOf(aside)) !== time) {
    await putBack(aside, file)
    return false
  }
  await rm(aside, { force: true })
  return true
}

/** Whoever has put it meanwhile has written the same bytes. */
const putBack = async (aside: string, file: string): Promise<void> => {
  await link(aside, file).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST' && errorCode(error) !== 'ENOENT') throw error
  })
  await rm(aside, { force: true })
}

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** When its bytes were last put, in ms; undefined when it is gone. */
const timeOf = async (file: string): Promise<number | undefined> => {
  try {
    return (await stat(file)).mtimeMs
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
