import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createPortalTwin } from '../../adapters/provincial/portal/sandbox/twin.js'
import { type TwinControl, twinControl } from '../../adapters/soap/twin/control-client.js'
import type { RunningTwin } from '../../adapters/soap/twin/twin.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import type { InquiryStrength, TargetSystem } from '../../src/ports/target-system.js'
import {
  ACCOUNT,
  APPLICATION,
  CERTIFICATE,
  documentOf,
  dossierBody,
  portalAdapter,
  portalSettings,
  progressBody,
  sendingOf,
  sha256,
} from '../contract/portal/portal-fixtures.js'

let twin: RunningTwin
let control: TwinControl
let target: TargetSystem
const opened: TargetSystem[] = []

async function adapt(
  strength: InquiryStrength = 'KEY_AND_DIGEST',
  more: Partial<SystemSettings> = {},
  session = ACCOUNT.session,
): Promise<TargetSystem> {
  const account = { ...ACCOUNT, session }
  const adapter = await portalAdapter(portalSettings(twin.url, strength, more), [APPLICATION, CERTIFICATE], { account })
  opened.push(adapter.target)
  return adapter.target
}

/** The accepted writes of one operation, as the portal's own ledger has them. */
async function accepted(operation: string): Promise<Record<string, unknown>[]> {
  const { deeds } = await control.ledger()
  return deeds.filter(({ what, detail }) => what === 'ACCEPTED' && detail.operation === operation).map(({ detail }) => detail)
}

const operationsCalled = async (): Promise<string[]> => (await control.ledger()).requests.map(({ operation }) => operation)

beforeEach(async () => {
  twin = await createPortalTwin().start({ settings: { session: ACCOUNT.session, madonvi: ACCOUNT.agencyCode } })
  control = twinControl(twin.controlUrl)
  target = await adapt()
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
  await twin.stop()
})

describe('a dossier at the portal', () => {
  test('is looked up, inserted, then updated, each once and with its files', async () => {
    const first = sendingOf(dossierBody(), 'k1')
    const later = dossierBody({
      dossierVersion: 2,
      status: 'COMPLETED',
      finishedAt: '2026-03-20T03:00:00.000Z',
      results: [documentOf('Giấy chứng nhận', CERTIFICATE)],
    })
    const second = sendingOf(later, 'k2')
    expect((await target.send(first)).outcome).toEqual({ kind: 'ACCEPTED', alreadyHad: false, externalRef: 'DVC00000001' })
    expect((await target.send(second)).outcome).toEqual({ kind: 'ACCEPTED', alreadyHad: false, externalRef: 'DVC00000002' })
    expect(await operationsCalled()).toEqual(['TraCuuHoSo', 'DongBoHoSoMC', 'TraCuuHoSo', 'DongBoHoSoMC'])
    expect(await accepted('DongBoHoSoMC')).toMatchObject([
      {
        dossierCode: first.dossierCode,
        key: 'k1',
        digest: first.digest,
        version: 1,
        detail: { updating: false, files: [{ id: sha256(APPLICATION) }] },
      },
      {
        key: 'k2',
        digest: second.digest,
        version: 2,
        detail: {
          updating: true,
          files: [
            { id: sha256(APPLICATION), kind: 'NOP' },
            { id: sha256(CERTIFICATE), kind: 'KET_QUA' },
          ],
        },
      },
    ])
  })

  test('carries every text unchanged, and times in the portal’s zone', async () => {
    await target.send(sendingOf(dossierBody()))
    const [deed] = await accepted('DongBoHoSoMC')
    expect(deed).toMatchObject({
      detail: {
        fields: {
          TrichYeuHoSo: 'Chuyển nhượng thửa 12 <tờ 3> & thửa 13',
          SoGiayToChuHoSo: '001234567890',
          NgayTiepNhan: '20260315080000',
          NgayHenTra: '20260325170000',
          NgayTra: '',
          KenhThucHien: '1',
        },
      },
    })
  })

  test('is not written again when the portal already has this very sending', async () => {
    const sending = sendingOf(dossierBody())
    await target.send(sending)
    expect((await target.send(sending)).outcome).toEqual({ kind: 'ACCEPTED', alreadyHad: true, externalRef: 'DVC00000001' })
    expect(await accepted('DongBoHoSoMC')).toHaveLength(1)
  })

  test('is in conflict when the portal has other content under our key', async () => {
    const sending = sendingOf(dossierBody())
    await target.send(sending)
    const { outcome } = await target.send({ ...sending, digest: 'ab'.repeat(32) })
    expect(outcome).toEqual({ kind: 'CONFLICT', code: 'OTHER_CONTENT', theirs: expect.stringContaining(`(MaKiemTra ${sending.digest})`) })
    expect(await accepted('DongBoHoSoMC')).toHaveLength(1)
  })

  test('is not overwritten by an older version', async () => {
    await target.send(sendingOf(dossierBody({ dossierVersion: 5 }), 'newer'))
    const { outcome } = await target.send(sendingOf(dossierBody({ dossierVersion: 4 }), 'older'))
    expect(outcome).toEqual({ kind: 'CONFLICT', code: 'NEWER_VERSION', theirs: expect.stringContaining('(PhienBan 5)') })
    expect(await accepted('DongBoHoSoMC')).toMatchObject([{ key: 'newer' }])
  })

  test.each(['LOSE_ATTACHMENT', 'DOUBLE_ATTACHMENT', 'SWAP_ATTACHMENT'] as const)(
    'is in conflict when the portal does this to a file: %s',
    async (kind) => {
      await control.misbehave({ kind, operation: 'DongBoHoSoMC' })
      expect((await target.send(sendingOf(dossierBody()))).outcome.kind).toBe('CONFLICT')
    },
  )

  test('is refused by the portal when a file is not what the manifest says', async () => {
    const body = dossierBody()
    const lying = {
      ...body,
      dossier: {
        ...body.dossier,
        documents: [{ ...documentOf('Đơn', APPLICATION), sha256: sha256(CERTIFICATE), sizeBytes: APPLICATION.length }],
      },
    }
    const adapter = await portalAdapter(portalSettings(twin.url), [], { readDocument: async () => APPLICATION })
    opened.push(adapter.target)
    const { outcome } = await adapter.target.send(sendingOf(lying))
    expect(outcome).toEqual({ kind: 'REJECTED', code: 'SAI_TEP_DINH_KEM', reason: 'Mã băm tập tin không khớp', field: 'MaBam' })
    expect(await accepted('DongBoHoSoMC')).toEqual([])
  })
})

