import { loadMappingsCommand, mappingGapsCommand } from './cli/mappings-command.js'
import { printerFor } from './cli/printer.js'
import { readCommand } from './cli/read-command.js'
import { closeRecoveryCommand, openRecoveryCommand, recoveryStatusCommand } from './cli/recovery-command.js'
import { listRoutesCommand, setRoutesCommand } from './cli/routes-command.js'
import { checkDatabase } from './platform/check-database.js'
import { openDatabase } from './platform/database.js'
import { findRunningPostgres } from './platform/embedded-postgres.js'
import { errorCode, StartError } from './platform/start-error.js'
import { stateDirOf } from './prepare.js'
import { runProgram } from './run-program.js'

const USAGE = `Cách dùng / Usage: lienthong <lệnh> [--json]
  mappings load <tệp.json>   nạp bảng ánh xạ mã, thả các lượt đang giữ vì thiếu ánh xạ
  mappings gaps              mã nào còn thiếu, bao nhiêu lượt liên thông đang chờ
  recovery status            đợt khôi phục sau khi phục hồi từ bản sao lưu: còn bao nhiêu lượt chưa hỏi xong
  recovery open --backup-at <thời điểm> --reason "…"    hỏi lại mọi lượt liên thông trước khi gửi
  recovery close --reason "…" [--force]
  routes list                bảng định tuyến
  routes set <OBSERVE|ADOPT|LIVE> --from <yyyy-MM-dd> [--operation <tên>]…
Cơ sở dữ liệu: DATABASE_URL, hoặc cơ sở dữ liệu của "npm start" đang chạy (STATE_DIR).`

/** Whoever reads through a pipe may have read enough (`| head`). */
process.stdout.on('error', (error) => {
  if (errorCode(error) === 'EPIPE') process.exit(0)
  throw error
})

/** `npx lienthong …`: works on the database, also while the gateway runs. Exit 0 done, 1 refused with a sentence, 2 wrong usage. */
await runProgram('cli', async ({ environment, logger, shutdown }) => {
  const command = readCommand(process.argv.slice(2))
  if (command.kind === 'HELP') {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  if (command.kind === 'WRONG') {
    process.stderr.write(`${command.why}\n\n${USAGE}\n`)
    process.exitCode = 2
    return
  }
  const url = environment.DATABASE_URL ?? (await findRunningPostgres(stateDirOf(environment)))
  if (url === null) throw new StartError('Chưa có cơ sở dữ liệu: đặt DATABASE_URL, hoặc chạy "npm start" trước.')
  await checkDatabase(url)
  const db = openDatabase({ url, poolSize: 2, onError: (error) => logger.error({ err: error }, 'mất kết nối cơ sở dữ liệu') })
  shutdown.onShutdown('database', () => db.close())
  const printer = printerFor(command.json)
  if (command.kind === 'LOAD_MAPPINGS') await loadMappingsCommand(db, printer, command.file)
  else if (command.kind === 'MAPPING_GAPS') await mappingGapsCommand(db, printer)
  else if (command.kind === 'LIST_ROUTES') await listRoutesCommand(db, printer)
  else if (command.kind === 'RECOVERY_STATUS') await recoveryStatusCommand(db, printer)
  else if (command.kind === 'OPEN_RECOVERY') await openRecoveryCommand(db, printer, command)
  else if (command.kind === 'CLOSE_RECOVERY') await closeRecoveryCommand(db, printer, command)
  else await setRoutesCommand(db, printer, command)
  await shutdown.stop()
})
