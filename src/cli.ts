import { parseArgs } from 'node:util'
import { loadMappingsCommand, mappingGapsCommand } from './cli/mappings-command.js'
import { printerFor } from './cli/printer.js'
import { listRoutesCommand, setRoutesCommand } from './cli/routes-command.js'
import { checkDatabase } from './platform/check-database.js'
import { openDatabase } from './platform/database.js'
import { findRunningPostgres } from './platform/embedded-postgres.js'
import { StartError } from './platform/start-error.js'
import { stateDirOf } from './prepare.js'
import { runProgram } from './run-program.js'

const USAGE = `Cách dùng / Usage: lienthong <lệnh> [--json]
  mappings load <tệp.json>   nạp bảng ánh xạ mã, thả các lượt đang giữ vì thiếu ánh xạ
  mappings gaps              mã nào còn thiếu, bao nhiêu lượt liên thông đang chờ
  routes list                bảng định tuyến
  routes set <OBSERVE|ADOPT|LIVE> --from <yyyy-MM-dd> [--operation <tên>]…
Cơ sở dữ liệu: DATABASE_URL, hoặc cơ sở dữ liệu của "npm start" đang chạy (STATE_DIR).`

/** `npx lienthong …`: works on the database, also while the gateway runs. Exit 0 done, 1 refused with a sentence, 2 wrong usage. */
await runProgram('cli', async ({ environment, logger, shutdown }) => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { json: { type: 'boolean' }, from: { type: 'string' }, operation: { type: 'string', multiple: true } },
  })
  const url = environment.DATABASE_URL ?? (await findRunningPostgres(stateDirOf(environment)))
  const [group, verb, argument] = positionals
  const command = `${group} ${verb}`
  const known = ['mappings load', 'mappings gaps', 'routes list', 'routes set'].includes(command)
  if (!known || ((command === 'mappings load' || command === 'routes set') && !argument)) {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 2
    return
  }
  if (url === null) throw new StartError('Chưa có cơ sở dữ liệu: đặt DATABASE_URL, hoặc chạy "npm start" trước.')
  await checkDatabase(url)
  const db = openDatabase({ url, poolSize: 2, onError: (error) => logger.error({ err: error }, 'mất kết nối cơ sở dữ liệu') })
  shutdown.onShutdown('database', () => db.close())
  const printer = printerFor(values.json === true)
  if (command === 'mappings load') await loadMappingsCommand(db, printer, argument ?? '')
  else if (command === 'mappings gaps') await mappingGapsCommand(db, printer)
  else if (command === 'routes list') await listRoutesCommand(db, printer)
  else
    await setRoutesCommand(db, printer, {
      mode: argument ?? '',
      from: typeof values.from === 'string' ? values.from : undefined,
      operations: (values.operation ?? []).map(String),
    })
  await shutdown.stop()
})
