import type { Context } from '../../src/context.js'
import type { Database } from '../../src/platform/database.js'
import { wakeEligible } from '../../src/queue/guardian.js'
import { UNBLOCKED } from '../../src/transfer/claim-repository.js'
import { TURN } from '../../src/transfer/turn-repository.js'

/**
 * Tháo từng chốt để đo: the worker's context with some guards taken out of its statements, to see what each costs. Only this bench is composed so.
 * The guard of the inquiry stands on no path of a sending that is answered, so it costs nothing here.
 */
export const GUARDS = ['fencing', 'order', 'attempts', 'gate', 'outbox'] as const
export type Guard = (typeof GUARDS)[number]

/** Text of the turn, and what it becomes without the guard. */
const TAKEN_OUT: Readonly<Record<Exclude<Guard, 'outbox'>, readonly (readonly [text: string, instead: string])[]>> = {
  fencing: [["t.lease_token = g.token AND t.state = ANY(string_to_array(g.states_before, ' '))", 'true']],
  order: [[UNBLOCKED, 'true']],
  attempts: [
    [
      `INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker, started_at)
  SELECT gen_random_uuid(), id, attempt_count, kind, lease_token, $26, (SELECT now FROM clock) FROM claimed`,
      'SELECT $26::text',
    ],
    ['WHERE a.transfer_id = g.id AND a.number', 'WHERE false AND a.number'],
  ],
  gate: [
    ['AND $27::int > 0 FOR UPDATE', 'AND $27::int > 0'],
    ['WHERE g.system_id = $24 AND EXISTS (SELECT 1 FROM picked)', 'WHERE false AND EXISTS (SELECT 1 FROM picked)'],
    ["f.system_id = $24 AND f.state = 'SENDING'", 'false'],
  ],
}

/** Throws when a guard's text is not there: what was taken for the turn without it would be the turn with it. */
export const turnWithout = (guards: readonly Guard[]): string =>
  guards
    .flatMap((guard) => (guard === 'outbox' ? [] : TAKEN_OUT[guard]))
    .reduce((changed, [part, instead]) => {
      if (!changed.includes(part)) throw new Error(`the turn has no "${part}"`)
      return changed.replace(part, instead)
    }, TURN)

const OUTBOX_TRIGGERS = ['transfer_outbox_of_inserted', 'transfer_outbox_of_updated']

export const withoutGuards = async (context: Context, guards: readonly Guard[]): Promise<Context> => {
  const { db } = context
  for (const name of OUTBOX_TRIGGERS)
    await db.query(`ALTER TABLE transfer ${guards.includes('outbox') ? 'DISABLE' : 'ENABLE'} TRIGGER ${name}`)
  const turn = turnWithout(guards)
  const query: Database['query'] = (text, parameters, plan) => db.query(text === TURN ? turn : text, parameters, plan)
  return { ...context, db: { orm: db.orm, transaction: (work) => db.transaction(work), close: () => db.close(), query } }
}

/** Without an outbox somebody has to say that there is work. */
export const wakeDirectly = async ({ db, queues }: Context): Promise<void> => {
  const queue = queues.get('VILIS')
  if (queue) await wakeEligible(db, 'VILIS', queue)
}
