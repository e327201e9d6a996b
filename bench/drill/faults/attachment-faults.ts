import type { SystemId } from '../../../src/model/system.js'
import type { Fault } from '../fault.js'
import { WRONG_FILES, type WrongFiles } from '../judge/wrong-files.js'

/**
 * The other side says that it has all files, and has lost, doubled or swapped one. Where its contract tells what it kept, the transfer
 * must be held for a person and never counts as delivered: the judge sees to it once all has settled.
 */
const WRITES: Readonly<Record<SystemId, string>> = {
  VILIS: 'TiepNhanHoSo',
  ONE_STOP: 'TiepNhanHoSoLienThong',
  PORTAL: 'DongBoHoSoMC',
}

const attachmentFault = (name: string, title: string, kind: WrongFiles): Fault => ({
  name,
  title,
  weight: 0.5,
  needsPeople: true,
  run: async (stage) => {
    const at = WRONG_FILES[kind]
    for (const id of at)
      await stage.system.twins[id].misbehave({ kind, operation: WRITES[id], count: Math.max(2, Math.round(stage.size / 4)) })
    await stage.intake.fill(stage.size)
    await stage.until('có tệp sai', async () => {
      const seen = await Promise.all(at.map((id) => stage.seen(id)))
      return seen.every((requests) => requests.some(({ misbehaviour }) => misbehaviour === kind))
    })
  },
})

export const ATTACHMENT_FAULTS: readonly Fault[] = [
  attachmentFault('attachment-lost', 'bên nhận làm mất một tệp', 'LOSE_ATTACHMENT'),
  attachmentFault('attachment-doubled', 'bên nhận giữ một tệp hai lần', 'DOUBLE_ATTACHMENT'),
  attachmentFault('attachment-swapped', 'bên nhận tráo nội dung các tệp', 'SWAP_ATTACHMENT'),
]
