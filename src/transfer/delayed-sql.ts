import { DELAYED_STATES, TURN_STATES } from '../model/interlink-state.js'
import { inMaintenance } from './maintenance-repository.js'

/** SQL: array of the systems to which nothing is sent now: paused, under maintenance, or behind their breaker of sending. Worked out once for a statement. */
export const SHUT_SYSTEMS = `ARRAY(SELECT g.system_id FROM system_gate g WHERE g.paused_at IS NOT NULL OR ${inMaintenance('g.system_id')}
  OR EXISTS (SELECT 1 FROM system_breaker b WHERE b.system_id = g.system_id AND b.class = 'SEND' AND b.open_until IS NOT NULL))`

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

/** SQL: whether transfer `t` is bị chậm. What was never tried is so as well while its system is not called. */
export const IS_DELAYED = `(t.state IN (${quoted(DELAYED_STATES)}) OR t.state IN (${quoted(TURN_STATES)}) AND t.system_id = ANY(${SHUT_SYSTEMS}))`
