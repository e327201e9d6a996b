import { listRoutes, setRouteMode } from '../dossier/routing-repository.js'
import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import type { Answered } from './declare-command.js'
import { printerFor } from './printer.js'
import type { Session } from './session.js'

/** What `lienthong routes` does. */
export interface Change {
  readonly from: string
  readonly operation?: readonly Operation[]
}

export const showRoutes = async ({ database, terminal, say }: Session, { json }: Answered): Promise<void> => {
  printerFor(json, terminal).table(
    await listRoutes(await database()),
    [
      { heading: say('nghiệp vụ', 'operation'), of: ({ operation }) => operation },
      { heading: say('sự kiện', 'event'), of: ({ event }) => event },
      { heading: say('thủ tục', 'procedure'), of: ({ procedure }) => procedure },
      { heading: say('chế độ', 'mode'), of: ({ mode }) => mode },
      { heading: say('từ ngày', 'from'), of: ({ validFrom }) => validFrom },
      { heading: say('đến ngày', 'to'), of: ({ validTo }) => validTo },
    ],
    say('Bảng định tuyến trống.', 'There are no routes.'),
  )
}

export const setRoutes = async (session: Session, mode: RouteMode, { json, from, operation }: Answered & Change): Promise<void> => {
  const { database, terminal, say } = session
  const changed = await setRouteMode(await database(), { mode, from, ...(operation && { operations: operation }) })
  printerFor(json, terminal).result(
    { changed, mode, from },
    say(`${changed} tuyến ở chế độ ${mode} từ ngày ${from}.`, `${changed} routes are in mode ${mode} from ${from} on.`),
  )
}