describe('progress at the portal', () => {
  test('follows its dossier, and is rejected for a dossier that the portal does not have', async () => {
    const progress = sendingOf(progressBody(), 'p1')
    expect((await target.send(progress)).outcome).toMatchObject({ kind: 'REJECTED', code: 'KHONG_CO_HO_SO', field: 'dossierCode' })
    await target.send(sendingOf(dossierBody()))
    expect((await target.send(progress)).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: false })
    expect(await accepted('CapNhatTienDoHoSoMC')).toMatchObject([{ dossierCode: progress.dossierCode, key: 'p1', digest: progress.digest }])
  })

  test('twice is one line when the portal recognises it, also when it does not say under which key', async () => {
    await control.act('deduplicate', { on: true })
    await target.send(sendingOf(dossierBody()))
    const progress = sendingOf(progressBody(), 'p1')
    const first = await target.send(progress)
    expect((await target.send(progress)).outcome).toEqual({ ...first.outcome, alreadyHad: true })
    await control.act('inquiryStrength', { strength: 'FIELDS' })
    const atFields = await adapt('FIELDS')
    expect((await atFields.send(progress)).outcome).toEqual({ kind: 'ACCEPTED', alreadyHad: true })
    expect(await accepted('CapNhatTienDoHoSoMC')).toHaveLength(1)
  })
})

