import type { Stage } from '../fault.js'

/** One dossier, received once and told once, whoever asked how often, under whatever key. */
export const expectOneDossier = async ({ system, convict }: Stage, code: string): Promise<void> => {
  const [row] = await system.sql<{ receptions: number; transfers: number; operations: number }>(
    `SELECT (SELECT count(*)::int FROM dossier_event e WHERE e.dossier_id = d.id AND e.kind = 'RECEIVED') AS receptions,
       (SELECT count(*)::int FROM transfer t WHERE t.dossier_id = d.id) AS transfers,
       (SELECT count(DISTINCT t.operation)::int FROM transfer t WHERE t.dossier_id = d.id) AS operations
     FROM dossier d WHERE d.code = $1`,
    [code],
  )
  if (row?.receptions !== 1) convict('doubled', code, `một lần nộp, ${row?.receptions ?? 0} lần tiếp nhận`)
  if (row && row.transfers !== row.operations) convict('doubled', code, 'một lần nộp đã lập lượt hai lần')
}
