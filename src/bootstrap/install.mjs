/**
 * Brings node_modules to what package-lock.json says, by `npm ci`, when it is not there already.
 *
 * A marker in node_modules remembers the lock file's hash. Without a fitting marker the packages that npm says it
 * installed are compared with the lock file first, so a folder that someone filled by `npm install` is kept.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BootstrapError, explainUnwritable } from './bootstrap-error.mjs'
import { withBuildLock } from './build-lock.mjs'

async function readOrNull(file) {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

/** npm writes node_modules/.package-lock.json last, so its absence means an install that was interrupted. */
function holdsWhatIsLocked(lockText, installedText) {
  if (installedText === null) return false
  const locked = JSON.parse(lockText).packages
  const installed = JSON.parse(installedText).packages
  return Object.entries(locked).every(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return true
    const there = installed[path]
    return there ? there.version === version : Boolean(optional ?? devOptional)
  })
}

async function isCurrent(lockText, marker, markerText) {
  const folder = join(marker, '..')
  if ((await readOrNull(marker)) === markerText) return true
  if (!holdsWhatIsLocked(lockText, await readOrNull(join(folder, '.package-lock.json')))) return false
  await writeFile(marker, markerText).catch((error) => {
    // Someone else's node_modules that fits is good as it is; the comparison is just made again next time.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
  })
  return true
}

/** The npm that started us, else the one on the path. Under Windows `npm` is a script and needs a shell. */
function npmCommand(npmArguments) {
  const startedBy = process.env.npm_execpath
  if (startedBy && basename(startedBy) === 'npm-cli.js') return [process.execPath, [startedBy, ...npmArguments], {}]
  return ['npm', npmArguments, { shell: process.platform === 'win32' }]
}

function npmCi(root) {
  const [command, commandArguments, options] = npmCommand(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-4_000)
      })
    }
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const unwritable = /\b(EACCES|EPERM|EROFS)\b/.exec(output)
      reject(
        unwritable
          ? explainUnwritable({ code: unwritable[1] }, root)
          : new BootstrapError(`${output.trim()}\nCài đặt thư viện không thành công (xem phía trên). / "npm ci" failed, see above.`),
      )
    })
  })
}

const STILL_EVERY_MS = 30_000

/** On a busy machine it takes minutes, and npm says nothing meanwhile. */
async function tellWhile(work) {
  const since = Date.now()
  const word = setInterval(() => {
    const seconds = Math.round((Date.now() - since) / 1_000)
    process.stderr.write(`Vẫn đang cài đặt, đã ${seconds} giây… / Still installing, ${seconds} s…\n`)
  }, STILL_EVERY_MS)
  try {
    await work
  } finally {
    clearInterval(word)
  }
}

/** Guarantees that node_modules holds what package-lock.json names, development packages included. */
export async function ensureInstalled(root) {
  const lockText = await readOrNull(join(root, 'package-lock.json'))
  if (lockText === null) throw new BootstrapError('Thiếu package-lock.json trong thư mục mã nguồn. / package-lock.json is missing.')
  const marker = join(root, 'node_modules', '.lienthong-installed')
  const markerText = `${createHash('sha256').update(lockText).digest('hex')} ${process.platform}-${process.arch}\n`
  if (await isCurrent(lockText, marker, markerText)) return
  await withBuildLock(root, async () => {
    if (await isCurrent(lockText, marker, markerText)) return
    process.stderr.write('Đang cài đặt thư viện (lần đầu khoảng một phút)… / Installing libraries…\n')
    await tellWhile(npmCi(root))
    await writeFile(marker, markerText)
  })
}
