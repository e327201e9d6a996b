import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { MisbehaviourRule } from '../../../adapters/soap/twin/misbehaviour.js'
import { CANARY_FILE } from '../canaries.js'
import { DrillFailure, type Fault, type Stage } from '../fault.js'
import { MAX_PROCESSING_MS } from '../settings.js'
import { misbehaveAtWrites, SYSTEMS, untilMet } from './misbehaving.js'

/** What the other side can do to us, each at all three systems at once. */
const fault = (name: string, title: string, rule: MisbehaviourRule, most = Number.POSITIVE_INFINITY): Fault => ({
  name,
  title,
  run: async (stage) => {
    await misbehaveAtWrites(stage, rule, most)
    await stage.intake.fill(stage.size)
    await untilMet(stage, rule.kind)
  },
})

/** Large replies are few: each is written in full by a twin that shares the machine. */
const FEW = 2
const HUGE_BYTES = 200 * 1024 * 1024

const OFFLINE_MS = 3_000

/** Few: while a breaker is open, one question a second is asked. */
const LOST_QUESTIONS = 8

export const PEER_FAULTS: readonly Fault[] = [
  {
    name: 'peer-refuses',
    title: 'bên nhận tắt hẳn, từ chối kết nối',
    run: async (stage) => {
      await Promise.all(SYSTEMS.map((id) => stage.system.twins[id].offline()))
      await stage.intake.fill(stage.size)
      await stage.until('có lượt đã thử và bị từ chối kết nối', async () => (await stage.count(`t.retry_count > 0`)) > 0)
      await pause(OFFLINE_MS)
    },
  },
  fault('peer-resets-reused', 'cắt kết nối dùng lại, trước khi xử lý', { kind: 'DROP_BEFORE', reusedOnly: true }),
  fault('peer-drops-after-commit', 'ghi xong rồi cắt kết nối', { kind: 'DROP_AFTER' }),
  fault('peer-drips', 'trả lời mỗi giây một byte', { kind: 'SLOW_DRIP', everyMs: 1_000 }),
  fault('peer-resets-mid-body', 'cắt giữa câu trả lời', { kind: 'RESET_MID_BODY' }),
  fault('peer-commits-late', 'im lặng rồi ghi muộn, trong hạn đã khai', { kind: 'COMMIT_LATE', delayMs: MAX_PROCESSING_MS }),
  fault('peer-503-after-commit', 'ghi xong rồi trả 503', { kind: 'HTTP_503_AFTER' }),
  fault('peer-fault-in-200', 'lỗi SOAP trong HTTP 200, đã ghi', { kind: 'FAULT_IN_200', processed: true }),
  fault('peer-unknown-fault', 'lỗi SOAP lạ, chưa ghi', { kind: 'FAULT_UNKNOWN' }),
  fault('peer-other-answer', 'trả lời của hồ sơ khác', { kind: 'OTHER_ANSWER', of: 'DOSSIER' }),
  fault('peer-answers-twice', 'một câu trả lời gửi hai lần', { kind: 'ANSWER_TWICE', onWire: true }),
  fault('peer-answers-late', 'câu trả lời đến sau hạn chờ', { kind: 'ANSWER_LATE', delayMs: 2_000 }),
  fault('peer-malformed', 'XML hỏng', { kind: 'GARBAGE' }),
  fault('peer-200-mb', 'câu trả lời 200 MB', { kind: 'OVERSIZED', bytes: HUGE_BYTES }, FEW),
  fault('peer-entity-bomb', 'XML có thực thể lồng nhau', { kind: 'DTD_REPLY' }),
  {
    name: 'peer-xxe',
    title: 'XML đòi đọc tệp của máy (XXE)',
    run: async (stage) => {
      const file = join(stage.system.folder, `${randomUUID()}.txt`)
      await writeFile(file, CANARY_FILE)
      await misbehaveAtWrites(stage, { kind: 'DTD_REPLY', externalEntity: pathToFileURL(file).href })
      await stage.intake.fill(stage.size)
      await untilMet(stage, 'DTD_REPLY')
      const [row] = await stage.system.sql<{ count: number }>(
        `SELECT count(*)::int AS count FROM attempt a JOIN transfer t ON t.id = a.transfer_id
         WHERE concat_ws(' ', a.response_text, a.detail, t.external_ref, t.last_error) LIKE $1`,
        [`%${CANARY_FILE}%`],
      )
      if (row?.count !== 0) stage.convict('privacy', 'attempt', 'nội dung tệp của máy đã được đọc')
    },
  },
  fault('peer-429-absurd', '429 với Retry-After một năm', { kind: 'HTTP_429', retryAfter: '31536000' }),
  fault('peer-503-absurd', '503 với Retry-After năm 9999', { kind: 'HTTP_503', retryAfter: 'Fri, 31 Dec 9999 23:59:59 GMT' }),
  fault('peer-hangs', 'nhận yêu cầu rồi im lặng, không ghi', { kind: 'HANG' }),
  {
    name: 'peer-inquiry-fails',
    title: 'ghi xong rồi cắt, câu hỏi lại cũng bị cắt',
    run: async (stage) => {
      const startedMs = Date.now()
      await misbehaveAtWrites(stage, { kind: 'DROP_AFTER' })
      for (const id of SYSTEMS)
        await stage.system.twins[id].misbehave({
          kind: 'DROP_BEFORE',
          operation: 'TraCuuHoSo',
          count: Math.min(stage.size, LOST_QUESTIONS),
        })
      await stage.intake.fill(stage.size)
      await untilMet(stage, 'DROP_AFTER')
      await stage.until('có câu hỏi lại bị cắt', async () =>
        SYSTEMS.some((id) =>
          [...stage.ledgers[id].requests.values()].some(
            ({ operation, misbehaviour, atMs }) => operation === 'TraCuuHoSo' && misbehaviour === 'DROP_BEFORE' && atMs >= startedMs,
          ),
        ),
      )
    },
  },
  {
    name: 'peer-refuses-for-good',
    title: 'bên nhận từ chối hẳn (sai trạng thái)',
    needsPeople: true,
    run: async (stage) => {
      await takeRefused(stage)
    },
  },
  {
    name: 'operator-double-click',
    title: 'người vận hành bấm gửi lại hai lần cùng lúc',
    weight: 0.5,
    needsPeople: true,
    run: async (stage) => {
      const codes = await takeRefused(stage)
      for (const code of codes) await stage.system.twins.VILIS.act('forward', { code, step: 'APPRAISAL' })
      const refused = await stage.system.sql<{ id: string }>(
        `SELECT t.id::text FROM transfer t JOIN dossier d ON d.id = t.dossier_id
         WHERE t.state = 'REJECTED' AND t.operation = 'WITHDRAW' AND d.code = ANY($1)`,
        [codes],
      )
      for (const { id } of refused) {
        const click = (clientKey: string) =>
          stage.intake.ask<{ replayTransfer: { __typename: string } }>(
            `mutation ($input: TransferActInput!) { replayTransfer(input: $input) { __typename } }`,
            { input: { clientKey, transferId: id, reason: 'Diễn tập: bấm hai lần' } },
            'operator',
          )
        const answers = await Promise.all([click(`bam-${id}`), click(`bam-${id}`), click(`bam-nua-${id}`)])
        const done = answers.filter(({ replayTransfer }) => replayTransfer.__typename === 'TransferActDone')
        if (done.length === 0) throw new DrillFailure('không lần bấm gửi lại nào được nhận')
      }
      // Now that they may be withdrawn over there: how often each has come, the judge sees in the ledger.
      const ids = refused.map(({ id }) => id)
      await stage.until('các lượt gửi lại đều đã tới nơi', async () => {
        const open = await stage.system.sql(`SELECT 1 FROM transfer WHERE id = ANY($1::uuid[]) AND state <> 'DELIVERED'`, [ids])
        return open.length === 0
      })
    },
  },
]

/** Dossiers whose withdrawal ViLIS will not have: over there they are finished, which nobody has told us. */
const takeRefused = async (stage: Stage): Promise<string[]> => {
  const { intake, system } = stage
  const codes = Array.from({ length: stage.size }, () => intake.nextCode())
  const now = Date.now()
  await system.twins.VILIS.act('knowHistory', {
    dossiers: codes.map((code) => ({
      code,
      receivedAt: new Date(now).toISOString(),
      dueAt: new Date(now + 9 * 24 * 3_600_000).toISOString(),
      step: 'HANDOVER',
    })),
  })
  for (const code of codes) {
    await intake.takeAtDesk(code, 'POLL')
    await intake.withdrawAtDesk(code)
  }
  // Of some the procedure is not ViLIS's, or the newest version alone was sent.
  await stage.until('ViLIS đã từ chối', async () => {
    const open = await stage.count(`t.operation IN ('RECEIVE', 'WITHDRAW') AND t.state NOT IN ('DELIVERED', 'REJECTED', 'SUPERSEDED')`)
    return open === 0 && (await stage.count(`t.operation = 'WITHDRAW' AND t.state = 'REJECTED'`)) > 0
  })
  return codes
}
