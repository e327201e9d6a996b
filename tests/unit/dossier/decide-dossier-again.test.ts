import { expect, test } from '@jest/globals'
import { decideDossierAgain } from '../../../src/dossier/decide-change.js'
import { content, snapshot } from './snapshot.js'

const LATER_DUE = '2026-04-02T10:00:00.000Z'

test('an older version and the same content are no change', () => {
  expect(decideDossierAgain(snapshot({ sourceVersion: 2 }), content({ version: 1, summary: 'khác' }))).toMatchObject({ kind: 'NO_CHANGE' })
  expect(decideDossierAgain(snapshot(), content())).toMatchObject({ kind: 'NO_CHANGE' })
  expect(decideDossierAgain(snapshot(), content({ version: 2 }))).toMatchObject({ kind: 'NO_CHANGE' })
})

test('the same version with another due date, or read to the second, is the same; with other content it is a conflict', () => {
  expect(decideDossierAgain(snapshot(), content({ dueAt: LATER_DUE }))).toMatchObject({ kind: 'NO_CHANGE' })
  expect(decideDossierAgain(snapshot(), content({ receivedAt: '2026-03-16T01:00:00.789Z' }))).toMatchObject({ kind: 'NO_CHANGE' })
  expect(decideDossierAgain(snapshot(), content({ receivedAt: '2026-03-16T01:00:01.000Z' }))).toMatchObject({ kind: 'CONFLICT' })
  expect(decideDossierAgain(snapshot(), content({ summary: 'khác' }))).toMatchObject({ kind: 'CONFLICT' })
})

test('files in another order are the same content, another file is not', () => {
  const file = (sha256: string) => ({
    name: 'Đơn',
    fileName: 'don.pdf',
    mediaType: 'application/pdf',
    sha256,
    sizeBytes: 1,
    originals: 1,
    copies: 0,
  })
  const held = content({ documents: [file('a'), file('b')] })
  expect(decideDossierAgain(snapshot({ content: held }), { ...held, documents: [file('b'), file('a')] })).toMatchObject({
    kind: 'NO_CHANGE',
  })
  expect(decideDossierAgain(snapshot({ content: held }), { ...held, documents: [file('a'), file('c')] })).toMatchObject({
    kind: 'CONFLICT',
  })
})

test('a newer version is an amendment, and before the registry has it its due date counts', () => {
  expect(decideDossierAgain(snapshot(), content({ version: 2, summary: 'sửa', dueAt: LATER_DUE }))).toMatchObject({
    kind: 'CHANGE',
    change: { events: ['AMENDED', 'DUE_DATE_CHANGED'], dueAt: LATER_DUE, overruled: false },
  })
})

test('while the registry holds it the due date stands, and the sender is told', () => {
  const dueAt = content().dueAt
  expect(decideDossierAgain(snapshot({ registryHolds: true }), content({ version: 2, summary: 'sửa', dueAt: LATER_DUE }))).toMatchObject({
    kind: 'CHANGE',
    change: {
      events: ['AMENDED', 'DUE_DATE_CHANGED'],
      dueAt,
      content: { dueAt },
      overruled: true,
      note: expect.stringContaining('Ngày hẹn trả'),
    },
  })
  expect(decideDossierAgain(snapshot({ registryHolds: true }), content({ version: 2, summary: 'sửa' }))).toMatchObject({
    change: { events: ['AMENDED'], overruled: false, note: '' },
  })
})

test('a dossier that has ended takes no amendment', () => {
  expect(decideDossierAgain(snapshot({ status: 'RESULT_RETURNED' }), content({ version: 2, summary: 'sửa' }))).toMatchObject({
    kind: 'ILLEGAL',
  })
})
