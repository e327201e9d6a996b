import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { MisbehaviourRule } from '../../adapters/soap/twin/misbehaviour.js'
import { OPERATIONS, type Operation, SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import type { InquiryStrength } from '../../src/ports/target-system.js'
import { expectAllDelivered, expectMisbehaved, transfersOf } from './ledger-agreement.js'
import { attemptsOf, confirmWhatIsThere } from './operator-acts.js'
import { openTestSystem, type TestSystem } from './test-system.js'

/**
 * The life of as many pairs of dossiers as there are ways to lose an answer, lived beside each other: of every write operation of every system as many calls are
 * processed and not answered, each in another way; and the proof that each write is registered once. The four strengths of an inquiry are four test files.
 */
const WIRE: Readonly<Record<Operation, string>> = {
  RECEIVE: 'TiepNhanHoSo',
  SUPPLEMENT: 'BoSungHoSo',
  WITHDRAW: 'RutHoSo',
  CONFIRM_RETURN: 'XacNhanTraKetQua',
  REGISTER: 'TiepNhanHoSoLienThong',
  POST_SUPPLEMENT: 'TiepNhanBoSungLienThong',
  UPDATE_STATUS: 'CapNhatTrangThai',
  POST_TAX_NOTICES: 'CapNhatNghiaVuTaiChinh',
  POST_RESULT: 'CapNhatKetQua',
  SYNC_DOSSIER: 'DongBoHoSoMC',
  SYNC_PROGRESS: 'CapNhatTienDoHoSoMC',
}

/** Ways in which a write is processed and not answered so that a careful client could know it. */
const LOST_ANSWERS: readonly MisbehaviourRule[] = [
  { kind: 'HANG_AFTER' },
  { kind: 'DROP_AFTER' },
  { kind: 'HTTP_503_AFTER' },
  { kind: 'GARBAGE' },
  { kind: 'FAULT_IN_200', processed: true },
  { kind: 'OVERSIZED', bytes: 300_000 },
  { kind: 'OTHER_ANSWER', of: 'DOSSIER' },
]

const MINUTE = 60_000
/** Calls of the twins are answered at once, on a busy machine within it; only a hanging one takes so long. */
const CALL_DEADLINE_MS = 1_000

const openWith = (inquiryStrength: InquiryStrength): Promise<TestSystem> =>
  openTestSystem({
    // They are lost in a row: that the system is then left alone for a while is looked at elsewhere.
    retry: { breaker: { failuresToOpen: 1_000 } },
    systems: Object.fromEntries(
      SYSTEM_IDS.map((id) => [
        id,
        {
          maxReplyBytes: 200_000,
          // Everything is polled at rest: nothing is left behind a position, and a page stays small.
          poll: { overlap: 2 },
          operations: Object.fromEntries(
            OPERATIONS[id].map((operation) => [operation, { inquiryStrength, maxProcessingMs: MINUTE, callDeadlineMs: CALL_DEADLINE_MS }]),
          ),
        },
      ]),
    ),
  })

/** Lets inquiries and retries come, and a person answer for what cannot be inquired, until nothing is open. */
const settle = async (system: TestSystem): Promise<number> => {
  let confirmed = 0
  for (let round = 0; round < 20; round += 1) {
    await system.drain()
    confirmed += await confirmWhatIsThere(system)
    const open = (await transfersOf(system)).filter(({ state }) => state !== 'DELIVERED' && state !== 'SUPERSEDED')
    if (open.length === 0) return confirmed
    await system.pass(MINUTE)
  }
  return confirmed
}

const live = async (system: TestSystem): Promise<number> => {
  const { ONE_STOP, VILIS } = system.twins
  let confirmed = 0
  const then = async (act: Promise<unknown>): Promise<void> => {
    await act
    confirmed += await settle(system)
    await system.pass(10 * MINUTE)
  }
  const takeAll = async (): Promise<string[]> => {
    const codes: string[] = []
    for (const _way of LOST_ANSWERS)
      codes.push((await ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code)
    return codes
  }
  const each = async (codes: readonly string[], act: (code: string) => Promise<unknown>): Promise<void> => {
    for (const code of codes) await act(code)
  }
  const codes = await takeAll()
  await then(system.drain())
  await then(each(codes, (code) => VILIS.act('requireSupplement', { code, pause: false })))
  await then(each(codes, (code) => ONE_STOP.act('handInSupplement', { code })))
  await each(codes, (code) => handInElsewhere(system, code))
  await then(each(codes, (code) => VILIS.act('sendTax', { code })))
  await then(each(codes, (code) => VILIS.act('finish', { code, ending: 0 })))
  await then(each(codes, (code) => ONE_STOP.act('returnResult', { code })))

  const withdrawn = await takeAll()
  await then(system.drain())
  await then(each(withdrawn, (code) => ONE_STOP.act('withdraw', { code })))
  await then(each(codes, () => VILIS.act('takeAtDesk', { procedureCode: '1.012783' })))
  return confirmed
}

/** Through an application, not at the desk: the desk is told. */
const handInElsewhere = async (system: TestSystem, code: string): Promise<void> => {
  const [now] = await system.context.db.query<{ at: Date }>('SELECT app_now() AS at')
  const { sha256, size } = await system.context.keepDocument(Buffer.from(`bổ sung qua cổng ${code}`))
  const document = { name: 'Tờ khai', fileName: 'to-khai.txt', mediaType: 'text/plain', sha256, sizeBytes: size, originals: 1, copies: 0 }
  const receipt = await system.context.receive({
    source: 'GATEWAY',
    channel: 'API',
    operation: 'supplementDossier',
    externalEventId: `thu/${randomUUID()}`,
    dossierCode: code,
    eventAt: (now as { at: Date }).at.toISOString(),
    payload: { kind: 'SUPPLEMENT_HANDED_IN', note: 'Nộp qua ứng dụng', documents: [document] },
    raw: '{}',
    correlationId: 'thu',
  })
  expect(receipt.kind).toBe('STORED')
}

/** Each transfer whose answer was lost was sent once; what came of it was found out by asking, or told by a person. */
const expectSentOnce = async (system: TestSystem): Promise<void> => {
  for (const { key } of await transfersOf(system)) {
    const sent = (await attemptsOf(system, key)).filter(({ kind }) => kind === 'SEND')
    expect({ key, sent: sent.length }).toEqual({ key, sent: 1 })
  }
}

const ofSystem = (system: SystemId): readonly string[] => OPERATIONS[system].map((operation) => WIRE[operation])

export const describeLostAnswers = (strength: InquiryStrength): void =>
  describe(`at inquiry strength ${strength}`, () => {
    let system: TestSystem
    beforeAll(async () => {
      system = await openWith(strength)
      for (const id of SYSTEM_IDS) await system.twins[id].act('inquiryStrength', { strength })
    })
    afterAll(() => system.close())

    test(`every write operation registers once, whether its answer is lost by ${LOST_ANSWERS.map(({ kind }) => kind).join(', ')}`, async () => {
      const operations = SYSTEM_IDS.flatMap((id) => ofSystem(id).map((operation) => [id, operation] as const))
      for (const [id, operation] of operations) for (const rule of LOST_ANSWERS) await system.twins[id].misbehave({ ...rule, operation })
      const confirmed = await live(system)
      // Each way has been met by a call of each operation.
      await expectMisbehaved(system)
      await expectSentOnce(system)
      await expectAllDelivered(system)
      if (strength === 'NONE') expect(confirmed).toBeGreaterThanOrEqual(operations.length * LOST_ANSWERS.length)
      else expect(confirmed).toBe(0)
    })
  })
