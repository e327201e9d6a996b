import { printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { type Acting, actOnce } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import type { SystemActedFragment } from './generated/graphql.js'

/** A limit as people read it. */
export const limitText = (value: number | null | undefined): string => (value === null || value === undefined ? '∞' : String(value))

/** Does one act on a system and says how it stands after it. */
export const actOnSystem = async (
  session: Session,
  options: Acting,
  perform: (gateway: Gateway, clientKey: string) => Promise<{ readonly acted: SystemActedFragment }>,
): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const { system, repeated } = await actOnce(session, options.clientKey, (key) => perform(gateway, key))
  const before = repeated ? say(' (đã làm từ trước)', ' (was done before)') : ''
  const inMaintenance = system.maintenance.some(({ state }) => state === 'RUNNING')
  const working = inMaintenance ? say('đang bảo trì', 'is in maintenance') : say('đang chạy', 'runs')
  const state = system.paused ? say('đang tạm dừng', 'is paused') : working
  const { limits } = system
  const most = say(
    `nhiều nhất ${limitText(limits?.maxPerSecond)} yêu cầu mỗi giây, ${limitText(limits?.maxInFlight)} lượt cùng lúc`,
    `at most ${limitText(limits?.maxPerSecond)} requests a second, ${limitText(limits?.maxInFlight)} at once`,
  )
  printerFor(options.json, terminal).result({ repeated, system }, `${say('Đã làm', 'Done')}${before}: ${system.id} ${state}, ${most}.`)
}
