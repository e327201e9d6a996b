import { expect, test } from '@jest/globals'
import { type FailedReads, tellFailedReads } from '../../../src/dossier/tell-failed-reads.js'
import type { FailedRead } from '../../../src/ports/failed-read.js'

test('a failed read is told at once with its cause, and more of its kind once a minute with their number', async () => {
  let read: FailedRead = { kind: 'FAILED', cause: 'ViLIS không trả lời trong thời hạn (TIMEOUT: total deadline).', why: 'TIMEOUT' }
  let nowMs = 0
  const told: FailedReads[] = []
  const registry = tellFailedReads(
    { batchLimit: 50, readParcels: async () => read, readCertificates: async () => read },
    (failed) => told.push(failed),
    () => nowMs,
  )
  for (let times = 0; times < 5; times += 1) await registry.readParcels([])
  expect(told).toEqual([{ why: 'TIMEOUT', cause: read.cause, calls: 1 }])
  nowMs = 60_000
  await registry.readCertificates([])
  expect(told.slice(1)).toEqual([{ why: 'TIMEOUT', cause: read.cause, calls: 5 }])

  read = { kind: 'FAILED', cause: 'Sai cấu trúc.', why: 'BROKEN_REPLY', shows: 'ANSWERED' }
  await registry.readParcels([])
  expect(told.slice(2)).toEqual([{ why: 'BROKEN_REPLY', cause: 'Sai cấu trúc.', calls: 1 }])

  read = { kind: 'FAILED', cause: 'Chưa có ánh xạ.', shows: 'SILENT', missing: 'COMMUNE:1' }
  await registry.readParcels([])
  expect(told).toHaveLength(3)
})
