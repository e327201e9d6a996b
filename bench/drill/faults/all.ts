import type { Fault } from '../fault.js'
import type { Sabotage } from '../options.js'
import { ATTACHMENT_FAULTS } from './attachment-faults.js'
import { CLOCK_FAULTS } from './clock-faults.js'
import { DATABASE_FAULTS } from './database-faults.js'
import { GATEWAY_FAULTS } from './gateway-faults.js'
import { INTAKE_FAULTS } from './intake-faults.js'
import { OUTAGE_FAULTS } from './outage-faults.js'
import { PEER_FAULTS } from './peer-faults.js'
import { PROCESS_FAULTS } from './process-faults.js'
import { REDIS_FAULTS } from './redis-faults.js'
import { RESTORE_FAULTS } from './restore-faults.js'

/** The matrix, in the order in which it runs. A fault's place in this list is part of its dossiers' codes. */
export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...GATEWAY_FAULTS,
  ...DATABASE_FAULTS,
  ...REDIS_FAULTS,
  ...PEER_FAULTS,
  ...ATTACHMENT_FAULTS,
  ...INTAKE_FAULTS,
  ...OUTAGE_FAULTS,
  ...RESTORE_FAULTS,
  // Last: a clock of a twin that was put ahead stays so, and what it tells is set aside.
  ...CLOCK_FAULTS,
]

/** The faults in which a broken guard must show. */
export const SABOTAGE_FAULTS: Readonly<Record<Sabotage, readonly string[]>> = {
  fencing: ['peer-commits-late'],
  inquiry: ['peer-drops-after-commit'],
  order: ['order-behind-refused'],
  outbox: ['calm'],
}
