/** Jest as a child process: it needs a flag of Node's own, and its exit code is the answer. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Runs jest with the terminal as its own; resolves to its exit code. */
export function runJest(root, jestArguments) {
  // A test makes much that lives for a moment: clearing it away was a twelfth of the time of a heavy file. With more room it is done less often, in Jest's workers too.
  const nodeArguments = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=64']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArguments, join(root, 'node_modules/jest/bin/jest.js'), ...jestArguments], {
      cwd: root,
      stdio: 'inherit',
    })
    // Ctrl-C reaches the whole group of the terminal; a signal to us alone is handed on, so that jest can end its servers.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
    }
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
