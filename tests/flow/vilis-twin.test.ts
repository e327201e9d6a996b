import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { VilisSide } from '../support/vilis-side.js'
import { BODIES, CODE, DOCUMENTS, DOSSIER, readDocument, sending, settings } from '../unit/vilis/fixtures.js'

let side: VilisSide
beforeEach(async () => {
  side = await VilisSide.open()
})
afterEach(() => side.close())

describe('a dossier goes to ViLIS', () => {
  test.each(['ViLISSoap', 'ViLISSoap12'])('through all four writes over %s, each one deed with our key and digest', async (port) => {
    const { target } = await side.adapterFor('KEY_AND_DIGEST', port)
    const writes = [sending(BODIES.RECEIVE), sending(BODIES.SUPPLEMENT), sending(BODIES.CONFIRM_RETURN)]
    for (const write of writes.slice(0, 2))
      expect((await target.send(write)).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: false })
    await side.control.act('finish', { code: CODE, ending: 0 })
    expect((await target.send(writes[2] ?? sending(BODIES.RECEIVE))).outcome).toMatchObject({ kind: 'ACCEPTED' })
    expect(side.accepted()).toEqual(
      writes.map(({ idempotencyKey, digest, body }, index) =>
        expect.objectContaining({
          type: 'ACCEPTED',
          operation: ['TiepNhanHoSo', 'BoSungHoSo', 'XacNhanTraKetQua'][index],
          dossierCode: CODE,
          key: idempotencyKey,
          digest,
          version: body.dossierVersion,
        }),
      ),
    )
  })

  test('withdrawn there, the ending comes back as our own writing', async () => {
    const { target, polled } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    expect((await target.send(sending(BODIES.WITHDRAW))).outcome).toMatchObject({ kind: 'ACCEPTED' })
    const page = await polled.readChanges(0n, 10)
    expect(page).toMatchObject({
      kind: 'PAGE',
      messages: [{ operation: 'KetThucHoSo', causedByKey: 'key-WITHDRAW', payload: { status: 'WITHDRAWN_BY_APPLICANT' } }],
    })
  })

  test('the twin registers a second time what is sent a second time, unless it is told to recognise it', async () => {
    const { target } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await target.send(sending(BODIES.RECEIVE))
    expect(side.accepted()).toHaveLength(2)
    await side.control.act('deduplicate', { on: true })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: true })
    expect((await target.send({ ...sending(BODIES.RECEIVE), digest: 'f'.repeat(64) })).outcome).toMatchObject({ kind: 'CONFLICT' })
    expect(side.accepted()).toHaveLength(2)
  })

  test.each([
    ['KEY_AND_DIGEST', 'ACCEPTED'],
    ['FIELDS', 'ACCEPTED'],
    ['EXISTS', 'ACCEPTED'],
    ['NONE', 'INDETERMINATE'],
  ] as const)('"đã tồn tại" without a digest is inquired at once, at strength %s it is %s', async (strength, kind) => {
    const { target } = await side.adapterFor(strength)
    await side.control.act('inquiryStrength', { strength })
    await target.send(sending(BODIES.RECEIVE))
    await side.control.act('deduplicate', { on: true, by: 'DOSSIER', tellDigest: false })
    expect((await target.send(sending(BODIES.RECEIVE, 'another-key'))).outcome).toMatchObject({ kind })
    expect(side.accepted()).toHaveLength(1)
  })

  test('a file that is lost over there is a conflict, not an acceptance', async () => {
    const { target } = await side.adapterFor()
    await side.control.misbehave({ kind: 'LOSE_ATTACHMENT' })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome).toMatchObject({ kind: 'CONFLICT' })
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer).toMatchObject({ kind: 'DIFFERENT' })
  })

  test('a file whose hash is not its own is refused there', async () => {
    const [first, second] = DOCUMENTS
    if (!first || !second) throw new Error('two documents are needed')
    const wrong = { ...DOSSIER, documents: [{ ...first, sizeBytes: first.sizeBytes, sha256: second.sha256 }] }
    const bytes = await readDocument(first.sha256)
    const { target } = await side.adapter({ readDocument: async () => bytes })
    const { outcome } = await target.send(sending({ ...BODIES.RECEIVE, dossier: wrong }))
    expect(outcome).toMatchObject({ kind: 'REJECTED', code: 'SAI_TEP_DINH_KEM', field: 'BangKe' })
    expect(side.accepted()).toEqual([])
  })

  test('a due date before the reception is refused with its field', async () => {
    const { target } = await side.adapterFor()
    const { outcome } = await target.send(sending({ ...BODIES.RECEIVE, dossier: { ...DOSSIER, dueAt: '2026-01-01T00:00:00.000Z' } }))
    expect(outcome).toMatchObject({ kind: 'REJECTED', code: 'SAI_DU_LIEU', field: 'NgayHenTra' })
  })

  test.each([
    ['HTTP_429', 'UNAVAILABLE', 0],
    ['HTTP_503_AFTER', 'INDETERMINATE', 1],
    ['DROP_AFTER', 'INDETERMINATE', 1],
    ['DROP_BEFORE', 'INDETERMINATE', 0],
    ['FAULT_UNKNOWN', 'INDETERMINATE', 0],
    ['GARBAGE', 'INDETERMINATE', 1],
    ['DTD_REPLY', 'INDETERMINATE', 1],
  ] as const)('%s is %s, and %i registrations stand behind it', async (kind, outcome, registrations) => {
    const { target } = await side.adapterFor()
    await side.control.misbehave({ kind })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe(outcome)
    expect(side.accepted()).toHaveLength(registrations)
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer.kind).toBe(registrations === 1 ? 'SAME' : 'ABSENT')
  })

  test('a ViLIS that does not listen is UNAVAILABLE, for no byte left', async () => {
    const { target } = await side.adapterFor()
    await side.control.offline()
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe('UNAVAILABLE')
    await side.control.online()
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe('ACCEPTED')
    expect(side.accepted()).toHaveLength(1)
  })

  test('a wrong password is UNAVAILABLE, and no evidence shows any', async () => {
    const wrong = { ...settings(side.running.url), credentials: { username: 'lienthong', password: 'sai-mat-khau' } }
    const { target } = await side.adapter({ settings: wrong })
    const refused = await target.send(sending(BODIES.RECEIVE))
    expect(refused.outcome.kind).toBe('UNAVAILABLE')
    expect(refused.evidence.requestXml).toContain('TiepNhanHoSo')
    expect(JSON.stringify(refused)).not.toMatch(/sai-mat-khau|Security>|Password/)
    expect(side.accepted()).toEqual([])
  })

  test('the answer to another dossier is not taken for ours', async () => {
    const { target } = await side.adapterFor()
    await target.send(
      sending({ ...BODIES.RECEIVE, dossierCode: 'H58.22-260315-0002', dossier: { ...DOSSIER, code: 'H58.22-260315-0002' } }, 'key-2'),
    )
    await side.control.misbehave({ kind: 'OTHER_ANSWER', of: 'DOSSIER' })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe('INDETERMINATE')
    await target.inquire(sending({ ...BODIES.RECEIVE, dossierCode: 'H58.22-260315-0002' }))
    await side.control.misbehave({ kind: 'OTHER_ANSWER', of: 'DOSSIER' })
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer.kind).toBe('UNKNOWN')
  })
})

