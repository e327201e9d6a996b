import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { transformSync } from '@swc/core'
import { twinControl } from '../../../adapters/soap/twin/control-client.js'
import { type SpawnedTwin, spawnTwin } from '../../../adapters/soap/twin/spawn-twin.js'
import { keepTwin } from '../../../src/sandbox/kept-twin.js'
import { until } from '../../support/until.js'
import { post, register } from './raw-client.js'

const ROOT = resolve('.')
let folder: string
let entry: string

/** The twin's sources as plain JavaScript in a folder of their own, so that a child process can run them without a loader. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twin-process-'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  for (const sources of ['adapters/soap/twin', 'tests/unit/twin']) {
    mkdirSync(join(folder, sources), { recursive: true })
    for (const name of readdirSync(join(ROOT, sources)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
      const { code } = transformSync(readFileSync(join(ROOT, sources, name), 'utf8'), {
        configFile: false,
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      })
      writeFileSync(join(folder, sources, name.replace(/\.ts$/, '.js')), code)
    }
  }
  cpSync(join(ROOT, 'tests/unit/twin/tiny.wsdl'), join(folder, 'tests/unit/twin/tiny.wsdl'))
  entry = join(folder, 'tests/unit/twin/entry.js')
  writeFileSync(
    entry,
    "import { runTwinProcess } from '../../../adapters/soap/twin/process.js'\nimport { tinyTwin } from './tiny-twin.js'\nawait runTwinProcess(tinyTwin(), { tickMs: 0 })\n",
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a twin in its own process loses nothing that it answered when it is killed', async () => {
  const ledgerFile = join(folder, 'ledger.jsonl')
  const first = await spawnTwin(entry, { ledgerFile })
  expect((await post(first.url, register('H1'))).status).toBe(200)
  await first.kill()

  const second = await spawnTwin(entry, { ledgerFile })
  const { requests, deeds } = await twinControl(second.controlUrl).ledger()
  expect(requests).toMatchObject([{ raw: register('H1'), answered: 'OK', processed: 1 }])
  expect(deeds.map(({ what }) => what)).toEqual(['REGISTERED'])
  await second.stop()
  expect(await second.exited).toBe(0)
})

test('ends when its parent is killed', async () => {
  const parent = join(folder, 'parent.mjs')
  writeFileSync(
    parent,
    `import { spawnTwin } from './adapters/soap/twin/spawn-twin.js'\nconst twin = await spawnTwin(${JSON.stringify(entry)})\nconsole.log(JSON.stringify(twin))\nsetInterval(() => {}, 1000)\n`,
  )
  const child = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { pid, url } = JSON.parse(String(line)) as { pid: number; url: string }
  expect((await fetch(url)).status).toBe(200)
  child.kill('SIGKILL')
  while (isAlive(pid)) await new Promise<void>((resolve) => setImmediate(resolve))
  await expect(fetch(url)).rejects.toThrow()
})

test('an entry that dies before it is ready is an error, not a wait for ever', async () => {
  const broken = join(folder, 'broken.mjs')
  writeFileSync(broken, 'process.exit(3)\n')
  await expect(spawnTwin(broken)).rejects.toThrow(/exited before it was ready/)
})

test('one that dies is told of and started again at its address with its ledger, three times', async () => {
  const told: string[] = []
  const spawned: SpawnedTwin[] = []
  const kept = await keepTwin({
    name: 'ViLIS',
    start: { ledgerFile: join(folder, 'kept.jsonl') },
    spawn: async (start) => {
      const twin = await spawnTwin(entry, start)
      spawned.push(twin)
      return twin
    },
    tell: (sentence) => told.push(sentence),
    isEnding: () => false,
  })
  expect((await post(kept.url, register('H1'))).status).toBe(200)
  for (let restarts = 1; restarts <= 3; restarts += 1) {
    await spawned.at(-1)?.kill()
    await until('it is started again', async () => spawned.length > restarts)
    expect(spawned.at(-1)).toMatchObject({ url: kept.url, controlUrl: kept.controlUrl })
    expect((await twinControl(kept.controlUrl).ledger()).deeds).toHaveLength(1)
    expect(told.at(-1)).toMatch(new RegExp(`^Hệ thống mô phỏng ViLIS đã dừng .*khởi động lại, lần ${restarts} trên 3`))
  }
  await spawned.at(-1)?.kill()
  await until('it is given up', async () => told.length === 4)
  expect(told.at(-1)).toContain('sau 3 lần khởi động lại')
  await kept.stop()
  expect(spawned).toHaveLength(4)
})

test('one that is stopped, or that goes while the program ends, is not missed', async () => {
  let isEnding = false
  const spawned: SpawnedTwin[] = []
  const told: string[] = []
  const keep = () =>
    keepTwin({
      name: 'ViLIS',
      start: {},
      spawn: async (start) => {
        const twin = await spawnTwin(entry, start)
        spawned.push(twin)
        return twin
      },
      tell: (sentence) => told.push(sentence),
      isEnding: () => isEnding,
    })
  await (await keep()).stop()
  const second = await keep()
  isEnding = true
  await spawned.at(-1)?.kill()
  await second.stop()
  expect([told, spawned.length]).toEqual([[], 2])
})

/** A killed process's orphan that has exited may stay in the table as a zombie where nobody collects it; that one is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
  return process.platform !== 'linux' || !/^State:\s+Z/m.test(statusOf(pid))
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return 'State:\tZ'
  }
}
