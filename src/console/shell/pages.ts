import { type ConsolePermission, roleMay } from '../session/permissions.js'
import type { Role } from '../session/read-token.js'

/** The pages of the menu, and what one must be allowed to use them and all that lies below them. */
const PAGES = [
  { path: '/', name: 'overview' },
  { path: '/transfers', name: 'transfers' },
  { path: '/discrepancies', name: 'discrepancies', needs: 'seeDiscrepancies' },
  { path: '/runs', name: 'runs', needs: 'seeRuns' },
  { path: '/causes', name: 'causes', needs: 'seeCauses' },
  { path: '/plans', name: 'plans', needs: 'seePlans' },
  { path: '/systems', name: 'systems' },
  { path: '/alerts', name: 'alerts', needs: 'seeAlerts' },
  { path: '/reports', name: 'reports', needs: 'seeReports' },
  { path: '/audit', name: 'audit', needs: 'seeAudit' },
] as const satisfies readonly { readonly path: string; readonly name: string; readonly needs?: ConsolePermission }[]

export type ConsolePageEntry = (typeof PAGES)[number]

const isFor = (role: Role, page: ConsolePageEntry): boolean => !('needs' in page) || roleMay(role, page.needs)

export const isAt = ({ path }: ConsolePageEntry, pathname: string): boolean =>
  pathname === path || (path !== '/' && pathname.startsWith(`${path}/`))

export const pagesOf = (role: Role): readonly ConsolePageEntry[] => PAGES.filter((page) => isFor(role, page))

/** The page at an address that somebody followed or typed and that their role does not use. */
export const refusedAt = (pathname: string, role: Role): ConsolePageEntry | undefined =>
  PAGES.find((page) => isAt(page, pathname) && !isFor(role, page))
