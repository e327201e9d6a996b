import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { giveTo } from './postgres-binaries.js'
import { endedBy, endProcess, keepLines, type Place, run, untilEnded } from './postgres-process.js'
import { processCommandLine } from './process-identity.js'
import { errorCode, StartError } from './start-error.js'
import { LOCK_FILE } from './state-folder.js'

/** The one account of the embedded server and owner of its database. */
export const user = 'lienthong'

export async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

export const passwordFileIn = (stateFolder: string): string => join(stateFolder, 'postgres-password')

/** The password of this state folder, made at the first start. */
export async function readOrMakePassword(stateFolder: string): Promise<string> {
  const file = passwordFileIn(stateFolder)
  const kept = await readOrNull(file)
  if (kept) return kept.trim()
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, password, { mode: 0o600 })
  return password
}

/** Where the data of this state folder lies, while that is not in it: a path. */
const homeFileIn = (stateFolder: string): string => join(stateFolder, 'postgres-home')

/**
 * Data outside of the state folder is found by the folder's path and the account that starts (`chooseDataHome`). So in a folder that was moved or copied, or for another
 * account, it would not be found, and an empty database would begin in its stead. Throws a StartError then, and when the data is gone; nothing is changed.
 */
export async function refuseToPassOver(stateFolder: string, home: string): Promise<void> {
  const kept = (await readOrNull(homeFileIn(stateFolder)))?.trim()
  if (!kept || existsSync(join(home, 'postgres'))) return
  const [before, now] = [join(kept, 'postgres'), join(home, 'postgres')]
  if (existsSync(before))
    throw new StartError(
      `Dữ liệu PostgreSQL của "${stateFolder}" nằm ở "${before}" vì lúc đó thư mục này ở chỗ khác, hoặc chương trình chạy bằng tài khoản khác: hãy chạy lại như trước, hoặc dời dữ liệu đó đến "${now}".`,
      `PostgreSQL's data of "${stateFolder}" lies in "${before}", for this folder was elsewhere then, or the program ran as another account: run it as before, or move that data to "${now}".`,
    )
  throw new StartError(
    `Dữ liệu PostgreSQL của "${stateFolder}" không còn ở "${before}": hãy khôi phục nó, hoặc xóa tệp "${homeFileIn(stateFolder)}" để bắt đầu lại từ đầu.`,
    `PostgreSQL's data of "${stateFolder}" is no longer in "${before}": restore it, or delete the file "${homeFileIn(stateFolder)}" to begin anew.`,
  )
}

export async function rememberHome(stateFolder: string, home: string): Promise<void> {
  const file = homeFileIn(stateFolder)
  if (home === stateFolder) await rm(file, { force: true })
  else await writeFile(file, home)
}

/**
 * Data outside of the state folder belongs to it by the password, which the state folder alone holds. One that is empty
 * was deleted and made again: its database begins anew as all else in it does (documents, ledgers, marks), and the old data
 * is not used and not removed either, but kept beside for who did not mean that. In a folder that holds anything the password alone is lost: that is a StartError.
 */
export async function setAsideDataOfAnother(stateFolder: string, place: Place, tell: (sentence: string) => void): Promise<void> {
  if (!existsSync(place.dataDir) || (await readOrNull(passwordFileIn(stateFolder)))) return
  if ((await readdir(stateFolder)).some((name) => name !== LOCK_FILE))
    throw new StartError(
      `Thiếu mật khẩu của dữ liệu PostgreSQL trong "${place.dataDir}": hãy khôi phục tệp "${passwordFileIn(stateFolder)}", hoặc dời thư mục dữ liệu kia đi để bắt đầu lại từ đầu.`,
      `The password of PostgreSQL's data in "${place.dataDir}" is missing: restore the file "${passwordFileIn(stateFolder)}", or move that data folder away to begin anew.`,
    )
  const aside = `${place.dataDir}.${new Date().toISOString().replaceAll(/[-:.]/g, '')}`
  await rename(place.dataDir, aside)
  tell(
    `Thư mục dữ liệu "${stateFolder}" là thư mục mới: cơ sở dữ liệu cũ được cất ở "${aside}", xóa được nếu không cần nữa. / The data folder "${stateFolder}" is a new one: its old database is kept in "${aside}", which may be deleted when nobody needs it.`,
  )
}

