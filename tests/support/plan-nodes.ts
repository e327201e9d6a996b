import type { Sql } from '../../src/platform/database.js'

/** A node of a plan as PostgreSQL tells it after running it. */
export interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly PlanNode[]
}

/**
 * For the session that fills the tables: its ANALYZE then reads every row of up to 150,000 and not some by lot, so that the planner
 * knows the same of the same rows each time, and chooses the same way.
 */
export const ALL_ROWS_COUNT = 'SET default_statistics_target = 500'

export const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** Rows that went into a node, over all its loops. */
export const rowsInto = (node: PlanNode): number =>
  (node.Plans ?? []).reduce((sum, child) => sum + child['Actual Rows'] * child['Actual Loops'], 0)

/** Rows that were read of a table or of its indexes, also those that were then dropped. */
export const rowsRead = (plan: PlanNode, table: string): number =>
  nodesOf(plan)
    .filter((node) => node['Relation Name'] === table)
    .map((node) => {
      const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
      return (node['Actual Rows'] + dropped) * node['Actual Loops']
    })
    .reduce((sum, rows) => sum + rows, 0)

/** The plans, as they were run, of exactly the statements that `work` sends. */
export const plansOf = async (db: Sql, work: (db: Sql) => Promise<unknown>): Promise<PlanNode[]> => {
  const sent: [string, readonly unknown[]][] = []
  await work({
    query: (text, parameters = []) => {
      sent.push([text, parameters])
      return db.query(text, parameters)
    },
  })
  const plans: PlanNode[] = []
  for (const [statement, parameters] of sent) {
    const [row] = await db.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${statement}`,
      parameters,
    )
    if (row) plans.push(row['QUERY PLAN'][0].Plan)
  }
  return plans
}
