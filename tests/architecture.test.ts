/**
 * Who may import whom, which package may be used where, and how files are called. The tables below are the rules; each row
 * says why. A part of the code imports itself, what its row names, and what is open to all.
 */
import { basename, dirname } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { findCycle, type Import, listSources, readImports, readSource } from './support/read-imports.js'

const openToAll = ['errors', 'model', 'access']
const everything = [
  'api',
  'queue',
  'operator',
  'alerting',
  'reporting',
  'reconciliation',
  'backfill',
  'inbox',
  'dossier',
  'transfer',
  'outbox',
  'ports',
]

interface Row {
  readonly may: readonly string[]
  readonly why: string
}

const importTable: Record<string, Row> = {
  errors: { may: [], why: 'the closed list of errors knows nothing of those who throw them' },
  model: { may: [], why: 'pure: what a dossier and a transfer are does not depend on how they are stored, sent or shown' },
  access: { may: [], why: 'who may see what is decided in one place, from the model alone' },
  ports: { may: [], why: 'what we need of a foreign system is said in our own terms, whoever speaks to it' },
  config: { may: ['ports'], why: 'settings are read before anything else exists; their shape is what the ports ask for' },
  platform: { may: ['config'], why: 'database, files and processes serve the domain and know nothing of it' },
  outbox: { may: ['platform'], why: 'it wakes others by a function handed in; importing the queue would turn the arrow round' },
  transfer: {
    may: ['outbox', 'ports', 'platform'],
    why: 'one sending to one system; it never imports dossier: settling appends an event that dossier consumes',
  },
  dossier: {
    may: ['transfer', 'outbox', 'ports', 'platform'],
    why: 'a change of a dossier plans its transfers in the same database transaction',
  },
  inbox: { may: ['dossier', 'outbox', 'ports', 'platform'], why: 'what a system tells us is applied to dossiers; it sends nothing itself' },
  backfill: {
    may: ['inbox', 'dossier', 'ports', 'platform'],
    why: 'history comes in by a road of its own, which sends nothing to anybody: it does not even know transfers',
  },
  reconciliation: {
    may: ['dossier', 'transfer', 'outbox', 'ports', 'platform'],
    why: 'it compares both sides and repairs through the same outbox as everyone',
  },
  operator: {
    may: ['reconciliation', 'dossier', 'transfer', 'outbox', 'platform'],
    why: 'acts of a named person go the ways of the machine',
  },
  alerting: {
    may: ['reconciliation', 'dossier', 'transfer', 'outbox', 'platform'],
    why: 'it reads and notices, and owns no state of others',
  },
  reporting: {
    may: ['reconciliation', 'dossier', 'transfer', 'outbox', 'platform'],
    why: 'it reads and counts, and owns no state of others',
  },
  queue: {
    may: ['inbox', 'reconciliation', 'alerting', 'dossier', 'transfer', 'outbox', 'platform'],
    why: 'it wakes the others up; nobody but the composition root knows that there is a queue',
  },
  api: {
    may: ['operator', 'reporting', 'reconciliation', 'dossier', 'transfer', 'ports', 'platform'],
    why: 'it translates GraphQL and decides nothing; it hands the database on and reads no table itself',
  },
  'foreign systems': { may: ['config', 'ports', 'adapters'], why: 'the only file of the product that knows the adapters' },
  composition: {
    may: [...everything, 'config', 'platform', 'foreign systems'],
    why: 'the composition root builds every object and hands them to each other; it decides nothing of the domain',
  },
  sandbox: {
    may: ['dossier', 'transfer', 'platform', 'adapters/soap'],
    why: 'it starts the twins as programs and fills the tables that they need; the product does not know it',
  },
  cli: {
    may: ['queue', 'backfill', 'inbox', 'operator', 'dossier', 'transfer', 'ports', 'config', 'platform'],
    why: 'acts for a terminal, over the same functions as everyone; its doctor checks configuration and queue as the programs do at their start',
  },
  'entry point': { may: ['composition', 'config', 'platform', 'sandbox', 'cli'], why: 'a program builds the context and starts it' },
  'schema-diff': { may: [], why: 'it compares two texts of the schema and knows nothing of how one comes to be' },
  'entry point schema-diff': { may: ['schema-diff', 'platform'], why: 'it compares the committed schema with an earlier one' },
  'entry point emit-schema': { may: ['api', 'platform'], why: 'it prints the schema that the API is built from' },
  examples: { may: [], why: 'a front-end developer copies it: it knows the GraphQL schema alone' },
  console: { may: [], why: 'it knows the GraphQL schema alone, like any other front end' },
  'adapters/soap': { may: ['ports'], why: 'shared by the SOAP adapters, and about no system in particular' },
  adapter: { may: ['ports', 'adapters/soap'], why: 'one foreign system a folder: nothing of one may leak into another' },
}

