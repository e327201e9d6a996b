import type { OpenedFeed } from '../backfill/load-history-feed.js'
import type { Environment } from '../config/env.js'
import type { SystemId } from '../model/system.js'
import type { Database } from '../platform/database.js'
import type { Say } from './language.js'
import type { Terminal } from './terminal.js'

/** A gateway and the right to ask it. */
export interface Access {
  /** Of its GraphQL endpoint. */
  readonly url: string
  readonly token: string
}

/** Where address and token come from when no option says so. */
export interface AccessSources {
  readonly url?: string
  readonly token?: string
  readonly tokenFile?: string
  /** What a running `npm start` left on this machine; null: there is none. */
  sandbox(): Promise<Access | null>
}

/** What the programs on this server are started with. */
export interface LocalFacts {
  readonly environment: Environment
  /** Credentials by name. */
  readonly secrets: Readonly<Record<string, string | undefined>>
  readonly stateDir: string
}

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
