import type { Fault } from '../fault.js'
import { misbehaveAtWrites } from './misbehaving.js'
import { expectOneDossier } from './one-dossier.js'

/** What clients and the desk can do: all at once, twice, in the wrong order, too early. */
const TOGETHER = 50

export const INTAKE_FAULTS: readonly Fault[] = [
  {
    name: 'same-submit-50-times',
    title: 'cùng một lần nộp, 50 lượt gọi đồng thời',
    weight: 0.3,
    run: async (stage) => {
      const { intake } = stage
      for (let left = stage.size; left > 0; left -= 10) {
        const code = intake.nextCode()
        const answers = await Promise.all(
          Array.from({ length: TOGETHER }, () => intake.submit(code, { dueAt: DUE_AT, receivedAt: RECEIVED_AT })),
        )
        const ids = new Set(answers.map(({ messageId }) => messageId))
        const firsts = answers.filter(({ kind, repeated }) => kind === 'ACCEPTED' && !repeated).length
        if (ids.size !== 1 || firsts > 1) stage.convict('doubled', code, `${ids.size} thông điệp, ${firsts} lần nhận đầu`)
        await expectOneDossier(stage, code)
      }
      await intake.fill(Math.max(2, Math.round(stage.size / 2)))
    },
  },
  {
    name: 'same-key-other-body',
    title: 'cùng khóa, nội dung khác',
    weight: 0.3,
    run: async (stage) => {
      const { intake } = stage
      for (let left = stage.size; left > 0; left -= 1) {
        const code = intake.nextCode()
        const fixed = { dueAt: DUE_AT, receivedAt: RECEIVED_AT }
        const [one, other] = await Promise.all([intake.submit(code, fixed), intake.submit(code, { ...fixed, summary: 'Nội dung khác' })])
        const kinds = [one.kind, other.kind].sort().join(' ')
        if (kinds !== 'ACCEPTED KEY_REUSED') stage.convict('doubled', code, `hai nội dung dưới một khóa: ${kinds}`)
        await expectOneDossier(stage, code)
      }
    },
  },
  {
    name: 'desk-out-of-order',
    title: 'một cửa cho xem thay đổi sai thứ tự, sửa rồi rút hồ sơ',
    run: async (stage) => {
      const { intake, system } = stage
      const desk = system.twins.ONE_STOP
      await desk.misbehave({ kind: 'CHANGES_OUT_OF_ORDER', operation: 'LayThayDoi', share: 0.7 })
      for (let left = stage.size; left > 0; left -= 1) {
        const code = intake.nextCode()
        await intake.takeAtDesk(code, left % 2 === 0 ? 'PUSH' : 'POLL')
        if (left % 3 === 0) await desk.act('amend', { code, changes: { summary: 'Cấp đổi, đã sửa' } })
        if (left % 4 === 0) await intake.withdrawAtDesk(code)
      }
      await stage.until('một cửa đã cho xem sai thứ tự', async () => {
        await stage.ledgers.ONE_STOP.read()
        return [...stage.ledgers.ONE_STOP.requests.values()].some(({ misbehaviour }) => misbehaviour === 'CHANGES_OUT_OF_ORDER')
      })
      await stage.until('hồ sơ đã vào', async () => (await stage.count('true')) >= stage.size)
    },
  },
  {
    name: 'order-behind-refused',
    title: 'lượt đầu bị từ chối tạm, rút hồ sơ đã chờ sau',
    run: async (stage) => {
      const { intake, system } = stage
      await system.twins.VILIS.misbehave({ kind: 'HTTP_429', operation: 'TiepNhanHoSo', count: stage.size * 2 })
      await system.twins.PORTAL.misbehave({ kind: 'HTTP_429', operation: 'DongBoHoSoMC', count: stage.size })
      for (let left = stage.size; left > 0; left -= 1) {
        const code = intake.nextCode()
        await intake.submit(code)
        await intake.withdraw(code)
      }
    },
  },
  {
    name: 'callback-before-commit',
    title: 'ViLIS báo tiến độ trước khi ta biết nó đã nhận',
    run: async (stage) => {
      const { intake, system } = stage
      await misbehaveAtWrites(stage, { kind: 'ANSWER_LATE', delayMs: 1_000 })
      const filling = intake.fill(stage.size)
      const told = new Set<string>()
      await stage.until('ViLIS đã báo sớm', async () => {
        for (const { key, answered, processed } of await stage.seen('VILIS')) {
          const code = key?.endsWith('.RECEIVE.1') ? key.slice(0, -'.RECEIVE.1'.length) : undefined
          if (code === undefined || processed === 0 || answered !== 'NOT_YET' || told.has(code)) continue
          told.add(code)
          await system.twins.VILIS.act('sendTax', { code })
          await system.twins.VILIS.act('forward', { code })
        }
        return told.size >= 2
      })
      await filling
    },
  },
]

const DUE_AT = new Date(Date.now() + 9 * 24 * 3_600_000).toISOString()
const RECEIVED_AT = new Date(Date.now() - 3_600_000).toISOString()
