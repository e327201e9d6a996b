import type { PolledSystem } from '../ports/inbound.js'
import { applyPending } from './apply-pending.js'
import { codesStored } from './inbox-repository.js'
import type { PageSize } from './page-size.js'
import { goesOn, type PollDependencies, type PollResult, pollSystem } from './poll-system.js'

/**
 * Đọc lại sau phục hồi: after a restore from a backup the feeds of all systems are first read to their ends and only then applied, so that
 * what happened since the backup is applied in the order in which it happened, whoever told it. Read one feed after the other, a dossier would run
 * through all of the registry's steps before the desk's supplement in their midst came again. A feed that cannot be read now comes with its
 * ordinary polls; it keeps nobody waiting.
 */
export interface RereadDependencies extends Omit<PollDependencies, 'storeOnly' | 'pageSize'> {
  readonly pageSizeOf: (systemId: PolledSystem['id']) => PageSize
}

/** Polls of one feed: enough for a million changes. Each goes on where the one before it ended. */
const MOST_POLLS = 200

export const rereadFeeds = async (
  deps: RereadDependencies,
  systems: readonly PolledSystem[],
): Promise<{ readonly systemId: PolledSystem['id']; readonly result: PollResult }[]> => {
  const results: { systemId: PolledSystem['id']; result: PollResult }[] = []
  for (const system of systems) {
    if (deps.isStopping?.()) return results
    results.push({ systemId: system.id, result: await readToEnd(deps, system) })
  }
  for (const code of await codesStored(deps.db)) {
    if (deps.isStopping?.()) break
    await applyPending(deps, code).catch((error: unknown) => deps.onApplyError(error, code))
  }
  deps.onApplied()
  return results
}

const readToEnd = async (deps: RereadDependencies, system: PolledSystem): Promise<PollResult> => {
  const poll = (): Promise<PollResult> => pollSystem({ ...deps, pageSize: deps.pageSizeOf(system.id), storeOnly: true }, system)
  let result = await poll()
  for (let polls = 1; polls < MOST_POLLS && (goesOn(result) || (result.kind === 'READ' && !result.atEnd)); polls += 1) {
    if (deps.isStopping?.()) break
    result = await poll()
  }
  return result
}
