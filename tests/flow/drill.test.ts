import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { projectRoot } from '../../src/platform/paths.js'

/** The drill in short: a few faults hold, and each guard, once broken, is missed. The whole one is `npm run drill`. */
interface Ended {
  readonly code: number
  readonly lines: readonly string[]
  readonly complaint: string
}

const drill = (...options: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(projectRoot, 'dist/bench/drill.js'), '--scale', '0.01', ...options],
      { env: { PATH: process.env.PATH, TMPDIR: tmpdir() } },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, lines: stdout.trim().split('\n'), complaint: stderr.trim() }),
    )
  })

/** A drill beside other tests on a slow machine: what matters is that it ends. */
const LONGEST_MS = 600_000

test(
  'workers killed after sending, answers lost, and a submit repeated fifty times: every invariant holds',
  async () => {
    const faults = ['worker-killed-after-send', 'peer-drops-after-commit', 'same-submit-50-times']
    const { code, lines, complaint } = await drill('--only', faults.join(','))
    // A red one tells the invariant and the seed.
    expect({ code, complaint, verdict: code === 0 ? '' : lines.at(-1) }).toEqual({ code: 0, complaint: '', verdict: '' })
    const { figures, goals } = JSON.parse(lines.at(-1) ?? '') as {
      figures: { faults: number; delivered: number; accepted: number }
      goals: Record<string, { met: boolean }>
    }
    expect(figures.faults).toBe(faults.length)
    expect(figures.delivered).toBeGreaterThan(0)
    expect(Object.values(goals).every(({ met }) => met)).toBe(true)
  },
  LONGEST_MS,
)

/** Each in a round of its own, with its processes started anew, in one system: the next round begins where nothing moves any more. */
describe('with one guard broken after the other', () => {
  const GUARDS = [
    ['fencing', 'fencing'],
    ['inquiry', 'doubled'],
    ['order', 'order'],
    ['outbox', 'lost'],
  ] as const
  let ended: Ended
  beforeAll(async () => {
    ended = await drill('--sabotage', GUARDS.map(([guard]) => guard).join(','), '--seed', '5')
  }, LONGEST_MS)

  test.each(GUARDS)('without %s the drill names "%s"', (guard, invariant) => {
    const verdicts = ended.lines.filter((line) => line.startsWith(`đã tháo chốt "${guard}": `))
    expect(verdicts).toEqual([expect.stringMatching(new RegExp(`: HỎNG: (\\w+, )*${invariant}(, \\w+)*$`))])
  })

  test('the drill ends with 3, names all that was broken and its seed, and complains of nothing else', () => {
    expect({ code: ended.code, complaint: ended.complaint }).toEqual({ code: 3, complaint: '' })
    expect(ended.lines.at(-1)).toMatch(/^HỎNG: (\w+, )*\w+; hạt giống 5$/)
    for (const [, invariant] of GUARDS) expect(ended.lines.at(-1)).toContain(invariant)
  })
})

test('what it does not understand is refused in a sentence, and nothing is started', async () => {
  const { code, lines, complaint } = await drill('--sabotage', 'everything')
  expect({ code, lines }).toEqual({ code: 1, lines: [''] })
  expect(complaint).toBe('--sabotage nhận một trong: fencing, inquiry, order, outbox; không phải "everything".')
})

test(
  'interrupted in the middle of a fault, it ends with 130 when everything of it has gone',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lienthong-ngat-'))
    // PostgreSQL runs as another account when we are root.
    await chmod(folder, 0o711)
    const program = spawn(process.execPath, [join(projectRoot, 'dist/bench/drill.js'), '--scale', '0.1', '--only', 'calm'], {
      env: { PATH: process.env.PATH, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(program, 'exit')
    for await (const line of createInterface({ input: program.stdout })) if (line.startsWith('lỗi ')) program.kill('SIGTERM')
    expect(await ended).toEqual([130, null])
    expect(await readdir(folder)).toEqual([])
    await rmdir(folder)
  },
  LONGEST_MS,
)