interface PackageRow {
  readonly packages: readonly string[]
  readonly only: RegExp
  readonly why: string
}

const packageTable: readonly PackageRow[] = [
  { packages: ['bullmq'], only: /^src\/queue\//, why: 'the queue can be exchanged or rebuilt while nobody else knows it' },
  { packages: ['soap'], only: /^adapters\//, why: 'SOAP is how some systems speak, not what we are about' },
  { packages: ['@apollo/server', '@apollo/subgraph', 'type-graphql'], only: /^src\/api\//, why: 'GraphQL is one face of the gateway' },
  {
    packages: ['@prisma/client', '@prisma/adapter-pg', 'pg', 'prisma client'],
    only: /-repository\.ts$|^src\/(outbox|platform)\//,
    why: 'who reads or writes tables is seen from the file name',
  },
  { packages: ['ioredis'], only: /^src\/(platform|queue)\//, why: 'Redis is optional: nothing of the domain may come to need it' },
]

/** Last words of file names under which everything and nothing fits; such files grow without end. */
const emptyWords = ['util', 'utils', 'helper', 'helpers', 'common', 'service', 'services', 'manager', 'misc', 'shared']
const forbiddenNames = ['index', 'transfer-worker', 'dossier-service']
const allowedNames: Record<string, string> = {
  'adapters/soap/inbound-service.ts': 'a service is what SOAP and WSDL call the thing itself',
}

/** The files of src that build the objects and hand them to each other. */
const compositionRoot = [
  'context',
  'alerts',
  'ledger',
  'gateway-process',
  'worker-process',
  'status-server',
  'retention',
  'reconciling',
  'history-feed',
  'prepare',
  'run-program',
]

const generatedFolder = 'src/platform/prisma-client'
const documentsFolders = ['examples/dossier-tracker/generated', 'src/cli/remote/generated', 'src/console/generated']
const sources = ['src', 'adapters', 'examples'].flatMap((folder) =>
  listSources(folder, [generatedFolder, ...documentsFolders, 'src/bootstrap']),
)
const imports = sources.flatMap((path) => readImports(path))

/** The part of the code that a file belongs to: a folder of src, one adapter, or an entry point. */
function partOf(path: string): string {
  const [top = '', second = '', third = ''] = path.split('/')
  if (top === 'examples') return top
  if (top === 'adapters') return second === 'provincial' ? `adapters/provincial/${third}` : `adapters/${second}`
  if (third !== '') return second
  const name = basename(second, '.ts')
  if (compositionRoot.includes(name)) return 'composition'
  if (name === 'foreign-systems') return 'foreign systems'
  if (name === 'cli-session') return 'entry point cli'
  return name === 'errors' ? name : `entry point ${name}`
}

function rowOf(part: string): Row | undefined {
  if (part in importTable) return importTable[part]
  if (part.startsWith('entry point')) return importTable['entry point']
  return part.startsWith('adapters/') ? importTable.adapter : undefined
}

function isAllowed(from: string, to: string): boolean {
  if (from === to || openToAll.includes(to)) return true
  const row = rowOf(from)
  return row !== undefined && (row.may.includes(to) || (to.startsWith('adapters/') && row.may.includes('adapters')))
}

function describeBreach({ from, file }: Import): string {
  const part = partOf(from)
  return `${from} imports ${file}: ${rowOf(part)?.why ?? `"${part}" stands in no row of the table`}`
}

function findForbiddenImports(all: readonly Import[]): string[] {
  return all.filter(({ from, file }) => file !== null && !isAllowed(partOf(from), partOf(file))).map(describeBreach)
}

function packagesOf({ packageName, file }: Import): string {
  return packageName ?? (file?.startsWith(generatedFolder) ? 'prisma client' : '')
}

function findForbiddenPackages(all: readonly Import[]): string[] {
  return packageTable.flatMap(({ packages, only, why }) =>
    all
      .filter((one) => packages.includes(packagesOf(one)) && !only.test(one.from))
      .map((one) => `${one.from} imports ${packagesOf(one)}: ${why}`),
  )
}

/** A twin that read with the adapter's own mapping could not convict it. */
function findDependentTwins(all: readonly Import[]): string[] {
  const inSandbox = (path: string): boolean => /\/(sandbox|twin)\//.test(path)
  const twinReadsMapping = all.filter(({ from, file }) => inSandbox(from) && /mapping\.ts$/.test(file ?? ''))
  const adapterKnowsTwin = all.filter(({ from, file }) => from.startsWith('adapters/') && !inSandbox(from) && inSandbox(file ?? ''))
  return [...twinReadsMapping, ...adapterKnowsTwin].map(({ from, file }) => `${from} imports ${file}`)
}

function findForbiddenNames(paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const name = basename(path).replace(/\.tsx?$/, '')
    const words = [...name.split(/[.-]/).slice(-1), ...dirname(path).split('/')]
    const isKebab = path.split('/').every((segment) => /^[a-z0-9]+([.-][a-z0-9]+)*$/.test(segment))
    return (!isKebab || forbiddenNames.includes(name) || words.some((word) => emptyWords.includes(word))) && !(path in allowedNames)
  })
}

describe('the rules hold', () => {
  test('there is code to judge', () => {
    expect(sources.length).toBeGreaterThan(20)
    expect(imports.length).toBeGreaterThan(20)
  })

  test('every part imports only what its row allows', () => {
    expect(findForbiddenImports(imports)).toEqual([])
  })

  test('packages stay where they belong', () => {
    expect(findForbiddenPackages(imports)).toEqual([])
  })

  test('no file imports itself in a circle', () => {
    expect(findCycle(imports)).toBeNull()
  })

  test('adapters and twins are independent of each other', () => {
    expect(findDependentTwins(imports)).toEqual([])
  })

  test('file names say what is inside, in kebab-case, without barrels', () => {
    expect(findForbiddenNames(sources)).toEqual([])
  })

  test('only config, and entry points on its behalf, read the environment', () => {
    const mayRead = /^src\/config\/|^src\/[^/]+\.ts$|\/main\.ts$/
    const readers = sources.filter((path) => !mayRead.test(path) && readSource(path).includes('process.env'))
    expect(readers).toEqual([])
  })
})

describe('the rules convict', () => {
  test.each([
    ['src/outbox/relay.ts', `import { queues } from '../queue/queues.js'`],
    ['src/transfer/settle.ts', `import type { Dossier } from '../dossier/dossier-repository.js'`],
    ['src/dossier/look-up.ts', `const adapter = await import('../../adapters/vilis/adapter.js')`],
    ['adapters/vilis/adapter.ts', `export { mapping } from '../one-stop/mapping.js'`],
    ['adapters/provincial/tax/adapter.ts', `import '../portal/adapter.js'`],
    ['src/worker.ts', `import { schema } from './api/server.js'`],
    ['examples/dossier-tracker/main.ts', `import type { Dossier } from '../../src/api/dossier.type.js'`],
    ['src/platform/cache.ts', `let x: import('../dossier/dossier.js').Dossier`],
    ['src/somewhere-new/thing.ts', `import '../dossier/receive.js'`],
  ])('%s may not say %s', (path, text) => {
    expect(findForbiddenImports(readImports(path, text))).toHaveLength(1)
  })

  test.each([
    ['src/dossier/receive.ts', `import pg from 'pg'`],
    ['src/dossier/receive.ts', `import type { Prisma } from '../platform/prisma-client/client.js'`],
    ['src/transfer/deliver-transfer.ts', `import { Queue } from 'bullmq'`],
    ['src/api/server.ts', `import { Redis } from 'ioredis'`],
  ])('%s may not say %s', (path, text) => {
    expect(findForbiddenPackages(readImports(path, text))).toHaveLength(1)
  })

  test('a circle over three files is found, one of types alone is none', () => {
    const ring = (kind: string): Import[] =>
      ['a', 'b', 'c'].flatMap((name, at) => readImports(`src/model/${name}.ts`, `import ${kind} { x } from './${['b', 'c', 'a'][at]}.js'`))
    expect(findCycle(ring(''))).toEqual(['src/model/a.ts', 'src/model/b.ts', 'src/model/c.ts', 'src/model/a.ts'])
    expect(findCycle(ring('type'))).toBeNull()
  })

  test.each([
    'src/model/index.ts',
    'src/dossier/dossier-service.ts',
    'src/utils/text.ts',
    'src/dossier/DossierRow.ts',
    'src/queue/transfer-worker.ts',
  ])('%s is no name for a file', (path) => {
    expect(findForbiddenNames([path])).toEqual([path])
  })
})
