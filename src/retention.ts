import { join } from 'node:path'
import type { Context } from './context.js'
import { findReferenced } from './dossier/blob-reference-repository.js'
import { pruneClientRequests } from './operator/client-request-repository.js'
import { clearOldPlans } from './operator/plan-retention-repository.js'
import { pruneSystemChanges } from './operator/system-history-repository.js'
import { listMarkedDatabases } from './platform/database-watch.js'
import { createUnusedBlobRemoval } from './platform/remove-unused-blobs.js'
import { pruneUneventfulRuns } from './reconciliation/run-retention-repository.js'
import { pruneEvidence } from './transfer/evidence-retention-repository.js'

/**
 * Thời hạn lưu: what serves for a time alone is removed when its time is over (`retention` in the configuration), a small batch a minute and worker, so
 * that nobody waits for it. Dossiers, their documents, transfers, messages and the audit are never removed.
 */
const EVERY_MS = 60_000
const AT_ONCE = 500
const DAY_MS = 86_400_000

const SEVERAL_DATABASES =
  'STATE_DIR được dùng cho nhiều cơ sở dữ liệu: kho tệp không được dọn, vì tệp có thể là của cơ sở dữ liệu khác. Nếu cơ sở dữ liệu kia không còn dùng, hãy xóa tệp mốc của nó trong database-marks.'

/** For the guardian, who comes more often. */
export const createRetention = (
  context: Context,
  onError: (error: unknown) => void,
  { everyMs = EVERY_MS } = {},
): ((isStopping?: () => boolean) => Promise<void>) => {
  const { db, logger, options } = context
  const { evidenceDays, clientRequestDays, replayPlanDays, unreferencedDocumentDays, uneventfulRunDays, systemChangeDays } =
    options.configuration.retention
  const removeUnusedBlobs = createUnusedBlobRemoval()
  let warned = false
  /** Documents of another database are referred to in its tables alone. */
  const isOnlyDatabase = async (): Promise<boolean> => {
    const isOnly = (await listMarkedDatabases(options.stateDir)).length <= 1
    if (!isOnly && !warned) logger.warn(SEVERAL_DATABASES)
    warned ||= !isOnly
    return isOnly
  }
  const parts: readonly (readonly [what: string, part: () => Promise<number>])[] = [
    ['chứng cứ của lần thử', async () => (evidenceDays === null ? 0 : pruneEvidence(db, evidenceDays, AT_ONCE))],
    ['khóa chống gửi lặp', async () => (clientRequestDays === null ? 0 : pruneClientRequests(db, clientRequestDays, AT_ONCE))],
    ['lời của kế hoạch gửi lại', async () => (replayPlanDays === null ? 0 : clearOldPlans(db, replayPlanDays, AT_ONCE))],
    ['lượt đối soát không thấy gì', async () => (uneventfulRunDays === null ? 0 : pruneUneventfulRuns(db, uneventfulRunDays, AT_ONCE))],
    ['diễn biến tình trạng hệ thống', async () => (systemChangeDays === null ? 0 : pruneSystemChanges(db, systemChangeDays, AT_ONCE))],
    [
      'tệp không được nhắc tới',
      async () =>
        unreferencedDocumentDays === null || !(await isOnlyDatabase())
          ? 0
          : removeUnusedBlobs({
              folder: join(options.stateDir, 'documents'),
              olderThanMs: unreferencedDocumentDays * DAY_MS,
              findReferenced: (hashes) => findReferenced(db, hashes),
              limit: AT_ONCE,
            }),
    ],
  ]
  let cameAt = Number.NEGATIVE_INFINITY
  return async (isStopping = () => false) => {
    if (performance.now() - cameAt < everyMs) return
    cameAt = performance.now()
    for (const [what, part] of parts) {
      if (isStopping()) return
      const removed = await part().catch(onError)
      if (removed) logger.info({ what, removed }, 'đã dọn dữ liệu hết thời hạn lưu')
    }
  }
}
