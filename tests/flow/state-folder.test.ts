import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { projectRoot } from '../../src/platform/paths.js'

/** Programs that hold state folders when they are told to, all at the same moment. */
const SOURCE = `
  import { holdStateFolder } from ${JSON.stringify(join(projectRoot, 'dist/src/platform/state-folder.js'))}
  process.on('message', async ({ folder, at }) => {
    while (performance.timeOrigin + performance.now() < at);
    const held = await holdStateFolder(folder).catch((error) => error.message)
    process.send(typeof held === 'string' ? held : 'HELD')
  })
  process.send('READY')`

let programs: ChildProcess[]
beforeEach(async () => {
  programs = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', SOURCE], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )
  await Promise.all(programs.map((program) => once(program, 'message')))
})
afterEach(async () => {
  for (const program of programs) {
    program.kill('SIGKILL')
    await once(program, 'close')
  }
})

test.each([
  ['of a program that was killed', '999999 another-boot 1'],
  ['that a power cut left empty', ''],
])('of several that start at once over a lock %s one holds the folder, and the others say so', async (_whose, lock) => {
  for (let round = 1; round <= 20; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'lienthong-state-'))
    await writeFile(join(folder, 'in-use-by'), lock)
    const answers = programs.map(async (program) => (await once(program, 'message'))[0] as string)
    for (const program of programs) program.send({ folder, at: Date.now() + 10 })
    const told = (await Promise.all(answers)).toSorted()
    expect(told).toEqual(['HELD', ...Array(2).fill(expect.stringContaining('đang được một tiến trình khác sử dụng'))])
    await rm(folder, { recursive: true })
  }
})
