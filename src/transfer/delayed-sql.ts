import { DELAYED_STATES, TURN_STATES } from '../model/interlink-state.js'

/** SQL: array of the systems to which nothing is sent now, asked once for a statement: paused, under maintenance (`isRunning`), or behind their breaker of sending. */
export const SHUT_SYSTEMS = '(SELECT shut_systems())'

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

/** SQL: whether transfer `t` is bị chậm. What was never tried is so as well while its system is not called. */
export const IS_DELAYED = `(t.state IN (${quoted(DELAYED_STATES)}) OR t.state IN (${quoted(TURN_STATES)}) AND t.system_id = ANY(${SHUT_SYSTEMS}::text[]))`
