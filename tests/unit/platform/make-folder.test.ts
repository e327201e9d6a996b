import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { makeFolder } from '../../../src/platform/make-folder.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('makes what is missing, with the mode, also when several do it at once; again it does nothing', async () => {
  const path = join(folder, 'a', 'b', 'c')
  await Promise.all([makeFolder(path, 0o700), makeFolder(path, 0o700), makeFolder(join(folder, 'a', 'd'), 0o700)])
  await makeFolder(path)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

test('says what stands in the way, and comes to an end', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolder(join(folder, 'file', 'in-it'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  if (process.platform === 'linux') await expect(makeFolder('/proc/lien-thong/du-lieu')).rejects.toMatchObject({ code: 'ENOENT' })
})
