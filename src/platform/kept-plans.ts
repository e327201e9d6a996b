import type { PlanKept, Sql } from './database.js'

/** More kinds of questions than the program has; what came beyond would be planned anew. */
const MOST = 150

const plans = new Map<string, PlanKept>()

const planOf = (text: string): PlanKept | undefined => {
  const known = plans.get(text)
  if (known || plans.size === MOST) return known
  const plan = { planName: `by-key-${plans.size}` }
  plans.set(text, plan)
  return plan
}

const keeping = new WeakMap<Sql, Sql>()

/**
 * For questions by key, whose texts are few and stay the same: each connection keeps their plans, which cost more than their answers do. Not for searches, whose best plan
 * hangs on what is sought. The same one each time, for what is kept beside it.
 */
export const keepingPlans = (sql: Sql): Sql => {
  const known = keeping.get(sql)
  if (known) return known
  const kept: Sql = { query: (text, parameters, plan) => sql.query(text, parameters, plan ?? planOf(text)) }
  keeping.set(sql, kept)
  return kept
}
