import { breakerStateOf, type OperationClass } from '../model/circuit-breaker.js'
import { SYSTEM_IDS, SYSTEM_NAMES, type SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { type GateRow, readGates } from '../transfer/gate-reads-repository.js'

/** The short live picture in the terminal: what came in, and by system what was delivered, is on its way, waits or is held, and why one is not called now. */
export interface Summary {
  readonly dossiers: number
  readonly messages: number
  readonly systems: readonly {
    readonly systemId: SystemId
    readonly delivered: number
    readonly moving: number
    readonly waiting: number
    readonly held: number
  }[]
  /** A sentence for each reason for which a system is not called. */
  readonly notices: readonly string[]
}

const CLASS_WORDS: Record<OperationClass, string> = { SEND: 'gửi', INQUIRE: 'tra cứu', READ: 'đọc' }

const clockOf = (at: Date): string => at.toTimeString().slice(0, 8)

/** The words stay the same from one look to the next as long as nothing has changed. */
const noticesOf = ({
  systemId,
  paused,
  maintenance,
  breakers,
  now,
}: Pick<GateRow, 'systemId' | 'paused' | 'maintenance' | 'breakers' | 'now'>): string[] => {
  const name = SYSTEM_NAMES[systemId]
  const pause = paused ? [`${name}: tạm dừng từ ${clockOf(paused.since)}, ${paused.by ?? 'không rõ ai'}: ${paused.reason ?? ''}`] : []
  const open = breakers.flatMap(({ operationClass, openUntil, cause }) => {
    if (openUntil === null) return []
    const next = breakerStateOf({ openUntil }, now) === 'OPEN' ? `thử lại lúc ${clockOf(openUntil)}` : 'đang thử lại'
    return [`${name}: cầu dao mở (${CLASS_WORDS[operationClass]}), ${next}: ${cause ?? 'không rõ vì sao'}`]
  })
  const planned = maintenance ? [`${name}: bảo trì đến ${clockOf(maintenance.until)}: ${maintenance.reason}`] : []
  return [...planned, ...pause, ...open]
}

export const readSummary = async (sql: Sql): Promise<Summary> => {
  const [totals, gates, rows] = await Promise.all([
    sql.query<{ dossiers: number; messages: number }>(
      `SELECT (SELECT count(*) FROM dossier)::int AS dossiers, (SELECT count(*) FROM inbox_message)::int AS messages`,
    ),
    readGates(sql),
    sql.query<{ systemId: SystemId; delivered: number; moving: number; waiting: number; held: number }>(
      `SELECT system_id AS "systemId",
         count(*) FILTER (WHERE state = 'DELIVERED')::int AS delivered,
         count(*) FILTER (WHERE state IN ('PLANNED', 'QUEUED', 'SENDING'))::int AS moving,
         count(*) FILTER (WHERE state IN ('WAITING_RETRY', 'INDETERMINATE'))::int AS waiting,
         count(*) FILTER (WHERE state IN ('HELD', 'REJECTED', 'EXHAUSTED'))::int AS held
       FROM transfer GROUP BY system_id`,
    ),
  ])
  const none = { delivered: 0, moving: 0, waiting: 0, held: 0 }
  return {
    dossiers: totals[0]?.dossiers ?? 0,
    messages: totals[0]?.messages ?? 0,
    notices: gates.flatMap(noticesOf),
    systems: SYSTEM_IDS.map((systemId) => ({ ...(rows.find((row) => row.systemId === systemId) ?? none), systemId })),
  }
}

const cell = (text: string | number, width: number): string => String(text).padStart(width)

/** Lines for a person, without colours: they are also read in files. */
export const summaryLines = (summary: Summary): string[] => [
  `Hồ sơ: ${summary.dossiers}   Thông điệp đến: ${summary.messages}   (${new Date().toTimeString().slice(0, 8)})`,
  `${'Hệ thống'.padEnd(24)}${['đã chuyển', 'đang đi', 'chờ lại', 'giữ lại'].map((head) => head.padStart(11)).join('')}`,
  ...summary.systems.map(
    ({ systemId, delivered, moving, waiting, held }) =>
      `${SYSTEM_NAMES[systemId].padEnd(24)}${[delivered, moving, waiting, held].map((count) => cell(count, 11)).join('')}`,
  ),
  ...summary.notices.map((notice) => `  ! ${notice}`),
]
