import { listRoutes, setRouteMode } from '../dossier/routing-repository.js'
import { GatewayError } from '../errors.js'
import { ROUTE_MODES, type RouteMode } from '../model/routing.js'
import { ALL_OPERATIONS, type Operation } from '../model/system.js'
import type { Database } from '../platform/database.js'
import { isLocalDate } from './local-date.js'
import type { Printer } from './printer.js'

/** `lienthong routes list` and `lienthong routes set <MODE> --from <day> [--operation <name>…]`: how a district cuts over. */
export const listRoutesCommand = async (db: Database, printer: Printer): Promise<void> => {
  printer.table(await listRoutes(db), 'Bảng định tuyến trống.')
}

export const setRoutesCommand = async (
  db: Database,
  printer: Printer,
  { mode, from, operations }: { mode: string; from: string | undefined; operations: readonly string[] },
): Promise<void> => {
  if (!ROUTE_MODES.includes(mode as RouteMode))
    throw new GatewayError('CONFIGURATION', `Chế độ phải là một trong ${ROUTE_MODES.join(', ')}.`)
  if (from === undefined || !isLocalDate(from)) throw new GatewayError('CONFIGURATION', 'Cần --from yyyy-MM-dd, một ngày có thật.')
  const stranger = operations.find((name) => !ALL_OPERATIONS.includes(name as Operation))
  if (stranger) throw new GatewayError('CONFIGURATION', `Không có nghiệp vụ "${stranger}"; có: ${ALL_OPERATIONS.join(', ')}.`)
  const changed = await setRouteMode(db, {
    mode: mode as RouteMode,
    from,
    ...(operations.length > 0 ? { operations: operations as Operation[] } : {}),
  })
  printer.result({ changed, mode, from }, `${changed} tuyến ở chế độ ${mode} từ ngày ${from}.`)
}
