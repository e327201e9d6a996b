import { join } from 'node:path'
import { openStateDir } from './prepare.js'
import { runProgram } from './run-program.js'
import { linesAlone } from './sandbox/announce.js'
import { refuseTakenPorts, startSandbox } from './sandbox/sandbox-systems.js'

/** `npm run sandbox`: the counterpart systems alone, for a gateway and workers that run elsewhere. Prints what those need to know. */
await runProgram('sandbox', async ({ environment, shutdown }) => {
  const gatewayUrl = `http://127.0.0.1:${environment.PORT}`
  await refuseTakenPorts(environment.SANDBOX_PORT, environment.PORT)
  const sandbox = await startSandbox({
    folder: join(await openStateDir(environment), 'sandbox'),
    gatewayUrl,
    firstPort: environment.SANDBOX_PORT,
    // A gateway that runs elsewhere believes no event of next week.
    speed: environment.SANDBOX_SPEED ?? 1,
    auto: true,
    // Standard output is the JSON that others read.
    tell: (sentence) => process.stderr.write(`${sentence}\n`),
    isEnding: () => shutdown.isStopping,
  })
  shutdown.onShutdown('sandbox', () => sandbox.stop())
  const controls = Object.fromEntries(Object.entries(sandbox.twins).map(([id, twin]) => [id, twin.controlUrl]))
  process.stdout.write(`${JSON.stringify({ configuration: sandbox.configuration, environment: sandbox.secrets, controls }, null, 2)}\n`)
  process.stderr.write(`${linesAlone(sandbox, { gatewayUrl, hasFirstPort: environment.SANDBOX_PORT !== 0 }).join('\n')}\n`)
})