describe('an insert that "already exists", because the look-up was stale', () => {
  beforeEach(async () => {
    await control.act('deduplicate', { on: true })
  })

  test('becomes one update when another one put it there', async () => {
    await target.send(sendingOf(dossierBody(), 'other'))
    await control.act('staleLookUps', { count: 1 })
    const sending = sendingOf(dossierBody({ dossierVersion: 2, status: 'IN_PROGRESS' }), 'k2')
    expect((await target.send(sending)).outcome).toEqual({ kind: 'ACCEPTED', alreadyHad: false, externalRef: 'DVC00000002' })
    expect(await operationsCalled()).toEqual(['TraCuuHoSo', 'DongBoHoSoMC', 'TraCuuHoSo', 'DongBoHoSoMC', 'TraCuuHoSo', 'DongBoHoSoMC'])
    expect((await accepted('DongBoHoSoMC')).map(({ key }) => key)).toEqual(['other', 'k2'])
  })

  test.each(['KEY_AND_DIGEST', 'FIELDS'] as const)('is ours, committed late, and not written again (told: %s)', async (strength) => {
    const sending = sendingOf(dossierBody(), 'k1')
    await target.send(sending)
    await control.act('inquiryStrength', { strength })
    await control.act('staleLookUps', { count: 1 })
    expect((await target.send(sending)).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: true })
    expect(await accepted('DongBoHoSoMC')).toHaveLength(1)
  })

  test.each(['EXISTS', 'NONE'] as const)('is left to an inquiry when the portal does not tell whose it is (told: %s)', async (strength) => {
    const sending = sendingOf(dossierBody(), 'k1')
    await target.send(sending)
    await control.act('inquiryStrength', { strength })
    await control.act('staleLookUps', { count: 1 })
    expect((await target.send(sending)).outcome.kind).toBe('INDETERMINATE')
    expect(await accepted('DongBoHoSoMC')).toHaveLength(1)
  })

  test('is not answered by a second look-up that still finds nothing', async () => {
    await target.send(sendingOf(dossierBody(), 'other'))
    await control.act('staleLookUps', { count: 2 })
    await control.act('inquiryStrength', { strength: 'FIELDS' })
    expect((await target.send(sendingOf(dossierBody(), 'k2'))).outcome.kind).toBe('INDETERMINATE')
    expect(await accepted('DongBoHoSoMC')).toHaveLength(1)
  })
})

describe('trouble on the way', () => {
  test('an answer lost after the portal accepted is found by inquiry, once', async () => {
    const sending = sendingOf(dossierBody())
    expect((await target.inquire(sending)).answer).toEqual({ kind: 'ABSENT' })
    await control.misbehave({ kind: 'DROP_AFTER', operation: 'DongBoHoSoMC' })
    expect((await target.send(sending)).outcome.kind).toBe('INDETERMINATE')
    expect((await target.inquire(sending)).answer).toEqual({ kind: 'SAME', externalRef: 'DVC00000001' })
    expect(await accepted('DongBoHoSoMC')).toHaveLength(1)
  })

  test('nothing is written when the look-up fails', async () => {
    await control.misbehave({ kind: 'GARBAGE', operation: 'TraCuuHoSo' })
    expect((await target.send(sendingOf(dossierBody()))).outcome.kind).toBe('UNAVAILABLE')
    expect(await operationsCalled()).toEqual(['TraCuuHoSo'])
  })

  test('the portal that hangs after accepting leaves the sending indeterminate within its deadline', async () => {
    const traits = { inquiryStrength: 'KEY_AND_DIGEST', maxProcessingMs: 0, callDeadlineMs: 2_000 } as const
    const hasty = await adapt('KEY_AND_DIGEST', { operations: { SYNC_DOSSIER: traits } })
    await control.misbehave({ kind: 'HANG_AFTER', operation: 'DongBoHoSoMC' })
    expect((await hasty.send(sendingOf(dossierBody()))).outcome).toMatchObject({ kind: 'INDETERMINATE' })
    expect(await accepted('DongBoHoSoMC')).toHaveLength(1)
  })

  test('the answer to another dossier is not taken for ours', async () => {
    const otherBody = dossierBody({ dossierCode: 'H58.22-260315-0009' })
    await target.send(sendingOf(otherBody, 'other'))
    await control.misbehave({ kind: 'OTHER_ANSWER', of: 'DOSSIER', operation: 'DongBoHoSoMC' })
    const { outcome } = await target.send(sendingOf(dossierBody()))
    expect(outcome).toMatchObject({ kind: 'INDETERMINATE', cause: expect.stringContaining('OTHER_ANSWER') })
  })

  test('a portal that is closed for maintenance or refuses the session is unavailable', async () => {
    const stranger = await adapt('KEY_AND_DIGEST', {}, 'phien-het-han')
    expect((await stranger.send(sendingOf(dossierBody()))).outcome).toMatchObject({
      kind: 'UNAVAILABLE',
      cause: expect.stringContaining('(error_code SAI_PHIEN)'),
    })
    await control.act('suspended', { on: true })
    expect((await target.send(sendingOf(dossierBody()))).outcome).toMatchObject({
      kind: 'UNAVAILABLE',
      cause: expect.stringContaining('(error_code TAM_NGUNG)'),
    })
    expect(await accepted('DongBoHoSoMC')).toEqual([])
  })
})

