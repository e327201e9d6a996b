import { expect, test } from '@jest/globals'
import { createForgottenKeys } from '../../../src/dossier/forgotten-keys.js'
import { createJoinedReads } from '../../../src/dossier/joined-reads.js'
import { createPartReader } from '../../../src/dossier/part-reader.js'
import type { RegistryRead } from '../../../src/ports/land-registry.js'

test('a part whose row nobody can read is not asked for at every view, but when it is wanted live, and then it is known to all', async () => {
  let calls = 0
  let isMended = false
  const forgotten = createForgottenKeys()
  const lifetimes = { freshMs: 60_000, staleMs: 0, absentMs: 60_000 }
  const reader = createPartReader<string, string>({
    keyText: (key) => key,
    joined: createJoinedReads<string, string>({
      read: async (keys): Promise<RegistryRead<string>> => {
        calls += 1
        return isMended
          ? { kind: 'READ', values: keys, asOf: '2026-03-05T02:00:00.000Z' }
          : { kind: 'FAILED', cause: 'Sai cấu trúc.', why: 'BROKEN_REPLY', shows: 'ANSWERED', spoiltByRow: true }
      },
      keyText: (key) => key,
      valueText: (value) => value,
      batchLimit: 50,
      windowMs: 0,
      spoiltMs: lifetimes.freshMs,
      moment: () => ({ moment: forgotten.now(), heeded: forgotten.heeded }),
      isForgottenSince: forgotten.isForgottenSince,
      onCall: () => undefined,
    }),
    lifetimes,
    maxEntries: 10,
    maxBytes: 10_000,
    forgotten,
    keep: () => undefined,
    lastKept: async () => null,
    absentKnownMs: 60_000,
    onAnswer: () => undefined,
  })
  for (let views = 0; views < 3; views += 1)
    expect(await reader.read('x')).toMatchObject({
      known: null,
      state: 'STALE',
      staleBecause: 'Chưa đọc được phần mềm đất đai (ViLIS): trả lời bị cắt ngang hoặc sai cấu trúc',
    })
  expect(calls).toBe(1)
  isMended = true
  expect(await reader.read('x', { mode: 'LIVE' })).toMatchObject({ value: 'x', state: 'LIVE' })
  expect(await reader.read('x')).toMatchObject({ value: 'x', state: 'CACHED' })
  expect(calls).toBe(2)
})