/** Makes the data directory when there is none, unless `signal` ends it; throws a StartError when what is there cannot be used. */
export async function initialise(place: Place, home: string, password: string, durable: boolean, signal?: AbortSignal): Promise<void> {
  const installed = await readOrNull(join(place.dataDir, 'PG_VERSION'))
  const shipped = await shippedMajorVersion(place)
  if (installed !== null) {
    if (installed.trim() === shipped) return
    throw new StartError(
      `Dữ liệu trong "${place.dataDir}" thuộc PostgreSQL ${installed.trim()}, bản đi kèm là ${shipped}: hãy dùng bản chương trình cũ để xuất dữ liệu, hoặc đặt STATE_DIR khác.`,
      `The data in "${place.dataDir}" is of PostgreSQL ${installed.trim()}, the bundled one is ${shipped}: export it with the older program, or set another STATE_DIR.`,
    )
  }
  if (existsSync(place.dataDir)) {
    throw new StartError(
      `Thư mục "${place.dataDir}" không chứa dữ liệu PostgreSQL nguyên vẹn: hãy khôi phục nó, hoặc đặt STATE_DIR khác.`,
      `The folder "${place.dataDir}" does not hold whole data of PostgreSQL: restore it, or set another STATE_DIR.`,
    )
  }
  signal?.throwIfAborted()
  const draft = join(home, 'postgres.new')
  const passwordFile = join(home, 'postgres.new.password')
  await rm(draft, { recursive: true, force: true })
  await rm(passwordFile, { force: true })
  await mkdir(draft, { mode: 0o700 })
  await giveTo(draft, place.account)
  await writeFile(passwordFile, password, { mode: 0o600 })
  await giveTo(passwordFile, place.account)
  const options = ['-D', draft, '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C']
  const child = run(place, 'initdb', [
    ...options,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ])
  const lines = keepLines(child)
  signal?.addEventListener('abort', () => child.kill(endedBy.initdb), { once: true })
  const code = await untilEnded(child)
  await rm(passwordFile, { force: true })
  if (code !== 0) {
    const said = lines.slice(-3).join(' ')
    throw new StartError(
      `PostgreSQL đi kèm không tạo được dữ liệu trong "${home}": ${said}`,
      `The bundled PostgreSQL cannot make its data in "${home}": ${said}`,
    )
  }
  await rename(draft, place.dataDir)
}

async function shippedMajorVersion(place: Place): Promise<string> {
  const child = run(place, 'postgres', ['--version'])
  const lines = keepLines(child)
  await untilEnded(child)
  const major = /\b(\d+)\.\d/.exec(lines.join(' '))?.[1]
  if (major === undefined) {
    const said = lines.slice(-3).join(' ')
    throw new StartError(
      `PostgreSQL đi kèm không chạy được trên máy này: ${said}`,
      `The bundled PostgreSQL does not run on this machine: ${said}`,
    )
  }
  return major
}

/**
 * A server whose program was killed may still run on this data directory: it is ended, cleanly. A postmaster.pid whose
 * number now belongs to another program, as after a power cut, is removed; PostgreSQL itself would refuse to start.
 */
export async function endLeftoverServer(place: Place, warn: (message: string) => void): Promise<void> {
  const file = join(place.dataDir, 'postmaster.pid')
  const pid = Number.parseInt((await readOrNull(file)) ?? '', 10)
  if (!(pid > 0)) return
  const commandLine = await processCommandLine(pid)
  if (commandLine.includes('postgres') && (process.platform === 'win32' || commandLine.includes(place.dataDir))) {
    warn(`Máy chủ PostgreSQL của lần chạy trước vẫn còn (pid ${pid}): đang dừng lại.`)
    await endProcess(pid)
  }
  await rm(file, { force: true })
}
