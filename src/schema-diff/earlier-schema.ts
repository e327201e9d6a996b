import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PUBLISHED = 'schema/gateway.graphql'

/** What the working tree is compared with. */
export interface EarlierSchema {
  readonly text: string
  /** What it was taken from, for the person who reads the comparison. */
  readonly from: string
}

/** One sentence why there is nothing to compare with. */
export class NothingToCompareError extends Error {
  override readonly name = 'NothingToCompareError'
}

/** What git says, without the line's end; undefined when it refuses. */
const git = async (folder: string, ...commandLine: readonly string[]): Promise<string | undefined> => {
  try {
    const { stdout } = await run('git', commandLine, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })
    return stdout.trimEnd()
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT') throw new NothingToCompareError('Máy này không có git: hãy cho đường dẫn một tệp lược đồ.')
    if (typeof code === 'number') return undefined
    throw error
  }
}

const commitOf = (folder: string, ref: string): Promise<string | undefined> =>
  git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)

/** What clients have in their hands: the last release, else what is on the shared branch, else the commit before this one. */
const usualRef = async (folder: string): Promise<string> => {
  const tag = await git(folder, 'describe', '--tags', '--abbrev=0')
  for (const ref of [tag, 'origin/HEAD', 'origin/main', 'HEAD~1'])
    if (ref !== undefined && (await commitOf(folder, ref)) !== undefined) return ref
  throw new NothingToCompareError('Chưa có bản nào trước đó để so: hãy cho một thẻ, một nhánh git hoặc đường dẫn một tệp lược đồ.')
}

/** `wanted`: a file, else a git ref; undefined: the usual ref. */
export const readEarlierSchema = async (folder: string, wanted: string | undefined): Promise<EarlierSchema> => {
  if (wanted !== undefined && existsSync(wanted)) return { text: await readFile(wanted, 'utf8'), from: wanted }
  const ref = wanted ?? (await usualRef(folder))
  const commit = await commitOf(folder, ref)
  if (commit === undefined) throw new NothingToCompareError(`"${ref}" không phải là tệp, cũng không phải thẻ, nhánh hay bản ghi của git.`)
  const text = await git(folder, 'show', `${commit}:${PUBLISHED}`)
  if (text === undefined) throw new NothingToCompareError(`Ở "${ref}" chưa có ${PUBLISHED}.`)
  return { text, from: `${ref} (${commit.slice(0, 10)})` }
}
