import type { Command } from 'commander'
import type { Session } from './session.js'

/** `lienthong configuration show` and `lienthong configuration schema`: JSON, for people and scripts alike. */
export const declareConfiguration = (program: Command, session: Session): void => {
  const { say } = session
  const group = program
    .command('configuration')
    .description(say('mọi cài đặt của LIENTHONG_CONFIG và giá trị mặc định', 'every setting of LIENTHONG_CONFIG and its default'))
  group
    .command('show')
    .description(say('cấu hình đang có hiệu lực, cả giá trị mặc định', 'the configuration in force, defaults included'))
    .action(async () => (await import('./configuration-acts.js')).showConfiguration(session))
  group
    .command('schema')
    .description(
      say(
        'JSON Schema của tệp, để trình soạn thảo kiểm tra và gợi ý ("$schema" ở đầu tệp)',
        'JSON Schema of the file, for an editor that checks and completes it ("$schema" at its head)',
      ),
    )
    .action(async () => (await import('./configuration-acts.js')).showSchema(session))
}
