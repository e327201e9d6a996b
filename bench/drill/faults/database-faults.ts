import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, open, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { NoAnswer } from '../client.js'
import { DrillFailure, endingWith, type Fault, type Stage } from '../fault.js'

/** What can happen to the database and to the queue in it. */
const DOWN_MS = 2_000
const CUTS = 5

const run = promisify(execFile)

/** While dossiers come in, and again and again during it. */
const duringIntake = async (stage: Stage, act: () => Promise<void>): Promise<void> => {
  const filling = stage.intake.fill(stage.size)
  await stage.until('đã có lượt được lập', async () => (await stage.count('true')) > 0)
  await act()
  stage.mended()
  await filling
}

/** Our own act upon busy tables may be the one that a deadlock ends. */
const DEADLOCK = '40P01'
const insist = async <Result>(act: () => Promise<Result>): Promise<Result> => {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK) throw error
    }
  }
}

/** Without a database intake must say so, with 503 and Retry-After: no gateway was ended, so silence is no answer. */
const expectNoIntake = async (stage: Stage, port?: number): Promise<void> => {
  const { intake } = stage
  const answer = await intake
    .ask<{ submitDossier: { __typename: string } }>(
      'mutation ($input: WithdrawDossierInput!) { withdrawDossier(input: $input) { __typename } }',
      { input: { clientKey: `mat-csdl-${randomUUID()}`, dossierCode: 'H58.22-260101-000001', reason: 'Diễn tập' } },
      'admin',
      port,
    )
    .catch((error: unknown) => {
      if (error instanceof NoAnswer) return undefined
      throw error
    })
  if (answer !== undefined) stage.convict('lost', 'intake', 'trả lời như thường khi không có cơ sở dữ liệu')
}

/** The whole time from the stop to the last dossier. */
const withoutDatabase = (stage: Stage, stop: () => Promise<void>): Promise<void> =>
  duringIntake(stage, async () => {
    await stop()
    await expectNoIntake(stage)
    await pause(DOWN_MS)
    await stage.system.cluster.start()
  })

