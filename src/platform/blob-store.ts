import { createHash, randomUUID } from 'node:crypto'
import { readFile as readFileBack } from 'node:fs'
import { access, mkdir, open, rename, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { unavailable } from '../errors.js'
import { makeFolder } from './make-folder.js'
import { errorCode, StartError } from './start-error.js'

/** A third of the processor time of its namesake in `node:fs/promises`, which opens a file handle for each file: this is on the way of every sending. */
const readFile = promisify(readFileBack)

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Written whole under another name, forced to disk, then renamed: a file under its address is never half a file. */
async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}.new`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(file))
}

/** The new name itself must survive a power cut as well. Windows cannot open a folder, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** The file's time is when its bytes were last put. False: it is not there any more. */
async function markPut(file: string): Promise<boolean> {
  const now = new Date()
  try {
    await utimes(file, now, now)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** The disk is full, over its quota, or read-only: nothing of what comes in can be kept now. */
const UNWRITABLE = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])

/** A folder as the port `BlobStore`, which says what each method guarantees: `<folder>/<first two digits>/<sha256>`. */
export class FolderBlobStore {
  /** Subfolders whose own names this process has seen on the disk: 256 at the most. */
  private readonly named = new Set<string>()

  private constructor(private readonly folder: string) {}

  /** Makes the folder when it is missing; throws a StartError when it cannot be used. */
  static async open(folder: string): Promise<FolderBlobStore> {
    try {
      await makeFolder(folder, 0o700)
    } catch (error) {
      throw new StartError(
        `Không dùng được thư mục tệp đính kèm "${folder}" (${errorCode(error)}).`,
        `The folder of documents "${folder}" cannot be used (${errorCode(error)}).`,
      )
    }
    return new FolderBlobStore(folder)
  }

  async put(bytes: Uint8Array): Promise<{ sha256: string; size: number }> {
    const sha256 = hash(bytes)
    const kept = { sha256, size: bytes.byteLength }
    if ((await this.holdsWhole(sha256)) && (await markPut(this.fileOf(sha256)))) {
      // Whoever wrote it may have died before its name was on the disk.
      await syncFolder(dirname(this.fileOf(sha256)))
      return kept
    }
    try {
      await this.write(this.fileOf(sha256), bytes)
    } catch (error) {
      throw UNWRITABLE.has(errorCode(error) ?? '') ? unavailable('NOT_STORED', error) : error
    }
    return kept
  }

  private async write(file: string, bytes: Uint8Array): Promise<void> {
    const subfolder = dirname(file)
    const made = await mkdir(subfolder, { recursive: true, mode: 0o700 })
    await writeDurably(file, bytes)
    if (made === undefined && this.named.has(subfolder)) return
    await syncFolder(this.folder)
    this.named.add(subfolder)
  }

  async get(sha256: string): Promise<Buffer | null> {
    const bytes = await this.read(sha256)
    if (bytes !== null && hash(bytes) !== sha256) throw new Error(`stored document ${sha256} is damaged`)
    return bytes
  }

  async has(sha256: string): Promise<boolean> {
    return exists(this.fileOf(sha256))
  }

  /** A damaged file does not count, so that handing in the same bytes again mends it. */
  private async holdsWhole(sha256: string): Promise<boolean> {
    const bytes = await this.read(sha256)
    return bytes !== null && hash(bytes) === sha256
  }

  private async read(sha256: string): Promise<Buffer | null> {
    try {
      return await readFile(this.fileOf(sha256))
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null
      throw error
    }
  }

  /** Refuses whatever is not an address, so that none leads outside of the folder. */
  private fileOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256 in lower-case hex')
    return join(this.folder, sha256.slice(0, 2), sha256)
  }
}
