import type { Argument, Command } from 'commander'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { instant } from '../option-values.js'
import { type Column, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, declareAct } from './act.js'
import { actOnSystem } from './act-on-system.js'
import { openGateway } from './ask-gateway.js'
import {
  EndMaintenanceDocument,
  PlanMaintenanceDocument,
  type SystemId,
  type SystemStateFragment,
  SystemsDocument,
} from './generated/graphql.js'

type Window = SystemStateFragment['maintenance'][number] & { readonly systemId: string }

const columns = (say: Say): Column<Window>[] => [
  { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
  {
    heading: say('trạng thái', 'state'),
    of: ({ state }) => (state === 'RUNNING' ? say('đang bảo trì', 'running') : say('sắp tới', 'to come')),
  },
  { heading: say('từ lúc', 'from'), of: ({ from }) => localInstant(from) },
  { heading: say('đến lúc', 'until'), of: ({ until }) => localInstant(until) },
  { heading: say('lý do', 'reason'), of: ({ reason }) => reason },
  { heading: say('người lập', 'planned by'), of: ({ plannedBy }) => plannedBy },
  { heading: say('khóa', 'id'), of: ({ id }) => id },
]

const listWindows = async (session: Session, options: Remote): Promise<void> => {
  const { say, terminal } = session
  const { systems } = await (await openGateway(session, options)).ask(SystemsDocument, {})
  const windows = systems.flatMap(({ id, maintenance }) => maintenance.map((window) => ({ ...window, systemId: id })))
  printerFor(options.json, terminal).table(windows, columns(say), say('Không có khung bảo trì nào.', 'No maintenance is planned.'))
}

interface Planned {
  readonly from?: string
  readonly until: string
}

/** `lienthong systems maintenance list | plan | end`: windows in which a system is left alone, which begin and end by themselves. */
export const declareMaintenance = (systems: Command, session: Session, system: () => Argument): void => {
  const { say } = session
  const group = systems.command('maintenance').description(say('các khung bảo trì', 'planned maintenance'))
  declareRemote(group, 'list', say('đang chạy và sắp tới', 'what runs and what is to come'), session).action((options: Remote) =>
    listWindows(session, options),
  )
  declareAct(group, 'plan', say('lập một khung, từ bây giờ khi không có --from', 'plan a window, from now on without --from'), session)
    .addArgument(system())
    .option('--from <instant>', say('từ lúc, ví dụ 2026-11-28T18:00:00+07:00', 'from, such as 2026-11-28T18:00:00+07:00'), instant(say))
    .requiredOption('--until <instant>', say('đến lúc, dài nhất 72 giờ', 'until, 72 hours at most'), instant(say))
    .action((systemId: SystemId, options: Acting & Planned) => {
      const { from, until, reason } = options
      return actOnSystem(session, options, (gateway, clientKey) =>
        gateway.ask(PlanMaintenanceDocument, { input: { clientKey, systemId, from, until, reason } }),
      )
    })
  declareAct(group, 'end', say('kết thúc sớm, hoặc bỏ khung chưa đến giờ', 'end one early, or take back one to come'), session)
    .addArgument(system())
    .argument('<id>', say('khóa của khung, như `systems maintenance list` cho thấy', 'its id, as `systems maintenance list` shows it'))
    .action((systemId: SystemId, windowId: string, options: Acting) =>
      actOnSystem(session, options, (gateway, clientKey) =>
        gateway.ask(EndMaintenanceDocument, { input: { clientKey, systemId, windowId, reason: options.reason } }),
      ),
    )
}
