import type { Sql } from '../platform/database.js'
import type { DevelopmentClaims } from './development-tokens.js'
import type { Sandbox } from './sandbox-systems.js'
import { readSummary, summaryLines } from './summary.js'

/** Lines for the person at the terminal. */
export const say = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Addresses and a ready-made token for each role, for the person at the terminal. */
export const announce = (
  gatewayUrl: string,
  sandbox: Sandbox,
  tokens: readonly { readonly caller: DevelopmentClaims; readonly token: string }[],
): void =>
  say([
    '',
    'Cổng liên thông đất đai đang chạy / The gateway is running',
    `  Điều khiển  ${gatewayUrl}/console     (bảng điều khiển / the console: mở bằng liên kết của một vai trò ở dưới)`,
    `  GraphQL     ${gatewayUrl}/graphql     Thử trên trình duyệt ${gatewayUrl}/explorer`,
    `  Sức khỏe    ${gatewayUrl}/health/ready     Số liệu ${gatewayUrl}/metrics`,
    ...Object.entries(sandbox.twins).map(([id, twin]) => `  ${id.padEnd(11)} ${twin.url}   điều khiển ${twin.controlUrl}`),
    '',
    'Mã đăng nhập dùng thử, 12 giờ / Tokens to try with, 12 hours:',
    ...tokens.flatMap(({ caller, token }) => [
      `  ${caller.role} (${caller.sub})`,
      `    ${token}`,
      ...(caller.role === 'citizen-app' ? [] : [`    ${gatewayUrl}/console#token=${token}`]),
    ]),
    '',
    'Ctrl-C để dừng / to stop',
    '',
  ])

/** What a person must know who has the counterpart systems alone before them: where they are, whom they call, and what to do with the JSON. */
export const linesAlone = (
  { twins }: Pick<Sandbox, 'twins'>,
  { gatewayUrl, hasFirstPort }: { gatewayUrl: string; hasFirstPort: boolean },
): string[] => [
  '',
  'Các hệ thống thử đang chạy / The sandbox systems are running',
  ...Object.entries(twins).map(([id, twin]) => `  ${id.padEnd(11)} ${twin.url}   điều khiển ${twin.controlUrl}`),
  ...(hasFirstPort
    ? []
    : ['  Cổng mạng mỗi lần một khác: đặt SANDBOX_PORT để giữ nguyên / the ports differ each time: SANDBOX_PORT=5000 keeps them.']),
  `Chúng gọi lại cổng liên thông ở / They call the gateway back at  ${gatewayUrl}   (PORT)`,
  'JSON ở trên / The JSON above: "configuration" → tệp LIENTHONG_CONFIG, "environment" → biến môi trường của gateway và worker / their environment.',
  'Mật khẩu là của lần chạy này / The passwords are of this run. Ctrl-C để dừng / to stop',
  '',
]

const EVERY_MS = 5_000

/** Prints the summary whenever it has changed. Returns how to stop. */
export const showSummary = (sql: Sql): (() => void) => {
  let last = ''
  const show = async (): Promise<void> => {
    const summary = await readSummary(sql).catch(() => undefined)
    if (!summary || JSON.stringify(summary) === last) return
    last = JSON.stringify(summary)
    say([...summaryLines(summary), ''])
  }
  const timer = setInterval(show, EVERY_MS)
  return () => clearInterval(timer)
}
