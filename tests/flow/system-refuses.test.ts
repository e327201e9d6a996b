import { afterEach, expect, test } from '@jest/globals'
import { type RunningWorker, startWorker } from '../../src/worker-process.js'
import { AlertSystem, MINUTE_MS } from '../support/alert-system.js'
import { transferOf } from '../support/operator-acts.js'
import { takeSome } from '../support/reconcile.js'
import { until } from '../support/until.js'

/** A system that answers and serves nothing: what its transfers, their causes, its health and the alert say of it. */
let alerts: AlertSystem
let worker: RunningWorker | undefined
afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await alerts.close()
})

const refusing = (code: string, operation?: string): Promise<unknown> =>
  alerts.system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code, count: 10_000, ...(operation !== undefined && { operation }) })

test.each([
  ['Client.KHONG_CO_QUYEN', 'Tài khoản của cổng liên thông chưa có quyền gọi nghiệp vụ này ở ViLIS (NO_RIGHT).', 'OURS', /cấp quyền/],
  ['Server.BAO_TRI', 'ViLIS trả lời là đang bảo trì hoặc tạm ngưng nhận (CLOSED).', 'THEIRS', /khi nào mở lại/],
  ['TAM_NGUNG', 'ViLIS trả lời là đang bảo trì hoặc tạm ngưng nhận (CLOSED).', 'THEIRS', /khi nào mở lại/],
])('a fault %s that is known to be raised before processing is told as what it is', async (code, title, side, nextStep) => {
  alerts = await AlertSystem.open()
  await refusing(code, 'TiepNhanHoSo')
  const [taken] = await takeSome(alerts.system, 1)
  const { id } = await transferOf(alerts.system, `${taken}.RECEIVE.1`)
  const { transfer } = await alerts.system.gateway.query<{ transfer: { explanation: object; cause: object } }>(
    'operator',
    'query ($id: ID!) { transfer(id: $id) { state explanation { what side nextStep } cause { title side nextStep } } }',
    { id },
  )
  const told = { side, nextStep: expect.stringMatching(nextStep) }
  expect(transfer).toMatchObject({
    state: 'WAITING_RETRY',
    explanation: { ...told, what: expect.stringContaining(title) },
    cause: { ...told, title: expect.stringContaining(title) },
  })
})

test.each(['Client.KHONG_CO_QUYEN', 'Server.BAO_TRI'])(
  'a system that answers everything by %s is alarmed as one that answers and does not serve',
  async (code) => {
    alerts = await AlertSystem.open({ systemDown: { minutes: 1 } })
    await refusing(code)
    worker = await startWorker(alerts.system.context, { guardEveryMs: 100 })
    const healthOf = async () =>
      (await alerts.system.context.db.query<{ health: string }>(`SELECT health FROM foreign_system WHERE id = 'VILIS'`))[0]?.health
    await until('it is known not to serve', async () => (await healthOf()) === 'REFUSING')
    await alerts.system.pass(2 * MINUTE_MS)
    await until('both channels were told', async () => alerts.mail.mails.length > 0 && alerts.receiver.requests.length > 0)
    expect(alerts.subjects()).toEqual([
      expect.stringMatching(/^\[Liên thông\] Cảnh báo: Phần mềm đất đai ViLIS trả lời nhưng không phục vụ đã \d+ phút$/),
    ])
    expect(alerts.hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'SYSTEM_REFUSING', systemId: 'VILIS', threshold: 1 } }])
  },
)
