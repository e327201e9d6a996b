import type { MisbehaviourRule } from '../../../adapters/soap/twin/misbehaviour.js'
import type { Fault, Stage } from '../fault.js'

/**
 * What the other side can do to us, each at all three systems at once: every write of a share of the calls meets it. The looks
 * (TraCuuHoSo, LayThayDoi) are spared, so that the inquiry is heard; that they fail too is a fault of its own.
 */
const WRITES = {
  VILIS: ['TiepNhanHoSo', 'RutHoSo'],
  ONE_STOP: ['TiepNhanHoSoLienThong', 'CapNhatTrangThai'],
  PORTAL: ['DongBoHoSoMC', 'CapNhatTienDoHoSoMC'],
} as const
type Misbehaving = keyof typeof WRITES

const SYSTEMS = Object.keys(WRITES) as Misbehaving[]

/** Of the writes, drawn by each twin from its own seed. */
const SHARE = 0.4

const misbehave = async ({ system }: Stage, rule: MisbehaviourRule): Promise<void> => {
  for (const id of SYSTEMS) for (const operation of WRITES[id]) await system.twins[id].misbehave({ ...rule, operation })
}

/** The fault has happened at every system, or it has proven nothing. */
const untilMet = (stage: Stage, kind: string, times: number): Promise<void> =>
  stage.until(`các bên đều đã gặp ${kind}`, async () => {
    const seen = await Promise.all(SYSTEMS.map((id) => stage.seen(id)))
    return seen.every((requests) => requests.filter(({ misbehaviour }) => misbehaviour === kind).length >= times)
  })

const share = (name: string, title: string, rule: MisbehaviourRule): Fault => ({
  name,
  title,
  run: async (stage) => {
    await misbehave(stage, { share: SHARE, ...rule })
    await stage.intake.fill(stage.size)
    await untilMet(stage, rule.kind, 1)
  },
})

export const PEER_FAULTS: readonly Fault[] = [
  share('peer-drops-after-commit', 'bên nhận ghi xong rồi cắt kết nối', { kind: 'DROP_AFTER' }),
  share('peer-commits-late', 'bên nhận im lặng rồi ghi muộn, trong hạn đã khai', { kind: 'COMMIT_LATE', delayMs: 1_200 }),
  share('peer-429-absurd', '429 với Retry-After vô lý', { kind: 'HTTP_429', retryAfter: '31536000' }),
]