describe.each(['KEY_AND_DIGEST', 'FIELDS', 'EXISTS', 'NONE'] as const)('inquiry at strength %s', (strength) => {
  const told = strength !== 'NONE'
  const unknown = { kind: 'UNKNOWN' }

  test('tells what is there, per operation', async () => {
    await control.act('inquiryStrength', { strength })
    const asking = await adapt(strength)
    const dossier = sendingOf(dossierBody(), 'k1')
    const progress = sendingOf(progressBody(), 'p1')
    expect((await asking.inquire(dossier)).answer).toMatchObject(told ? { kind: 'ABSENT' } : unknown)
    await target.send(dossier)
    expect((await asking.inquire(dossier)).answer).toMatchObject(told ? { kind: 'SAME' } : unknown)
    expect((await asking.inquire(progress)).answer).toMatchObject(told ? { kind: 'ABSENT' } : unknown)
    await target.send(progress)
    expect((await asking.inquire(progress)).answer).toMatchObject(told ? { kind: 'SAME' } : unknown)
  })

  test('does not take the former version for an update that was lost', async () => {
    await target.send(sendingOf(dossierBody(), 'k1'))
    await control.act('inquiryStrength', { strength })
    const asking = await adapt(strength)
    const update = sendingOf(dossierBody({ dossierVersion: 2, dueAt: '2026-04-01T10:00:00.000Z' }), 'k2')
    const { answer } = await asking.inquire(update)
    expect(answer.kind).toBe(strength === 'KEY_AND_DIGEST' || strength === 'FIELDS' ? 'ABSENT' : 'UNKNOWN')
  })
})

test('without being told to recognise duplicates, the portal doubles what is inserted twice, in plain sight', async () => {
  await control.act('inquiryStrength', { strength: 'NONE' })
  const blind = await adapt('NONE')
  const progress = sendingOf(progressBody(), 'p1')
  await target.send(sendingOf(dossierBody()))
  await blind.send(progress)
  await blind.send(progress)
  expect(await accepted('CapNhatTienDoHoSoMC')).toHaveLength(2)
})

test('a dossier that the portal lost is absent', async () => {
  const sending = sendingOf(dossierBody())
  await target.send(sending)
  expect(await control.act('forget', { code: sending.dossierCode })).toEqual({ forgotten: true })
  expect((await target.inquire(sending)).answer).toEqual({ kind: 'ABSENT' })
})

test('the session and the bytes of files stand in no evidence', async () => {
  const { evidence } = await target.send(sendingOf(dossierBody()))
  expect(evidence.requestXml).toContain('MaGiaoDich')
  expect(JSON.stringify(evidence)).not.toContain(ACCOUNT.session)
  expect(JSON.stringify(evidence)).not.toContain(APPLICATION.toString('base64'))
})

test('a portal that is started again knows its dossiers from its ledger', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'portal-twin-'))
  const ledgerFile = join(folder, 'ledger.jsonl')
  const settings = { session: ACCOUNT.session, madonvi: ACCOUNT.agencyCode }
  const dossier = sendingOf(dossierBody(), 'k1')
  const progress = sendingOf(progressBody(), 'p1')
  for (const known of [false, true]) {
    const running = await createPortalTwin().start({ ledgerFile, settings })
    const { target: asking } = await portalAdapter(portalSettings(running.url), [APPLICATION])
    const expected = known ? 'SAME' : 'ABSENT'
    expect((await asking.inquire(dossier)).answer.kind).toBe(expected)
    expect((await asking.inquire(progress)).answer.kind).toBe(expected)
    if (!known) {
      await asking.send(dossier)
      await asking.send(progress)
    }
    await asking.close()
    await running.stop()
  }
  await rm(folder, { recursive: true })
})
