import type { MisbehaviourKind } from '../../../adapters/soap/twin/misbehaviour.js'
import type { SystemId } from '../../../src/model/system.js'
import type { Fault, Stage } from '../fault.js'

/**
 * The other side says that it has all files, and has lost, doubled or swapped one. Where its contract tells what it kept, the transfer
 * must be held for a person and never counts as delivered.
 */
const WRITES: readonly (readonly [SystemId, string])[] = [
  ['VILIS', 'TiepNhanHoSo'],
  ['ONE_STOP', 'TiepNhanHoSoLienThong'],
  ['PORTAL', 'DongBoHoSoMC'],
]
/** The portal tells names and numbers of files, not their content. */
const TELLS_CONTENT: readonly SystemId[] = ['VILIS', 'ONE_STOP']

const attachmentFault = (name: string, title: string, kind: MisbehaviourKind, at: readonly SystemId[]): Fault => ({
  name,
  title,
  weight: 0.5,
  needsPeople: true,
  run: async (stage) => {
    const writes = WRITES.filter(([id]) => at.includes(id))
    for (const [id, operation] of writes)
      await stage.system.twins[id].misbehave({ kind, operation, count: Math.max(2, Math.round(stage.size / 4)) })
    await stage.intake.fill(stage.size)
    await stage.until('có tệp sai', async () => {
      const seen = await Promise.all(at.map((id) => stage.seen(id)))
      return seen.every((requests) => requests.some(({ misbehaviour }) => misbehaviour === kind))
    })
    await stage.until('không còn lượt nào đang gửi', async () => (await stage.count(`t.state = 'SENDING'`)) === 0)
    for (const id of at) await convictDelivered(stage, id, kind)
  },
})

const convictDelivered = async (stage: Stage, id: SystemId, kind: MisbehaviourKind): Promise<void> => {
  const keys = (await stage.seen(id)).filter(({ misbehaviour }) => misbehaviour === kind).map(({ key }) => key)
  const rows = await stage.system.sql<{ key: string; files: number }>(
    `SELECT t.idempotency_key AS key, jsonb_array_length(coalesce(t.body->'dossier'->'documents', '[]')) AS files FROM transfer t
     WHERE t.idempotency_key = ANY($1) AND t.state = 'DELIVERED'`,
    [keys],
  )
  for (const { key, files } of rows) if (files > 0) stage.convict('attachment', key, `ghi là đã chuyển dù bên nhận ${kind}`)
}

export const ATTACHMENT_FAULTS: readonly Fault[] = [
  attachmentFault('attachment-lost', 'bên nhận làm mất một tệp', 'LOSE_ATTACHMENT', ['VILIS', 'ONE_STOP', 'PORTAL']),
  attachmentFault('attachment-doubled', 'bên nhận giữ một tệp hai lần', 'DOUBLE_ATTACHMENT', ['VILIS', 'ONE_STOP', 'PORTAL']),
  attachmentFault('attachment-swapped', 'bên nhận tráo nội dung các tệp', 'SWAP_ATTACHMENT', TELLS_CONTENT),
]
