import type { SystemId } from '../../src/model/system.js'
import type { Compared } from '../../src/ports/comparison-source.js'
import type { FailedRead } from '../../src/ports/failed-read.js'
import type { CallResult } from './call-result.js'
import { failedPage } from './failed-read.js'
import type { FaultTable } from './fault-table.js'
import type { PageRows } from './page-rows.js'

/** What a page reads into, beside its size. */
export type ReadPage<T> = Omit<Extract<Compared<T>, { kind: 'READ' }>, 'kind' | 'bytes'>

export interface ComparedCall<T> {
  readonly faults: FaultTable
  readonly operation: string
  /** Whether the WSDL in use has the operation: a site may name an older one of its own. */
  readonly isOffered: boolean
  /** Of an answer that is paged. */
  readonly rows?: PageRows
  readonly call: () => Promise<CallResult>
  readonly read: (value: Record<string, unknown>) => ReadPage<T> | Promise<ReadPage<T>>
}

/** One question of reconciliation: what is no readable answer is a failed read, judged as any other read of that system. */
export async function askCompared<T>({ faults, operation, isOffered, rows, call, read }: ComparedCall<T>): Promise<Compared<T>> {
  if (!isOffered) return notOffered(faults.system, operation)
  const asked = rows?.most ?? 0
  const result = await call()
  if (result.kind !== 'REPLY') {
    const failed = failedPage(faults, result, asked)
    if (failed.tooManyRows !== undefined) rows?.shrink()
    const { tooManyRows: _tooManyRows, ...failure } = failed
    return failure
  }
  rows?.grow()
  return { kind: 'READ', bytes: result.evidence.responseBytes ?? 0, ...(await read(result.value)) } as Compared<T>
}

const notOffered = (system: SystemId, operation: string): FailedRead => ({
  kind: 'FAILED',
  cause: `Hợp đồng (WSDL) đang dùng không có nghiệp vụ ${operation}: hãy thay WSDL, hoặc đặt "systems.${system}.comparison" là "NONE".`,
  shows: 'SILENT',
})

/** Of a system that offers lists alone: whoever asks it by digests has not looked at its `style`. */
export const offersListsAlone = (system: SystemId) => (): never => {
  throw new Error(`${system} is compared by lists: it has no digests to be asked for`)
}
