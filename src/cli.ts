import { runCommandLine } from './cli/command-line.js'
import { openSession } from './cli-session.js'
import { errorCode } from './platform/start-error.js'
import { runProgram } from './run-program.js'

/** Whoever reads through a pipe may have read enough (`| head`). */
process.stdout.on('error', (error) => {
  if (errorCode(error) === 'EPIPE') process.exit(0)
  throw error
})

/** `npx lienthong …`; its exit codes stand in `cli/exit-code.ts`. */
await runProgram('cli', async (program) => {
  const { env: variables, stdout, stderr } = process
  const argv = process.argv.slice(2)
  process.exitCode = await runCommandLine(argv, openSession(program, { argv, variables, stdout, stderr }))
  await program.shutdown.stop()
})