/** A file system of a size: only an administrator may make one, and only where the kernel knows tmpfs. */
const DISK_BYTES = 768 * 1024 * 1024
const withSmallDisk = async <Result>(work: (folder: string) => Promise<Result>): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-dia-nho-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES},mode=711`, 'tmpfs', folder])
  const end = async (): Promise<void> => {
    await run('umount', ['-l', folder])
    await rmdir(folder)
  }
  return endingWith(end, () => work(folder))
}

const noSmallDisk = (): Promise<string | undefined> =>
  withSmallDisk(async () => undefined).catch(() => 'máy không cho gắn một hệ tệp nhỏ (cần quyền quản trị và tmpfs)')

/** Writes until nothing more fits. */
const fillUp = async (path: string): Promise<void> => {
  const file = await open(path, 'w')
  const block = Buffer.alloc(1024 * 1024)
  try {
    for (;;) await file.write(block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    await file.close()
  }
}

const FULL_MS = 4_000
const LEFT_OVER = 6

/** A full disk that nobody meets has proven nothing: more is handed in until a submit is not taken. It goes once there is room again. */
const untilMissed = async ({ intake, until }: Stage): Promise<Promise<void>[]> => {
  const before = intake.unanswered.length
  const more: Promise<void>[] = []
  await until('có lượt nộp không được nhận vì đĩa đầy', async () => {
    if (intake.underWay.size === 0) more.push(intake.fill(LEFT_OVER, ['GRAPHQL']))
    return intake.unanswered.length > before
  })
  return more
}

/** Counts the wake-ups that nobody has taken out yet, and throws them away with all else. */
const WIPE = `CREATE OR REPLACE FUNCTION drill.wipe_queue() RETURNS int LANGUAGE plpgsql AS $$
  DECLARE tables text; waiting int;
  BEGIN
    SELECT string_agg(quote_ident(schemaname) || '.' || quote_ident(tablename), ', ') INTO tables FROM pg_tables
    WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%';
    EXECUTE 'LOCK TABLE ' || tables || ' IN ACCESS EXCLUSIVE MODE';
    SELECT count(*) INTO waiting FROM bullmq.job WHERE queue LIKE 'transfer-%' AND state IN ('waiting', 'delayed');
    EXECUTE 'TRUNCATE ' || tables;
    RETURN waiting;
  END $$`

/** A queue in which nothing waits loses nothing: ViLIS is away, so that retries wait in it, until two wipes have each met some; one, of a few dossiers, whose wake-ups may all be in it at once. */
const wipeQueue = async (stage: Stage): Promise<void> => {
  const { system, random, note } = stage
  await system.sql(WIPE)
  await system.twins.VILIS.offline()
  const wipes = stage.size < FEW ? 1 : WIPES
  await duringIntake(stage, async () => {
    const met: number[] = []
    await stage.until('hàng đợi có báo thức để xóa', async () => {
      const [row] = await insist(() => system.sql<{ waiting: number }>('SELECT drill.wipe_queue() AS waiting'))
      if (row && row.waiting > 0) met.push(row.waiting)
      if (met.length < wipes) await pause(random.between(100, 500))
      return met.length >= wipes
    })
    note(`${met.join(' và ')} báo thức bị xóa trước khi có ai lấy ra`)
    await system.twins.VILIS.online()
  })
}
const WIPES = 2
/** About half of what a fault has in a whole drill. */
const FEW = 20

/** Jobs by their ids that came into the queue in this fault more than once, and are in it no more: somebody has taken out each. */
const TAKEN_TWICE = `SELECT job FROM (SELECT substring(text FROM '^\\(transfer-[A-Z_]+,([0-9a-f-]{36}-[0-9]+),') AS job FROM drill.job) came
  WHERE job IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bullmq.job j WHERE j.id = came.job) GROUP BY job HAVING count(*) > 1`

const repeatWakeUps = async (stage: Stage): Promise<void> => {
  const { system, random, until, note } = stage
  let taken = 0
  await duringIntake(stage, async () => {
    for (let again = 0; again < CUTS; again += 1) {
      await insist(() => system.sql('UPDATE outbox_event SET published_at = NULL WHERE wake_at IS NOT NULL'))
      await pause(random.between(100, 400))
    }
    await until('báo thức phát lại đã được lấy ra', async () => {
      taken = (await system.sql(TAKEN_TWICE)).length
      return taken > 0
    })
  })
  note(`${taken} báo thức được lấy ra hơn một lần`)
}

/** The queue's own statement begins with a comment. */
const LISTENS = `query ~* '(^|\\n)listen '`

export const DATABASE_FAULTS: readonly Fault[] = [
  {
    name: 'database-stopped',
    title: 'PostgreSQL dừng rồi chạy lại',
    run: (stage) => withoutDatabase(stage, () => stage.system.cluster.stop()),
  },
  {
    name: 'database-killed',
    title: 'PostgreSQL bị giết rồi chạy lại',
    run: (stage) => withoutDatabase(stage, () => stage.system.cluster.kill()),
  },
  {
    name: 'listening-cut',
    title: 'các kết nối LISTEN bị cắt nhiều lần',
    run: (stage) =>
      duringIntake(stage, async () => {
        let ended = 0
        for (let cut = 0; cut < CUTS; cut += 1) {
          const listening = await stage.system.sql(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${LISTENS} AND pid <> pg_backend_pid()`,
          )
          ended += listening.length
          await pause(stage.random.between(50, 400))
        }
        if (ended === 0) throw new DrillFailure('không có kết nối LISTEN nào để cắt')
        stage.note(`${ended} kết nối LISTEN bị cắt`)
      }),
  },
  {
    name: 'connections-cut',
    title: 'mọi kết nối tới PostgreSQL bị cắt nhiều lần',
    run: (stage) =>
      duringIntake(stage, async () => {
        for (let cut = 0; cut < CUTS; cut += 1) {
          for (const { wire } of [...stage.system.gateways, ...stage.system.workers]) wire.reset()
          await pause(stage.random.between(50, 400))
        }
      }),
  },
  {
    name: 'gateways-silenced',
    title: 'gói tin giữa các cổng và PostgreSQL bị nuốt cả hai chiều',
    run: (stage) =>
      duringIntake(stage, async () => {
        const { gateways } = stage.system
        for (const { wire } of gateways) wire.hold('FROM_SERVER', 'FROM_CLIENT')
        await Promise.all(gateways.map(({ port }) => expectNoIntake(stage, port)))
        for (const { wire } of gateways) wire.heal()
      }),
  },
  {
    name: 'queue-wiped',
    title: 'hàng đợi bị xóa sạch',
    run: wipeQueue,
  },
  {
    name: 'wake-ups-repeated',
    title: 'báo thức phát lại: sập giữa lúc phát và lúc đánh dấu',
    run: repeatWakeUps,
  },
  {
    name: 'disk-full',
    title: 'đĩa của PostgreSQL đầy',
    impossible: noSmallDisk,
    run: async (stage) => {
      const { cluster, folder: home } = stage.system
      const before = join(home, 'db')
      await withSmallDisk(async (disk) => {
        const small = join(disk, 'db')
        await mkdir(small, { recursive: true })
        await cluster.stop()
        await cluster.copyTo(small)
        cluster.useFolder(small)
        await cluster.start()
        await duringIntake(stage, async () => {
          await fillUp(join(disk, 'day'))
          const more = await untilMissed(stage)
          await pause(FULL_MS)
          await rm(join(disk, 'day'))
          // A server that could not write its log has stopped itself.
          await cluster.stop()
          await cluster.start()
          await Promise.all(more)
        })
        await cluster.stop()
        await cluster.copyTo(before)
        cluster.useFolder(before)
        await cluster.start()
      })
    },
  },
]
