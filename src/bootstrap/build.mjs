/**
 * Generates the Prisma client and compiles the sources into dist/, each only when its inputs changed.
 *
 * Inputs are compared by content, not by time, against a marker in dist/ that names each file's hash; so a checkout of
 * another commit compiles what differs and removes what is gone. Outputs are put in place by renaming: a program that is
 * starting at the same moment reads a whole file, old or new.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BootstrapError, explainUnwritable } from './bootstrap-error.mjs'
import { withBuildLock } from './build-lock.mjs'

const sourceFolders = ['src', 'adapters', 'bench', 'examples']
/** The console is Vite's to build; the bootstrap runs as it is. Neither belongs into dist/ this way. */
const notCompiled = ['src/console', 'src/bootstrap']
const clientFolder = 'src/platform/prisma-client'

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

export async function readOrNull(file) {
  try {
    return await readFile(file)
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

export async function putInPlace(file, content) {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.new`
  await writeFile(draft, content)
  await rename(draft, file)
}

export async function installedVersion(root, name) {
  return JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
}

// --- the Prisma client -----------------------------------------------------------------------------------------------

function prismaGenerate(root) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/prisma/build/index.js'), 'generate'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // `generate` asks for a schema engine and never runs it. Naming any executable keeps it from fetching one.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else
        reject(new BootstrapError(`${output.trim()}\nKhông tạo được mã truy cập CSDL từ prisma/schema.prisma. / "prisma generate" failed.`))
    })
  })
}

/** Guarantees that src/platform/prisma-client fits prisma/schema.prisma and the installed generator. */
export async function ensureGenerated(root) {
  const schema = await readOrNull(join(root, 'prisma/schema.prisma'))
  if (schema === null) return
  const config = (await readOrNull(join(root, 'prisma.config.ts'))) ?? ''
  const wanted = sha256(`${schema}\0${config}\0${await installedVersion(root, 'prisma')}`)
  const marker = join(root, 'dist/.generated')
  const isCurrent = async () => existsSync(join(root, clientFolder)) && String(await readOrNull(marker)) === wanted
  if (await isCurrent()) return
  await withBuildLock(root, async () => {
    if (await isCurrent()) return
    await prismaGenerate(root)
    await putInPlace(marker, wanted)
  })
}

// --- the sources -----------------------------------------------------------------------------------------------------

async function listFiles(root, folder) {
  if (notCompiled.includes(folder)) return []
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const nested = entries.map((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? listFiles(root, path) : [path]
  })
  return (await Promise.all(nested)).flat()
}

const isCompiled = (path) => extname(path) === '.ts' && !path.endsWith('.d.ts')
const outputOf = (path) => `dist/${isCompiled(path) ? path.replace(/\.ts$/, '.js') : path}`

/** Everything the outputs depend upon: the compiler with its settings, and each source by its hash. */
async function readInputs(root) {
  const compiler = [
    await readFile(join(root, '.swcrc')),
    await readFile(fileURLToPath(import.meta.url)),
    await installedVersion(root, '@swc/core'),
  ]
  const paths = (await Promise.all(sourceFolders.map((folder) => listFiles(root, folder)))).flat().filter((path) => !path.endsWith('.md'))
  const hashes = await Promise.all(paths.map(async (path) => [path, sha256(await readFile(join(root, path)))]))
  return { compiler: sha256(compiler.join('\0')), files: Object.fromEntries(hashes) }
}

async function compileFile(root, path, transform) {
  const text = await readFile(join(root, path), 'utf8')
  const output = join(root, outputOf(path))
  const sourceFileName = relative(dirname(output), join(root, path))
  const { code, map } = await transform(text, { cwd: root, filename: join(root, path), sourceFileName, sourceMaps: true })
  const mapName = `${output}.map`
  if (map) await putInPlace(mapName, map)
  await putInPlace(output, `${code}\n//# sourceMappingURL=${mapName.slice(dirname(output).length + 1)}\n`)
}

async function buildChanged(root, inputs, built) {
  const { transform } = await import('@swc/core')
  const sameCompiler = built.compiler === inputs.compiler
  const gone = Object.keys(built.files).filter((path) => !(path in inputs.files))
  await Promise.all(gone.flatMap((path) => [outputOf(path), `${outputOf(path)}.map`]).map((path) => rm(join(root, path), { force: true })))
  const changed = Object.keys(inputs.files).filter(
    (path) => !sameCompiler || built.files[path] !== inputs.files[path] || !existsSync(join(root, outputOf(path))),
  )
  const failures = []
  for (const path of changed) {
    try {
      if (isCompiled(path)) await compileFile(root, path, transform)
      else await putInPlace(join(root, outputOf(path)), await readFile(join(root, path)))
    } catch (error) {
      failures.push(`${path}: ${error.message}`)
    }
  }
  if (failures.length > 0) {
    throw new BootstrapError(
      `${failures.join('\n')}\nKhông biên dịch được mã nguồn (xem phía trên). / The sources do not compile, see above.`,
    )
  }
}

const nothingBuilt = { compiler: '', files: {} }

async function readBuilt(marker) {
  const text = await readOrNull(marker)
  if (text === null) return nothingBuilt
  try {
    return JSON.parse(String(text))
  } catch (error) {
    if (error instanceof SyntaxError) return nothingBuilt
    throw error
  }
}

function isSame(built, inputs) {
  const [a, b] = [Object.entries(built.files), Object.keys(inputs.files)]
  return built.compiler === inputs.compiler && a.length === b.length && a.every(([path, hash]) => inputs.files[path] === hash)
}

/** Guarantees that dist/ holds the compiled sources; WSDL, XSD, JSON and other data files are copied beside them. */
export async function ensureBuilt(root) {
  const marker = join(root, 'dist/.built')
  if (isSame(await readBuilt(marker), await readInputs(root))) return
  await withBuildLock(root, async () => {
    const [built, inputs] = [await readBuilt(marker), await readInputs(root)]
    if (isSame(built, inputs)) return
    if (built === nothingBuilt) process.stderr.write('Đang biên dịch… / Compiling…\n')
    try {
      await buildChanged(root, inputs, built)
      await putInPlace(marker, JSON.stringify(inputs))
    } catch (error) {
      throw explainUnwritable(error, join(root, 'dist'))
    }
  })
}
