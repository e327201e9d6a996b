import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, type SqlQuery, type SqlResultSet } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

/** The part of the WebAssembly interface that is used; the server-side type libraries do not declare it. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(compiled: object, imports: Record<string, object>): Promise<{ exports: Record<string, unknown> }>
}

type EngineModule = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')
type Adapter = Awaited<ReturnType<PrismaPg['connect']>>

/**
 * Prisma's own schema engine, compiled to WebAssembly, so that no binary is downloaded.
 *
 * The steps are those of the package's entry for bundlers, done by hand: Node cannot import its `.wasm` file. The engine
 * sets a ten-second timer at every call, which must not keep the process alive.
 */
async function loadEngineModule(): Promise<EngineModule> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const engineModule: EngineModule = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const imports: Record<string, unknown> = { ...engineModule }
  for (const name of Object.keys(imports).filter((key) => key.startsWith('__wbg_setTimeout_'))) {
    imports[name] = (callback: () => void, delayMs: number) => setTimeout(callback, delayMs).unref()
  }
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message() {} } })
  const compiled = await WebAssembly.compile(await readFile(join(dirname(entry), 'schema_engine_bg.wasm')))
  const instance = await WebAssembly.instantiate(compiled, { './schema_engine_bg.js': imports })
  engineModule.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  return engineModule
}

/**
 * PostgreSQL's type "char", in which its catalogue keeps kinds of things, and which the adapter refuses to name. The engine
 * wants it as a character. So the pool calls it JSON, which no catalogue query returns, and the adapter calls that a character.
 */
const internalCharOid = 18
const standInOid = 114

function renameInternalChar(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>
  const renaming = async (config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
    const result = await query(config)
    for (const field of result.fields ?? []) if (field.dataTypeID === internalCharOid) field.dataTypeID = standInOid
    return result
  }
  Object.assign(pool, { query: renaming })
}

function readStandInAsCharacter(adapter: Adapter): Adapter {
  const queryRaw = adapter.queryRaw.bind(adapter)
  const rereading = async (query: SqlQuery): Promise<SqlResultSet> => {
    const result = await queryRaw(query)
    const columnTypes = result.columnTypes.map((type) => (type === ColumnTypeEnum.Json ? ColumnTypeEnum.Character : type))
    return { ...result, columnTypes }
  }
  return Object.assign(adapter, { queryRaw: rereading })
}

/** The adapter cuts a script at every semicolon, function bodies included; sent whole, it is also one transaction. */
function runScriptsWhole(adapter: Adapter): Adapter {
  const executeScript = async (script: string): Promise<void> => {
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] })
  }
  return Object.assign(adapter, { executeScript })
}

class MigrationPrismaPg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    return readStandInAsCharacter(runScriptsWhole(await super.connect()))
  }
}

let used = false

/**
 * Runs `work` with the engine on the database at `connectionString`; every connection is closed afterwards.
 *
 * A second engine in one process dies, so a second call throws: it takes a new process.
 */
export async function withSchemaEngine<T>(
  connectionString: string,
  datamodel: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  if (used) throw new Error('the schema engine can be used once in a process')
  used = true
  const { SchemaEngine: Engine } = await loadEngineModule()
  const pool = new pg.Pool({ connectionString, max: 2, application_name: 'lienthong-migrations' })
  renameInternalChar(pool)
  try {
    const factory = bindMigrationAwareSqlAdapterFactory(new MigrationPrismaPg(pool, { schema: 'public' }))
    const engine = await Engine.new({ datamodels: [['schema.prisma', datamodel]] }, () => undefined, factory)
    return await work(engine)
  } finally {
    await pool.end()
  }
}
