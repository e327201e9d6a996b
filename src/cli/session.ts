import type { OpenedFeed } from '../backfill/load-history-feed.js'
import type { SystemId } from '../model/system.js'
import type { Database } from '../platform/database.js'
import type { LocalFacts } from './doctor/check-configuration.js'
import type { Say } from './language.js'
import type { AccessSources } from './remote/access.js'
import type { Terminal } from './terminal.js'

/** What commands work with. A part is opened by the first command that asks for it. */
export interface Session {
  readonly say: Say
  readonly terminal: Terminal
  /** Rejects with one sentence when there is none that can be used. */
  database(): Promise<Database>
  /** Where it is; rejects as `database` does. */
  databaseUrl(): Promise<string>
  /** The feed of a system, with what this server's programs are configured with. */
  feed(systemId: SystemId, db: Database): Promise<OpenedFeed>
  readonly access: AccessSources
  readonly local: LocalFacts
}
