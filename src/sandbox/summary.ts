import { SYSTEM_IDS, SYSTEM_NAMES, type SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'

/** The short live picture in the terminal: what came in, and by system what was delivered, is on its way, waits or is held. */
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
}

export const readSummary = async (sql: Sql): Promise<Summary> => {
  const [totals, rows] = await Promise.all([
    sql.query<{ dossiers: number; messages: number }>(
      `SELECT (SELECT count(*) FROM dossier)::int AS dossiers, (SELECT count(*) FROM inbox_message)::int AS messages`,
    ),
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
]
