/**
 * Builds the operators' console (src/console) with Vite into dist/console, when its sources, the schema or its libraries changed. It is built
 * beside what is there and put in place as a whole, each file with its compressed twins, so that nothing is compressed while somebody waits; and with the list of
 * its operations (documents.json), which a gateway that runs no others adds to its own.
 */
import { spawn } from 'node:child_process'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { BootstrapError, explainUnwritable } from './bootstrap-error.mjs'
import { putInPlace, readOrNull, sha256 } from './build.mjs'
import { withBuildLock } from './build-lock.mjs'
import { ensureDocuments } from './documents.mjs'

const folder = 'src/console'
const output = 'dist/console'
const compressed = ['.js', '.css', '.svg']

async function listFiles(path) {
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** The lock file stands for all libraries; the generated documents follow from the schema and the operations. */
async function hashInputs(root) {
  const generated = join(root, folder, 'generated')
  const sources = (await listFiles(join(root, folder))).filter((path) => !path.startsWith(generated)).sort()
  const own = [join(root, 'src/bootstrap/console.mjs'), join(root, 'schema/gateway.graphql'), join(root, 'package-lock.json')]
  const texts = await Promise.all(
    [...sources, ...own].map(async (path) => `${path.slice(root.length)}\0${sha256((await readOrNull(path)) ?? '')}`),
  )
  return sha256(texts.join('\0'))
}

async function compress(path) {
  const bytes = await readFile(path)
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  await putInPlace(`${path}.br`, br)
  await putInPlace(`${path}.gz`, gz)
}

/** In a process of its own: whatever NODE_ENV says here, the console is built for production. */
function runVite(root, outDir) {
  const options = ['build', folder, '--config', `${folder}/vite.config.mjs`, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), ...options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
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
        reject(
          new BootstrapError(
            `${output.trim()}\nKhông dựng được bảng điều khiển (xem phía trên). / The console cannot be built, see above.`,
          ),
        )
    })
  })
}

/** The operations as the pages send them, by the SHA-256 of their text. The generator's own list is of texts that it has put in another order. */
async function listDocuments(root) {
  const { transform } = await import('@swc/core')
  const source = await readFile(join(root, folder, 'generated/graphql.ts'), 'utf8')
  const { code } = await transform(source, {
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  })
  const generated = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  const documents = Object.entries(generated).filter(([name]) => name.endsWith('Document'))
  return Object.fromEntries(documents.map(([, text]) => [sha256(String(text)), String(text)]))
}

async function buildConsole(root) {
  const draft = join(root, `${output}.new`)
  await runVite(root, draft)
  await putInPlace(join(draft, 'documents.json'), JSON.stringify(await listDocuments(root)))
  for (const path of await listFiles(draft)) if (compressed.includes(extname(path))) await compress(path)
  await rm(join(root, output), { recursive: true, force: true })
  await rename(draft, join(root, output))
}

/** Guarantees that dist/console fits src/console. */
export async function ensureConsole(root) {
  const marker = join(root, 'dist/.console')
  const wanted = await hashInputs(root)
  const isCurrent = async () => String(await readOrNull(marker)) === wanted && (await readOrNull(join(root, output, 'index.html'))) !== null
  if (await isCurrent()) return
  await ensureDocuments(root, [folder])
  await withBuildLock(root, async () => {
    if (await isCurrent()) return
    process.stderr.write('Đang dựng bảng điều khiển… / Building the console…\n')
    try {
      await buildConsole(root)
      await putInPlace(marker, wanted)
    } catch (error) {
      throw explainUnwritable(error, join(root, 'dist'))
    }
  })
}
