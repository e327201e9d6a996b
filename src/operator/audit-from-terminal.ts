import { userInfo } from 'node:os'
import type { Tx } from '../platform/database.js'

/** An act from the command line, which works on the database: by the account at the terminal, in the act's own database transaction. */
export interface TerminalAct {
  readonly act: 'LOAD_MAPPINGS' | 'SET_ROUTES' | 'LOAD_DEADLINES' | 'LOAD_UNITS' | 'LOAD_HISTORY' | 'LOAD_HISTORY_DONE'
  readonly reason: string
  readonly before: Evidence
  readonly after: Evidence
}

type Evidence = Readonly<Record<string, string | number | readonly string[]>>

export const auditFromTerminal = async (tx: Tx, { act, reason, before, after }: TerminalAct): Promise<void> => {
  await tx.orm.auditEntry.create({
    data: { actor: terminalAccount(), role: 'OPERATOR', act, reason, before: { ...before }, after: { ...after } },
  })
}

export const terminalAccount = (): string => {
  try {
    return `cli:${userInfo().username}`
  } catch {
    // An account without a name, as in some containers.
    return 'cli'
  }
}
