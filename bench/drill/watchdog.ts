import { spawn } from 'node:child_process'

/** Ends the drill's programs when the drill itself is killed: a shell that reads their ids and acts when its input closes without a word. */
export interface Watchdog {
  guard(pids: readonly number[]): void
  dismiss(): void
}

const SCRIPT = 'pids=; while read -r line; do pids="$line"; done; [ "$pids" = done ] || [ -z "$pids" ] || kill -KILL $pids 2>/dev/null'

export const startWatchdog = (): Watchdog => {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' })
  shell.stdin.on('error', () => shell.stdin.destroy())
  shell.unref()
  return {
    guard: (pids) => void shell.stdin.write(`${pids.join(' ')}\n`),
    dismiss: () => void shell.stdin.end('done\n'),
  }
}
