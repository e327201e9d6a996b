import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { FolderBlobStore } from '../../../src/platform/blob-store.js'
import { StartError } from '../../../src/platform/start-error.js'

let folder: string
let store: FolderBlobStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-blob-'))
  store = await FolderBlobStore.open(join(folder, 'documents'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** SHA-256 of "abc", from FIPS 180-4's examples. */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const fileOfAbc = (): string => join(folder, 'documents', 'ba', abc)

test('what was put comes back under its SHA-256, and is kept once', async () => {
  expect(await store.put(Buffer.from('abc'))).toEqual({ sha256: abc, size: 3 })
  await Promise.all([store.put(Buffer.from('abc')), store.put(Buffer.from('abc'))])
  expect(await store.get(abc)).toEqual(Buffer.from('abc'))
  expect(await store.has(abc)).toBe(true)
  expect(await readdir(join(folder, 'documents', 'ba'))).toEqual([abc])
})

test('unknown bytes are null, and an empty document is a document', async () => {
  expect(await store.get(abc)).toBeNull()
  expect(await store.has(abc)).toBe(false)
  const { sha256 } = await store.put(Buffer.alloc(0))
  expect(await store.get(sha256)).toEqual(Buffer.alloc(0))
})

test('a damaged file is never handed out, and putting the same bytes again mends it', async () => {
  await store.put(Buffer.from('abc'))
  await writeFile(fileOfAbc(), 'abd')
  await expect(store.get(abc)).rejects.toThrow('damaged')
  await store.put(Buffer.from('abc'))
  expect(await store.get(abc)).toEqual(Buffer.from('abc'))
})

test.each(['../../../etc/passwd', abc.toUpperCase(), `${abc}/..`, ''])('%j is no address', async (address) => {
  await expect(store.get(address)).rejects.toThrow(RangeError)
})

test('a folder that cannot be made is one sentence', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(FolderBlobStore.open(join(folder, 'file', 'documents'))).rejects.toThrow(StartError)
})
