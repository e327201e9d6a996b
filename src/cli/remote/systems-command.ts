import { Argument, type Command, InvalidArgumentError } from 'commander'
import { SYSTEM_IDS } from '../../model/system.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { type Column, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, declareAct } from './act.js'
import { actOnSystem, limitText as textOf } from './act-on-system.js'
import { openGateway } from './ask-gateway.js'
import {
  PauseSystemDocument,
  ResumeSystemDocument,
  SetSystemLimitsDocument,
  type SystemId,
  type SystemStateFragment,
  SystemsDocument,
} from './generated/graphql.js'
import { declareMaintenance } from './maintenance-command.js'

/** `lienthong systems list | pause | resume | rate | maintenance`: what is called, and how fast, through the gateway. */
export const declareSystems = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('systems').description(say('các hệ thống liên thông, qua cổng', 'the foreign systems, through the gateway'))
  const system = () => new Argument('<system>', say('hệ thống', 'system')).choices(SYSTEM_IDS)
  declareRemote(group, 'list', say('tình trạng, hàng đợi, cầu dao, giới hạn', 'health, queue, breakers, limits'), session).action(
    (options: Remote) => listSystems(session, options),
  )
  declareAct(group, 'pause', say('tạm dừng: không gửi gì nữa', 'send nothing more'), session)
    .addArgument(system())
    .action((systemId: SystemId, options: Acting) =>
      actOnSystem(session, options, (gateway, clientKey) =>
        gateway.ask(PauseSystemDocument, { input: { clientKey, systemId, reason: options.reason } }),
      ),
    )
  declareAct(group, 'resume', say('cho chạy lại', 'go on'), session)
    .addArgument(system())
    .action((systemId: SystemId, options: Acting) =>
      actOnSystem(session, options, (gateway, clientKey) =>
        gateway.ask(ResumeSystemDocument, { input: { clientKey, systemId, reason: options.reason } }),
      ),
    )
  declareMaintenance(group, session, system)
  declareAct(group, 'rate', say('đặt giới hạn, có hiệu lực ngay', 'set the limits, in force at once'), session)
    .addArgument(system())
    .option('--per-second <n|none>', say('số yêu cầu nhiều nhất mỗi giây', 'most requests in a second'), limit(say))
    .option('--in-flight <n|none>', say('số lượt gọi cùng lúc nhiều nhất', 'most calls at once'), limit(say))
    .action((systemId: SystemId, options: Acting & Limits) => {
      const { reason } = options
      const [maxPerSecond, maxInFlight] = [asSent(options.perSecond), asSent(options.inFlight)]
      if (maxPerSecond === undefined && maxInFlight === undefined)
        throw new CommandFailed(EXIT.USAGE, say('Cần --per-second hoặc --in-flight.', '--per-second or --in-flight is needed.'))
      return actOnSystem(session, options, (gateway, clientKey) =>
        gateway.ask(SetSystemLimitsDocument, { input: { clientKey, systemId, reason, maxPerSecond, maxInFlight } }),
      )
    })
}

interface Limits {
  readonly perSecond?: number
  readonly inFlight?: number
}

/** Commander keeps no null. */
const NO_LIMIT = Number.POSITIVE_INFINITY
const asSent = (limit: number | undefined): number | null | undefined => (limit === NO_LIMIT ? null : limit)

const limit =
  (say: Say) =>
  (text: string): number => {
    if (text === 'none') return NO_LIMIT
    const value = Number(text)
    if (/^\d{1,9}(\.\d{1,9})?$/.test(text) && value > 0) return value
    throw new InvalidArgumentError(
      say('Cần một số lớn hơn 0, hoặc "none": không giới hạn.', 'A number above 0 is needed, or "none": no limit.'),
    )
  }

/** What keeps a system from being called as fast as it could, most decisive first. */
const gateOf = ({ paused, maintenance, breakers }: SystemStateFragment, say: Say): string => {
  const running = maintenance.find(({ state }) => state === 'RUNNING')
  if (running)
    return say(
      `bảo trì đến ${localInstant(running.until)}: ${running.reason}`,
      `in maintenance until ${localInstant(running.until)}: ${running.reason}`,
    )
  if (paused) return say(`tạm dừng bởi ${paused.by}: ${paused.reason}`, `paused by ${paused.by}: ${paused.reason}`)
  const open = (breakers ?? []).filter(({ state }) => state !== 'CLOSED')
  return open.map(({ operationClass, state, cause }) => `${operationClass} ${state}: ${cause ?? ''}`).join('; ')
}

const columns = (say: Say): Column<SystemStateFragment>[] => [
  { heading: say('hệ thống', 'system'), of: ({ id }) => id },
  { heading: say('tình trạng', 'health'), of: ({ enabled, health }) => (enabled ? health : say('tắt', 'off')) },
  { heading: say('từ lúc', 'since'), of: ({ healthSince }) => localInstant(healthSince) },
  { heading: say('đang chờ', 'waiting'), of: ({ queueDepth }) => queueDepth },
  { heading: say('cần người', 'attention'), of: ({ attentionCount }) => attentionCount },
  { heading: say('đang gọi', 'in flight'), of: ({ inFlight, limits }) => `${inFlight ?? ''}/${textOf(limits?.maxInFlight)}` },
  {
    heading: say('mỗi giây', 'per second'),
    of: ({ ratePerSecond, limits }) => `${textOf(ratePerSecond && Math.round(ratePerSecond * 10) / 10)}/${textOf(limits?.maxPerSecond)}`,
  },
  { heading: say('chặn bởi', 'kept back by'), of: (system) => gateOf(system, say) },
]

const listSystems = async (session: Session, options: Remote): Promise<void> => {
  const { say, terminal } = session
  const { systems } = await (await openGateway(session, options)).ask(SystemsDocument, {})
  printerFor(options.json, terminal).table(systems, columns(say), say('Không có hệ thống nào.', 'There are no systems.'))
}
