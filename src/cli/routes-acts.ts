import { type LaterSwitch, listRoutes, type ModeChange, setRouteMode, setRouteModeUnlessLater } from '../dossier/routing-repository.js'
import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import { auditFromTerminal } from '../operator/audit-from-terminal.js'
import type { Answered } from './declare-command.js'
import { CommandFailed, EXIT } from './exit-code.js'
import { printerFor } from './printer.js'
import type { Session } from './session.js'

/** What `lienthong routes` does. */
export interface Change {
  readonly from: string
  readonly operation?: readonly Operation[]
  readonly replace?: boolean
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

export const setRoutes = async (
  session: Session,
  mode: RouteMode,
  { json, from, operation, replace }: Answered & Change,
): Promise<void> => {
  const { database, terminal, say } = session
  const change: ModeChange = {
    mode,
    from,
    ...(operation && { operations: operation }),
    audit: (tx, before, changed) =>
      auditFromTerminal(tx, {
        act: 'SET_ROUTES',
        reason: `routes set ${mode} --from ${from}`,
        before: { modes: before },
        after: { mode, from, operations: operation ?? [], changed },
      }),
  }
  const db = await database()
  const set = replace ? { kind: 'SET' as const, changed: await setRouteMode(db, change) } : await setRouteModeUnlessLater(db, change)
  if (set.kind === 'LATER') throw new CommandFailed(EXIT.REFUSED, describeLater(set.switches, session))
  printerFor(json, terminal).result(
    { changed: set.changed, mode, from },
    say(`${set.changed} tuyến ở chế độ ${mode} từ ngày ${from}.`, `${set.changed} routes are in mode ${mode} from ${from} on.`),
  )
}

const describeLater = (switches: readonly LaterSwitch[], { say }: Session): string =>
  [
    say('Đã định chuyển chế độ cho ngày sau đó:', 'Switches are planned for later days:'),
    ...switches.map(({ operation, mode, from }) => `  ${from}  ${operation}  ${mode}`),
    say('Chưa đổi gì; thêm --replace để bỏ những lần chuyển này.', 'Nothing was changed; add --replace to drop them.'),
  ].join('\n')
