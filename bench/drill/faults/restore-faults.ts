import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DrillSystem } from '../drill-system.js'
import { DrillFailure, type Fault, type Stage } from '../fault.js'

/**
 * A backup is put back. What our tables knew of the time between is gone, the other sides' ledgers go on: whatever is sent once more
 * without a question shows as doubled. In the lost time dossiers come by the desk alone: its feed shows them again, whereas what a front
 * end handed in and had not reached the desk is lost with the restore, as README says.
 */
const CLI = fileURLToPath(new URL('../../../src/cli.js', import.meta.url))

const SETTLED = `t.state IN ('DELIVERED', 'REJECTED', 'EXHAUSTED', 'ABANDONED', 'SUPERSEDED', 'HELD')`
const BEHIND_HELD = `EXISTS (SELECT 1 FROM transfer e WHERE e.dossier_id = t.dossier_id AND e.system_id = t.system_id
  AND e.sequence < t.sequence AND e.state IN ('HELD', 'REJECTED', 'EXHAUSTED'))`

const stopOurs = ({ gateways, workers }: DrillSystem): Promise<unknown> =>
  Promise.all([...gateways, ...workers].map(({ program }) => program.stop()))
const startOurs = ({ gateways, workers }: DrillSystem): Promise<unknown> =>
  Promise.all([...gateways, ...workers].map((unit) => unit.start()))

const untilAllIsThrough = (stage: Stage): Promise<void> =>
  stage.until('mọi hồ sơ đã vào và đã chuyển', async () => {
    const codes = [...stage.intake.accepted.keys()]
    const [row] = await stage.system.sql<{ count: number }>(
      `SELECT count(DISTINCT d.code)::int AS count FROM dossier d JOIN transfer t ON t.dossier_id = d.id WHERE d.code = ANY($1)`,
      [codes],
    )
    return row?.count === codes.length && (await stage.count(`NOT ${SETTLED} AND NOT ${BEHIND_HELD}`)) === 0
  })

interface Epoch {
  readonly openedBy: string
  readonly reason: string
}

/** By themselves: nobody tells them. */
const untilNoticed = async (stage: Stage): Promise<boolean> => {
  const open = () => stage.system.sql<Epoch>('SELECT opened_by AS "openedBy", reason FROM recovery_epoch WHERE closed_at IS NULL')
  try {
    await stage.until('tiến trình nhận ra cơ sở dữ liệu được phục hồi', async () => (await open()).length > 0)
    for (const { openedBy, reason } of await open()) stage.note(`đợt khôi phục mở bởi ${openedBy}: ${reason}`)
    return true
  } catch (error) {
    if (!(error instanceof DrillFailure)) throw error
    stage.convict('restore', 'recovery_epoch', 'không tiến trình nào nhận ra cơ sở dữ liệu đã được phục hồi')
    return false
  }
}

const run = promisify(execFile)

const recovery = (stage: Stage, ...words: string[]): Promise<string> =>
  run(process.execPath, [CLI, 'recovery', ...words], { env: { PATH: process.env.PATH, DATABASE_URL: stage.system.cluster.url } }).then(
    ({ stdout }) => stdout.trim(),
  )

/** Of all dossiers: an epoch takes in what was held before it. */
const heldNow = async ({ system }: Stage): Promise<number> => {
  const [row] = await system.sql<{ count: number }>(`SELECT count(*)::int AS count FROM transfer WHERE state = 'HELD'`)
  return row?.count ?? 0
}

/** As an operator does. What waits behind a held one is not asked before that one is released: closing then takes `--force`. */
const closeEpoch = async (stage: Stage, heldBefore: number): Promise<void> => {
  await stage.until('đã đọc lại hết và hỏi lại hết', async () => {
    const [row] = await stage.system.sql<{ count: number }>(
      `SELECT ((SELECT count(*) FROM poll_cursor c, recovery_epoch e WHERE e.closed_at IS NULL
           AND (c.read_to_end_at IS NULL OR c.read_to_end_at < e.opened_at))
         + (SELECT count(*) FROM transfer t JOIN recovery_epoch e ON e.id = t.recovery_epoch_id AND e.closed_at IS NULL
           WHERE t.state IN ('INDETERMINATE', 'SENDING') AND NOT ${BEHIND_HELD}))::int AS count`,
    )
    return row?.count === 0
  })
  const status = await recovery(stage, 'status')
  for (const line of status.split('\n').slice(1)) stage.note(line.replace(/ Giữ lại chờ người xử lý: .*$/, ''))
  stage.note(`giữ lại thêm chờ người xử lý: ${(await heldNow(stage)) - heldBefore}`)
  const force = /^Chưa hỏi xong: 0\./m.test(status) ? [] : ['--force']
  await recovery(stage, 'close', '--reason', 'Diễn tập: đã hỏi xong', ...force)
  if (force.length > 0) stage.note('đóng với --force: còn lượt chờ sau lượt đang giữ')
}

export const RESTORE_FAULTS: readonly Fault[] = [
  {
    name: 'backup-restored',
    title: 'cơ sở dữ liệu được phục hồi từ bản sao lưu',
    // What was told meanwhile in another order may stand there with other content.
    needsPeople: true,
    livesAtDesk: true,
    run: async (stage) => {
      const { system, intake, size } = stage
      const { cluster } = system
      const home = join(system.folder, 'db')
      const backup = join(system.folder, 'ban-sao-luu')
      const part = Math.ceil(size / 3)
      // What the backup believes to be unsent: they get it in the time that will be lost.
      const away = [system.twins.VILIS, system.twins.PORTAL]
      await Promise.all(away.map((twin) => twin.offline()))
      await intake.fill(part)
      await stage.until('có lượt chưa gửi được', async () => (await stage.count(`t.system_id = 'VILIS' AND t.state <> 'DELIVERED'`)) > 0)
      await stopOurs(system)
      await cluster.stop()
      const fromMs = Date.now()
      await cluster.copyTo(backup)
      await cluster.start()
      await Promise.all(away.map((twin) => twin.online()))
      await startOurs(system)
      await intake.fill(part, ['PUSH', 'POLL'])
      await untilAllIsThrough(stage)
      await stopOurs(system)
      const delivered = await stage.count(`t.state = 'DELIVERED'`)
      await cluster.stop()
      cluster.useFolder(backup)
      await cluster.copyTo(home)
      cluster.useFolder(home)
      await rm(backup, { recursive: true })
      await cluster.start()
      stage.forgotten({ fromMs, toMs: Date.now() })
      stage.note(`${delivered - (await stage.count(`t.state = 'DELIVERED'`))} lượt đã chuyển bị quên; lần thử trong quãng mất không xét`)
      const held = await heldNow(stage)
      await startOurs(system)
      stage.mended()
      if (!(await untilNoticed(stage))) return
      await intake.fill(part)
      await untilAllIsThrough(stage)
      await closeEpoch(stage, held)
    },
  },
]
