import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { TRANSFER_ACTS } from '../../src/model/transfer-acts.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { attemptsOf, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const MINUTE = 60_000

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  // A breaker is open still when it is looked at, and a minute later no more.
  system = await shared.open({ gateway: true, retry: { breaker: { openMs: MINUTE / 2 } } })
})
afterAll(() => shared.close())

type Role = 'operator' | 'admin' | 'officer'

interface Standing {
  readonly state: string
  readonly version: number
  readonly explanation: {
    readonly what: string
    readonly side: string | null
    readonly sideLabel: string | null
    readonly nextStep: string
  }
  readonly acts: readonly {
    readonly act: string
    readonly allowed: boolean
    readonly reasonCode: string | null
    readonly reason: string | null
    readonly possibleFrom: string | null
  }[]
  readonly waitingFor: { readonly kind: string; readonly reason: string; readonly transfer: { readonly id: string } } | null
}

const STANDING = `state version explanation { what side sideLabel nextStep } acts { act allowed reasonCode reason possibleFrom }
  waitingFor { kind reason transfer { id } }`

const standingOf = async (id: string, role: Role = 'operator'): Promise<Standing> =>
  (await system.gateway.query<{ transfer: Standing }>(role, `query ($id: ID!) { transfer(id: $id) { ${STANDING} } }`, { id })).transfer