describe('the inquiry', () => {
  test.each(['KEY_AND_DIGEST', 'FIELDS', 'EXISTS'] as const)(
    'at strength %s is about the operation, never about the dossier alone',
    async (strength) => {
      const { target } = await side.adapterFor(strength)
      await side.control.act('inquiryStrength', { strength })
      expect((await target.inquire(sending(BODIES.RECEIVE))).answer.kind).toBe('ABSENT')
      await target.send(sending(BODIES.RECEIVE))
      expect((await target.inquire(sending(BODIES.RECEIVE))).answer).toMatchObject({ kind: 'SAME', externalRef: 'VL-000001' })
      for (const body of [BODIES.SUPPLEMENT, BODIES.WITHDRAW, BODIES.CONFIRM_RETURN]) {
        expect((await target.inquire(sending(body))).answer.kind).toBe('ABSENT')
      }
      await target.send(sending(BODIES.SUPPLEMENT))
      expect((await target.inquire(sending(BODIES.SUPPLEMENT))).answer.kind).toBe('SAME')
      expect((await target.inquire(sending({ ...BODIES.SUPPLEMENT, supplementNo: 2 }, 'key-2'))).answer.kind).toBe('ABSENT')
      await target.send(sending(BODIES.WITHDRAW))
      expect((await target.inquire(sending(BODIES.WITHDRAW))).answer.kind).toBe('SAME')
    },
  )

  test.each(['KEY_AND_DIGEST', 'FIELDS'] as const)('at strength %s tells another content', async (strength) => {
    const { target } = await side.adapterFor(strength)
    await side.control.act('inquiryStrength', { strength })
    await target.send(sending(BODIES.RECEIVE))
    await target.send(sending(BODIES.SUPPLEMENT))
    const moved = { ...BODIES.RECEIVE, dossier: { ...DOSSIER, receivedAt: '2026-03-14T01:00:00.000Z' } }
    expect((await target.inquire(sending(moved))).answer.kind).toBe('DIFFERENT')
    expect((await target.inquire(sending({ ...BODIES.SUPPLEMENT, documents: DOCUMENTS }))).answer.kind).toBe('DIFFERENT')
  })

  test('an amendment is absent while only the version before it is there', async () => {
    const { target } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    const amended = { ...BODIES.RECEIVE, dossierVersion: 2, dossier: { ...DOSSIER, version: 2, summary: 'Nội dung sửa' } }
    expect((await target.inquire(sending(amended, 'key-2'))).answer.kind).toBe('ABSENT')
    expect((await target.send(sending(amended, 'key-2'))).outcome.kind).toBe('ACCEPTED')
    expect((await target.inquire(sending(amended, 'key-2'))).answer.kind).toBe('SAME')
    expect((await target.inquire(sending({ ...BODIES.RECEIVE, dossier: { ...DOSSIER, summary: 'Khác' } }, 'key-3'))).answer.kind).toBe(
      'DIFFERENT',
    )
  })

  test('a dossier from before the interlink is the same by its fields', async () => {
    const { target } = await side.adapterFor()
    const history = {
      code: CODE,
      process: 'QT-CAPDOI',
      commune: '8228594',
      receivedAt: DOSSIER.receivedAt,
      dueAt: DOSSIER.dueAt,
      step: 'APPRAISAL',
    }
    await side.control.act('knowHistory', { dossiers: [history] })
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer).toMatchObject({ kind: 'SAME', externalRef: 'VL-000001' })
    const other = { ...BODIES.RECEIVE, dossier: { ...DOSSIER, receivedAt: '2026-03-01T01:00:00.000Z' } }
    expect((await target.inquire(sending(other))).answer.kind).toBe('DIFFERENT')
  })
})
