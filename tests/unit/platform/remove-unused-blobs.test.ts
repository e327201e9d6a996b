import { mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { FolderBlobStore } from '../../../src/platform/blob-store.js'
import { createUnusedBlobRemoval } from '../../../src/platform/remove-unused-blobs.js'

const DAY_MS = 86_400_000

let folder: string
let store: FolderBlobStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-unused-'))
  store = await FolderBlobStore.open(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const put = async (text: string): Promise<string> => (await store.put(Buffer.from(text))).sha256
const fileOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256)
/** As if it had been put so many days ago. */
const age = async (sha256: string, days: number): Promise<void> => {
  const then = new Date(Date.now() - days * DAY_MS)
  await utimes(fileOf(sha256), then, then)
}

/** Looks into every subfolder once. */
const removeUnused = async (
  referenced: readonly string[],
  meanwhile: (asked: readonly string[]) => Promise<unknown> = async () => undefined,
): Promise<number> => {
  const remove = createUnusedBlobRemoval(0)
  const findReferenced = async (hashes: readonly string[]): Promise<ReadonlySet<string>> => {
    await meanwhile(hashes)
    return new Set(referenced)
  }
  let removed = 0
  for (let part = 0; part < 256; part += 1) removed += await remove({ folder, olderThanMs: 7 * DAY_MS, findReferenced, limit: 100 })
  return removed
}

test('removes what is old and not referred to, and nothing else', async () => {
  const [unused, referenced, young] = [await put('cũ'), await put('được nhắc tới'), await put('mới')]
  await age(unused, 8)
  await age(referenced, 800)
  await age(young, 6)
  expect(await removeUnused([referenced])).toBe(1)
  expect(await Promise.all([unused, referenced, young].map((sha256) => store.has(sha256)))).toEqual([false, true, true])
  expect(await removeUnused([referenced])).toBe(0)
})

test('what is put again is as young as that, so that the one who puts it may refer to it', async () => {
  const sha256 = await put('nộp lại')
  await age(sha256, 30)
  await put('nộp lại')
  expect(await removeUnused([])).toBe(0)
  expect(await store.get(sha256)).toEqual(Buffer.from('nộp lại'))
})

test('what is put while it is asked whether anything refers to it stays', async () => {
  const sha256 = await put('đúng lúc')
  await age(sha256, 30)
  let asked = 0
  const removed = await removeUnused([], async () => {
    asked += 1
    await put('đúng lúc')
  })
  expect({ asked, removed }).toEqual({ asked: 1, removed: 0 })
  expect(await store.get(sha256)).toEqual(Buffer.from('đúng lúc'))
  expect(await readdir(join(folder, sha256.slice(0, 2)))).toEqual([sha256])
})

test('what a process that died had set aside goes back; its old drafts go', async () => {
  const sha256 = await put('để sang bên')
  const there = join(folder, sha256.slice(0, 2))
  await rename(fileOf(sha256), `${fileOf(sha256)}.1.unused`)
  const draft = join(there, `${sha256}.2.new`)
  await writeFile(draft, 'nửa chừng')
  await utimes(draft, new Date(0), new Date(0))
  expect(await removeUnused([sha256])).toBe(0)
  expect(await readdir(there)).toEqual([sha256])
  expect(await store.get(sha256)).toEqual(Buffer.from('để sang bên'))
})

test('many putting and one removing at the same time: nothing that was put last is gone', async () => {
  const texts = Array.from({ length: 20 }, (_, index) => `tệp ${index}`)
  const hashes = await Promise.all(texts.map(put))
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(hashes.map((sha256) => age(sha256, 30)))
    await Promise.all([removeUnused([]), ...texts.map(put)])
    expect(await Promise.all(hashes.map((sha256) => store.has(sha256)))).toEqual(hashes.map(() => true))
  }
})