const ANSWER = `__typename ... on TransferActDone { transfer { id state } } ... on ActRefused { reason message } ... on ClientKeyReused { message }`
const act = async (name: string, input: object, role: Role = 'operator'): Promise<Record<string, unknown>> => {
  const types: Readonly<Record<string, string>> = { confirmOutcome: 'ConfirmOutcomeInput', amendTransfer: 'AmendTransferInput' }
  const type = types[name] ?? 'TransferActInput'
  const answer = await system.gateway.query<Record<string, Record<string, unknown>>>(
    role,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${ANSWER} } }`,
    { input: { reason: 'Đã kiểm tra', ...input } },
  )
  return answer[name] ?? {}
}

let keys = 0
const key = (): string => {
  keys += 1
  return `khoa-thao-tac-${keys}`
}

/** What the acts themselves answer, each on this transfer and taken back by nothing: only refusals are asked for. */
const MUTATIONS: Readonly<Record<string, [string, object]>> = {
  REPLAY: ['replayTransfer', {}],
  CONFIRM_DELIVERED: ['confirmOutcome', { happened: true }],
  CONFIRM_ABSENT: ['confirmOutcome', { happened: false }],
  ABANDON: ['abandonTransfer', {}],
  SUPERSEDE: ['supersedeTransfer', {}],
  AMEND: ['amendTransfer', { changes: [{ field: 'dossier.summary', value: 'Khác' }] }],
  APPROVE_AMENDMENT: ['approveAmendment', {}],
  DECLINE_AMENDMENT: ['declineAmendment', {}],
}

const take = async (): Promise<string> => (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: HERE })).code
const HERE = { procedureCode: '1.012783', unitCode: '28594', unitName: 'Xã Chợ Gạo', receivedBy: 'mc.28594.1' }
const receiveOf = async (code: string) => transferOf(system, `${code}.RECEIVE.1`)

describe('the acts that are offered', () => {
  test.each([
    ['refused', { kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO' }, ['REPLAY', 'CONFIRM_DELIVERED', 'ABANDON', 'AMEND']],
    ['uncertain, for now', { kind: 'DROP_AFTER' }, ['CONFIRM_DELIVERED']],
    ['delivered', undefined, []],
  ] as const)(
    'on one that is %s are those that would be done; the others are refused with the very words that were shown',
    async (_name, rule, allowed) => {
      if (rule) await system.twins.VILIS.misbehave({ ...rule, operation: 'TiepNhanHoSo' })
      const { id } = await (async () => {
        const code = await take()
        await system.drain()
        return receiveOf(code)
      })()
      const { acts } = await standingOf(id)
      expect(acts.filter((one) => one.allowed).map((one) => one.act)).toEqual(allowed)
      for (const one of acts.filter((refused) => !refused.allowed)) {
        const [name, more] = MUTATIONS[one.act] as [string, object]
        expect(await act(name, { clientKey: key(), transferId: id, ...more })).toEqual({
          __typename: 'ActRefused',
          reason: one.reasonCode,
          message: one.reason,
        })
      }
    },
  )

  test('too early is told with the instant from which on it is not', async () => {
    await system.twins.VILIS.misbehave({ kind: 'DROP_AFTER', operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    const { acts } = await standingOf((await receiveOf(code)).id)
    expect(acts.find((one) => one.act === 'CONFIRM_ABSENT')).toMatchObject({
      allowed: false,
      reasonCode: 'TOO_EARLY',
      possibleFrom: expect.stringMatching(/T/),
    })
  })

  test('are none to an officer, who hears all the same what happened', async () => {
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    const shown = await standingOf((await receiveOf(code)).id, 'officer')
    expect(shown.acts.map(({ allowed, reasonCode }) => [allowed, reasonCode])).toEqual(TRANSFER_ACTS.map(() => [false, 'FORBIDDEN']))
    expect(shown.explanation.what).toContain('SAI_LUOC_DO')
    expect(shown.explanation.side).toBe('OURS')
  })
})

describe('of two operators on one transfer', () => {
  test('the second is told who did what and when, and does nothing; sent again the first one’s act is still his', async () => {
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    const { id } = await receiveOf(code)
    const { version } = await standingOf(id)
    const mine = { clientKey: key(), transferId: id, expectedVersion: version }
    expect(await act('replayTransfer', mine)).toMatchObject({ __typename: 'TransferActDone' })
    expect(await act('abandonTransfer', { ...mine, clientKey: key() }, 'admin')).toMatchObject({
      __typename: 'ActRefused',
      reason: 'STALE_WRITE',
      message: expect.stringMatching(
        /^Trong lúc bạn xem, Người thử operator \(operator\) đã gửi lại lúc \d\d:\d\d:\d\d ngày .*: hãy xem lại rồi quyết định\.$/,
      ),
    })
    expect(await act('replayTransfer', mine)).toMatchObject({ __typename: 'TransferActDone' })
    await system.drain()
    // What the machine has moved since is told as well.
    expect(await act('abandonTransfer', { ...mine, clientKey: key() })).toMatchObject({ reason: 'STALE_WRITE' })
    await expectAllDelivered(system)
  })

  test('the second is told who amended or decided, when, and what has its place, also without having said what he saw', async () => {
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    const { id } = await receiveOf(code)
    const { version } = await standingOf(id)
    const amend = (role: Role, value: string, more: object = {}) =>
      act('amendTransfer', { clientKey: key(), transferId: id, changes: [{ field: 'dossier.summary', value }], ...more }, role)
    const next = ((await amend('operator', 'Đã sửa', { expectedVersion: version })).transfer as { id: string }).id
    const who = 'Người thử operator \\(operator\\) đã sửa nội dung lúc \\d\\d:\\d\\d:\\d\\d ngày [\\d/]+'
    expect(await amend('admin', 'Cũng sửa', { expectedVersion: version })).toMatchObject({
      reason: 'STALE_WRITE',
      message: expect.stringMatching(new RegExp(`^Trong lúc bạn xem, ${who}, nay ở trạng thái ".*", lượt thay nó là ${next}: `)),
    })
    const byWhom = expect.stringMatching(new RegExp(`\\(${who}, lượt thay nó là ${next}\\)`))
    expect(await amend('admin', 'Cũng sửa')).toMatchObject({ reason: 'ILLEGAL_TRANSITION', message: byWhom })
    const { acts } = await standingOf(id, 'admin')
    const shown = (name: string) => acts.find((one) => one.act === name)
    expect(shown('AMEND')).toMatchObject({ allowed: false, reason: byWhom })
    expect(shown('REPLAY')).toMatchObject({ allowed: false, reason: expect.stringMatching(new RegExp(`\\(${who}\\)\\.$`)) })
    const { transfer } = await system.gateway.query<{ transfer: { supersededById: string } }>(
      'operator',
      'query ($id: ID!) { transfer(id: $id) { supersededById } }',
      { id },
    )
    expect(transfer.supersededById).toBe(next)
    const approve = () => act('approveAmendment', { clientKey: key(), transferId: next }, 'admin')
    expect(await approve()).toMatchObject({ __typename: 'TransferActDone' })
    expect(await approve()).toMatchObject({
      reason: 'NOTHING_TO_APPROVE',
      message: expect.stringMatching(/\(Người thử admin \(admin\) đã duyệt nội dung sửa lúc \d\d:/),
    })
    await system.drain()
    await expectAllDelivered(system)
  })
})

describe('what waits', () => {
  test('for a paused system names the pause, with who and why to operators alone', async () => {
    await system.gateway.query(
      'admin',
      `mutation { pauseSystem(input: { clientKey: "tam-dung-01", systemId: VILIS, reason: "ViLIS bảo trì" }) { __typename } }`,
    )
    const code = await take()
    await system.drain()
    const { id } = await receiveOf(code)
    const shown = await standingOf(id)
    expect(shown.waitingFor).toMatchObject({ kind: 'PAUSE', reason: expect.stringContaining('ViLIS bảo trì'), transfer: { id } })
    expect(shown.explanation).toMatchObject({ what: expect.stringContaining('tạm dừng'), side: 'OURS' })
    const toOfficer = await standingOf(id, 'officer')
    expect(toOfficer.waitingFor).toMatchObject({ kind: 'PAUSE', reason: expect.not.stringContaining('bảo trì') })
  })

  test('for an open breaker names it; behind another transfer it names that', async () => {
    await system.twins.VILIS.offline()
    for (let down = 0; down < 6; down += 1) await take()
    await system.drain()
    const [waiting] = await system.context.db.query<{ id: string; code: string }>(
      `SELECT t.id::text, d.code FROM transfer t JOIN dossier d ON d.id = t.dossier_id
       WHERE t.system_id = 'VILIS' AND t.state IN ('PLANNED', 'QUEUED') LIMIT 1`,
    )
    if (!waiting) throw new Error('the breaker did not open')
    const shown = await standingOf(waiting.id)
    expect(shown.waitingFor).toMatchObject({ kind: 'BREAKER', transfer: { id: waiting.id } })
    expect(shown.explanation.what).toMatch(/Tạm ngừng gọi ViLIS/)

    await system.pass(MINUTE)
    await system.twins.ONE_STOP.act('handInSupplement', { code: waiting.code })
    await system.drain()
    const { id } = await transferOf(system, `${waiting.code}.SUPPLEMENT.2`)
    expect((await standingOf(id)).waitingFor).toMatchObject({ kind: 'TRANSFER', transfer: { id: waiting.id } })
  })
})

describe('a conflict that is replayed', () => {
  /** ViLIS keeps other content under our key, by its digest. */
  const inConflict = async () => {
    await system.twins.VILIS.misbehave({ kind: 'DROP_AFTER', operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    const { digest, id } = await digestOf(code)
    await setDigest(id, 'f'.repeat(64))
    await system.pass(6_000)
    await system.drain()
    const held = await receiveOf(code)
    expect(held).toMatchObject({ state: 'HELD', heldReason: 'CONFLICT' })
    return { code, digest, held }
  }
  const digestOf = async (code: string): Promise<{ id: string; digest: string }> => {
    const [row] = await system.context.db.query<{ id: string; digest: string }>(
      `SELECT id::text, digest FROM transfer WHERE idempotency_key = $1`,
      [`${code}.RECEIVE.1`],
    )
    if (!row) throw new Error('no transfer')
    return row
  }
  const setDigest = (id: string, digest: string): Promise<unknown> =>
    system.context.db.query(`UPDATE transfer SET digest = $2 WHERE id = $1::uuid RETURNING 1 AS done`, [id, digest])
  const replay = async (id: string): Promise<void> => {
    expect(await act('replayTransfer', { clientKey: key(), transferId: id })).toMatchObject({
      __typename: 'TransferActDone',
      transfer: { state: 'INDETERMINATE' },
    })
    await system.drain()
  }
  const kinds = async (of: string): Promise<string[]> => (await attemptsOf(system, of)).map(({ kind }) => kind)

  test('is asked for before anything is sent: held again while it differs, delivered once it does not, and sent once in all', async () => {
    const { digest, held } = await inConflict()
    await replay(held.id)
    expect(await transferOf(system, held.key)).toMatchObject({ state: 'HELD', heldReason: 'CONFLICT' })
    await setDigest(held.id, digest)
    await replay(held.id)
    expect(await transferOf(system, held.key)).toMatchObject({ state: 'DELIVERED' })
    expect(await kinds(held.key)).toEqual(['SEND', 'INQUIRE', 'INQUIRE', 'INQUIRE'])
    await expectAllDelivered(system)
  })

  test('is sent again when it is not there any more, asked twice and late enough', async () => {
    const { digest, held } = await inConflict()
    await setDigest(held.id, digest)
    // Somebody has taken the dossier out over there.
    await system.twins.VILIS.reset({ state: true })
    await replay(held.id)
    for (let round = 0; round < 4; round += 1) {
      await system.pass(10 * MINUTE)
      await system.drain()
    }
    expect(await transferOf(system, held.key)).toMatchObject({ state: 'DELIVERED' })
    const made = await kinds(held.key)
    expect(made.filter((kind) => kind === 'SEND')).toHaveLength(2)
    expect(made.slice(-3)).toEqual(['INQUIRE', 'INQUIRE', 'SEND'])
  })

  test('is not, when files were lost: a digest that they keep says nothing of files, so a person says what is there', async () => {
    await system.twins.VILIS.misbehave({ kind: 'LOSE_ATTACHMENT', operation: 'TiepNhanHoSo' })
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
      overrides: HERE,
      documents: [{ name: 'Đơn', text: 'Đơn đăng ký biến động' }],
    })
    await system.drain()
    const held = await receiveOf(code)
    expect(held).toMatchObject({ state: 'HELD', heldReason: 'CONFLICT' })
    expect(await act('replayTransfer', { clientKey: key(), transferId: held.id })).toMatchObject({ reason: 'FILES_DIFFER' })
    expect((await standingOf(held.id)).acts.find((one) => one.act === 'REPLAY')).toMatchObject({
      allowed: false,
      reasonCode: 'FILES_DIFFER',
    })
    await system.drain()
    expect(await kinds(held.key)).toEqual(['SEND'])
    await expectLedgersAgree(system, { visible: [held.key] })
  })
})
