/**
 * Makes the typed documents of the console (src/console/generated), of the command line (src/cli/remote/generated) and of each example app
 * (examples/<app>/generated) from their operations and the published schema, when one of these changed. Those of the examples only for the commands that need them.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BootstrapError, explainUnwritable } from './bootstrap-error.mjs'
import { installedVersion, putInPlace, readOrNull, sha256 } from './build.mjs'
import { withBuildLock } from './build-lock.mjs'

export const commandLineFolder = 'src/cli/remote'
const examplesFolder = 'examples'
const consoleFolder = 'src/console'

/** Folders with a `codegen.mjs`, from the root. */
async function listApps(root) {
  const examples = (await readdir(join(root, examplesFolder))).map((name) => `${examplesFolder}/${name}`)
  return [consoleFolder, commandLineFolder, ...examples].filter((folder) => existsSync(join(root, folder, 'codegen.mjs')))
}

async function hashInputs(root, folder) {
  const operations = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.graphql')).sort()
  const files = [join(root, 'schema/gateway.graphql'), join(folder, 'codegen.mjs'), ...operations.map((name) => join(folder, name))]
  const texts = await Promise.all(files.map(readOrNull))
  const makers = await Promise.all(['@graphql-codegen/cli', '@graphql-codegen/client-preset'].map((name) => installedVersion(root, name)))
  return sha256([...texts, ...makers, ...operations].join('\0'))
}

async function makeDocuments(root, folder) {
  const { generate } = await import('@graphql-codegen/cli')
  const { default: config } = await import(pathToFileURL(join(folder, 'codegen.mjs')).href)
  try {
    return await generate({ ...config, cwd: root, silent: true, errorsOnly: true }, false)
  } catch (error) {
    throw new BootstrapError(
      `${error.message}\nKhông tạo được mã từ các câu truy vấn của ${folder.slice(root.length + 1)}. / Its typed documents cannot be made.`,
    )
  }
}

/** Guarantees that the typed documents fit the operations, the schema and the installed generator. `apps`: folders, by default all. */
export async function ensureDocuments(root, apps) {
  for (const folder of (apps ?? (await listApps(root))).map((app) => join(root, app))) {
    const marker = join(folder, 'generated', '.made-from')
    const wanted = await hashInputs(root, folder)
    const isCurrent = async () => String(await readOrNull(marker)) === wanted
    if (await isCurrent()) continue
    await withBuildLock(root, async () => {
      if (await isCurrent()) return
      try {
        for (const { filename, content } of await makeDocuments(root, folder)) await putInPlace(join(root, filename), content)
        await putInPlace(marker, wanted)
      } catch (error) {
        throw explainUnwritable(error, join(folder, 'generated'))
      }
    })
  }
}
