import type { Context } from '../../src/context.js'
import { type Relay, startRelay } from '../../src/outbox/relay.js'
import type { Database } from '../../src/platform/database.js'
import type { TargetSystem } from '../../src/ports/target-system.js'
import { UNBLOCKED } from '../../src/transfer/claim-repository.js'
import { SABOTAGES, type Sabotage } from './options.js'

/**
 * Tháo chốt: a context with one guard broken, so that the drill can show that it would notice. Only the drill's own programs are
 * composed so; the product has no switch for it. Each break changes a dependency that the composition hands in anyway: the
 * database's statements, the target systems, the relay.
 */
export const sabotageOf = (name: string | undefined): Sabotage => {
  const known = SABOTAGES.find((one) => one === name)
  if (known === undefined) throw new Error(`no sabotage ${name}`)
  return known
}

export const sabotaged = async (context: Context, sabotage: Sabotage): Promise<Context> => {
  switch (sabotage) {
    case 'fencing':
      return withoutFencing(context)
    case 'inquiry':
      return withTargets(context, blindly)
    case 'order':
      return withStatements(context, UNBLOCKED, 'true')
    case 'outbox':
      return withoutOutbox(context)
  }
}

/** Whose right it is, and from which state: what a settlement asks before it moves anything. */
const SETTLE_GUARD = "t.lease_token = g.token AND t.state = ANY(string_to_array(g.states_before, ' '))"
const SHORT_LEASE_MS = 100

/** A lease that ends long before its call does, and a settlement that asks for no token: a stalled sender still moves the state. */
const withoutFencing = (context: Context): Context => {
  const broken = withStatements(withTargets(context, hasty), SETTLE_GUARD, 'true')
  const { configuration } = context.options
  const retry = { ...configuration.retry, leaseMarginMs: SHORT_LEASE_MS }
  return { ...broken, options: { ...context.options, configuration: { ...configuration, retry } } }
}

const hasty = (target: TargetSystem): TargetSystem => ({
  ...bound(target),
  traits: (operation) => ({ ...target.traits(operation), callDeadlineMs: 0 }),
})

/** Takes "perhaps processed" for "not processed": it is sent again without a question. */
const blindly = (target: TargetSystem): TargetSystem => ({
  ...bound(target),
  send: async (sending) => {
    const { outcome, evidence } = await target.send(sending)
    return { outcome: outcome.kind === 'INDETERMINATE' ? { ...outcome, kind: 'UNAVAILABLE' } : outcome, evidence }
  },
})

const bound = (target: TargetSystem): TargetSystem => ({
  id: target.id,
  operations: target.operations,
  requestsPerStep: target.requestsPerStep,
  traits: (operation) => target.traits(operation),
  check: (sending) => target.check(sending),
  send: (sending) => target.send(sending),
  inquire: (sending) => target.inquire(sending),
  close: () => target.close(),
})

const withTargets = (context: Context, broken: (target: TargetSystem) => TargetSystem): Context => ({
  ...context,
  targets: new Map([...context.targets].map(([id, target]) => [id, broken(target)])),
})

/** Wake-ups are marked as published and never published; the guardian finds no queue to put them back into. */
const withoutOutbox = async (context: Context): Promise<Context> => {
  await context.relay.stop()
  const relay: Relay = startRelay({
    db: context.db,
    publish: async () => undefined,
    beforePublish: async () => undefined,
    onError: () => undefined,
    pollMs: 200,
    batchSize: 500,
  })
  return { ...context, relay, queues: new Map(), close: async () => relay.stop().then(() => context.close()) }
}

/**
 * Every statement without one of its conditions. A product whose statements no longer have it is told apart from one that holds without
 * it: claims and settlements are known by the name of their plan.
 */
const withStatements = (context: Context, condition: string, instead: string): Context => {
  const { db } = context
  const query: Database['query'] = (text, parameters, plan) => {
    if (plan?.planName === 'turn' && !text.includes(condition)) throw new Error(`sabotage: the turn has no condition "${condition}"`)
    // Without the plan's name: the server would keep the plan of the whole statement.
    return text.includes(condition) ? db.query(text.replaceAll(condition, instead), parameters) : db.query(text, parameters, plan)
  }
  return { ...context, db: { orm: db.orm, transaction: (work) => db.transaction(work), close: () => db.close(), query } }
}
