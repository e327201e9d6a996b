import type { AlertRule, SystemId } from '../generated/graphql.js'
import { ATTENTION, type ListFilter, NO_FILTER, WAITING, writeFilter } from '../transfers/filter-address.js'

const transfers = (filter: Partial<ListFilter>): string => `/transfers?${writeFilter({ ...NO_FILTER, ...filter })}`

/** Where one sees what an alert is about: the transfers, the discrepancies, the runs, or the system itself. */
export const placeOfAlert = (rule: AlertRule, systemId: SystemId): string => {
  switch (rule) {
    case 'OLDEST_WAITING':
      return transfers({ system: [systemId], state: WAITING })
    case 'FAILURE_SHARE':
    case 'SYSTEM_DOWN':
    case 'SYSTEM_REFUSING':
      return transfers({ system: [systemId], state: [...WAITING, ...ATTENTION] })
    case 'HELD_TRANSFERS':
      return transfers({ system: [systemId], state: ATTENTION })
    case 'DUE_DATE_RISK':
      return transfers({ system: [systemId], risk: 'yes' })
    case 'DISCREPANCIES':
      return `/discrepancies?system=${systemId}&state=OPEN`
    case 'RECONCILIATION_STOPPED':
    case 'COMMUNES_UNMAPPED':
      return '/runs'
    default:
      return '/systems'
  }
}
