/**
 * The way in after a clone: `node src/bootstrap/run.mjs <command> [arguments]`, with Node alone.
 *
 * It installs the libraries when package-lock.json and node_modules disagree, generates the database client and compiles
 * the sources when they changed, and then imports the wanted program into this same process, so that Ctrl-C and exit
 * codes are the program's own. Nothing here has a dependency, and nothing is done twice: a start that finds everything
 * current costs a few hundredths of a second. What it says goes to stderr; stdout belongs to the program.
 *
 *   install | generate | build     that step alone (each includes the ones before it)
 *   test [jest arguments]          jest, with its exit code
 *   example [arguments]            the example app, examples/dossier-tracker
 *   bench <name> [arguments]       dist/bench/<name>.js
 *   <program> [arguments]          dist/src/<program>.js: start, gateway, worker, sandbox, cli, migrate, …
 */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
const oldestNode = [20, 19]
/** Commands for which the typed documents must be whole; to start the gateway those of the examples and of the command line need not be. */
const needDocuments = ['generate', 'build', 'test', 'example', 'cli']
/** Commands, and benches, for which the web console must be built: those that serve it. */
const needConsole = ['build', 'start', 'gateway', 'console', 'screenshots']

/** Says why the program cannot go on, in one sentence, and ends with exit code 1. */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  fail(
    `Cần Node.js ${oldestNode.join('.')} trở lên, máy này đang dùng ${process.versions.node}. / Node.js ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}.`,
  )
}

/** Runs a compiled file inside this process, as if it had been named on the command line. */
async function runProgram(file, programArguments) {
  if (!existsSync(file)) fail(`Không có chương trình "${file.slice(root.length + 1)}". / There is no such program.`)
  process.argv = [process.execPath, file, ...programArguments]
  await import(pathToFileURL(file).href)
}

/** @param {string[]} commandLine command and its arguments */
export async function run([command = 'start', ...rest]) {
  checkNode()
  try {
    const { ensureInstalled } = await import('./install.mjs')
    const { ensureGenerated, ensureBuilt } = await import('./build.mjs')
    await ensureInstalled(root)
    if (command === 'install') return
    await ensureGenerated(root)
    if (needDocuments.includes(command)) {
      const { commandLineFolder, ensureDocuments } = await import('./documents.mjs')
      await ensureDocuments(root, command === 'cli' ? [commandLineFolder] : undefined)
    }
    if (command === 'generate') return
    if (command === 'test') {
      const { runJest } = await import('./test.mjs')
      process.exitCode = await runJest(root, rest)
      return
    }
    await ensureBuilt(root)
    if (needConsole.includes(command) || (command === 'bench' && needConsole.includes(rest[0]))) {
      const { ensureConsole } = await import('./console.mjs')
      await ensureConsole(root)
    }
    if (command === 'build') return
    if (command === 'example') await runProgram(join(root, 'dist', 'examples', 'dossier-tracker', 'main.js'), rest)
    else if (command === 'bench') await runProgram(join(root, 'dist', 'bench', `${rest[0]}.js`), rest.slice(1))
    else if (/^[a-z][a-z-]*$/.test(command)) await runProgram(join(root, 'dist', 'src', `${command}.js`), rest)
    else fail(`Không hiểu lệnh "${command}". / Unknown command.`)
  } catch (error) {
    if (error instanceof Error && (error.name === 'StartError' || error.name === 'BootstrapError')) fail(error.message)
    throw error
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await run(process.argv.slice(2))
