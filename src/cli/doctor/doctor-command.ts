import type { Command } from 'commander'
import { wholeNumber } from '../option-values.js'
import { declareRemote } from '../remote/access.js'
import type { Session } from '../session.js'
import type { Examination } from './examine.js'

/**
 * `lienthong doctor --remote`: through a gateway, with a token. `lienthong doctor --local`: on a server, with the environment that its programs are
 * started with. Both look and change nothing; each check is a line, with what to do; the exit code is the worst one's.
 */
export const declareDoctor = (program: Command, session: Session): void => {
  const { say } = session
  declareRemote(program, 'doctor', say('khám: mọi thứ có ổn không, và phải làm gì', 'whether all is well, and what to do'), session)
    .option(
      '--remote',
      say(
        'qua cổng: các hệ thống, đồng hồ, tồn đọng, cầu dao, cảnh báo',
        'through the gateway: systems, clocks, backlog, breakers, alarms',
      ),
    )
    .option(
      '--local',
      say(
        'trên máy chủ này: cấu hình, CSDL, hàng đợi, kết nối, chứng thư, đĩa',
        'on this server: configuration, database, queue, connections, certificates, disk',
      ),
    )
    .option(
      '--gateways <n>',
      say('với --local: số cổng chạy trên mọi máy', 'with --local: gateways on all servers'),
      wholeNumber(0, 1_000, say),
      1,
    )
    .option(
      '--workers <n>',
      say('với --local: số tiến trình chuyển trên mọi máy', 'with --local: workers on all servers'),
      wholeNumber(0, 1_000, say),
      1,
    )
    .action(async (options: Examination) => (await import('./examine.js')).examine(session, options))
}
