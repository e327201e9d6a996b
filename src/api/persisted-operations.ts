import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GraphQLSchema, ValidationRule } from 'graphql'
import { parse, specifiedRules, stripIgnoredCharacters, validate } from 'graphql'
import { z } from 'zod'
import { GatewayError } from '../errors.js'
import { asFileFault, describeFileFault, FileFault } from '../model/file-fault.js'
import { consoleDir } from '../platform/paths.js'
import { StartError } from '../platform/start-error.js'
import { hashOf } from './document-id.js'

/**
 * Câu truy vấn đã đăng ký: documents that front ends registered when they were built, by the SHA-256 of their text, as `persisted-documents.json` of
 * graphql-codegen's client preset has them. A caller sends the id alone (`document-id.ts`); with `only` no other document runs. Nobody registers one while the
 * gateway runs: that is what Apollo's *automatic* persisted queries would allow, and they are off.
 */
export interface PersistedSettings {
  /** Path of the manifest, or of each front end's. */
  readonly manifest: string | readonly string[]
  /** Allow-list: any other document is refused. */
  readonly only: boolean
}

/**
 * Câu truy vấn của chính cổng: those of the console and of the citizens' page, as their build lists them; absent: nobody has built them. They run under an
 * allow-list too, under their ids and as texts, however these are laid out: a client's library changes the white space.
 */
const OWN_DOCUMENTS = join(consoleDir, 'documents.json')

/** Over a socket the query is always there, and empty beside an id. */
export interface SocketPayload {
  readonly query: string
  readonly documentId?: unknown
  readonly extensions?: Record<string, unknown> | null
}

const idOfPayload = ({ documentId, extensions }: SocketPayload): unknown =>
  documentId ?? (extensions?.persistedQuery as { readonly sha256Hash?: unknown } | undefined)?.sha256Hash

export interface PersistedOperations {
  /** What Apollo looks ids up in, over HTTP. Nothing can be put into it. */
  readonly cache: { get(key: string): Promise<string | undefined>; set(): Promise<void>; delete(): Promise<void> }
  /** The document that an operation over a socket asks for; by its id when its query is empty. Throws when it may not run. */
  documentOf(payload: SocketPayload): string
  /** Throws FORBIDDEN when only listed documents may run and this text is none. What is no text runs in no case. */
  admit(text: unknown): void
}

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Of a document without its layout; null for what is none. */
const idOfMeaning = (text: string): string | null => {
  try {
    return idOf(stripIgnoredCharacters(text))
  } catch {
    return null
  }
}

const unlisted = (): GatewayError =>
  new GatewayError('FORBIDDEN', 'Cổng chỉ nhận những câu truy vấn đã đăng ký; câu này không có trong danh sách.', {
    reason: 'OPERATION_NOT_LISTED',
  })

export const UNKNOWN_ID = 'Cổng không có câu truy vấn nào đăng ký dưới mã này.'

/** Apollo sets this before each id. */
const CACHE_PREFIX = /^apq:/

const readManifest = async (path: string): Promise<[string, string][]> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const fault = asFileFault(error, path, 'READ')
    if (!(fault instanceof FileFault)) throw error
    throw new StartError(`Danh sách câu truy vấn: ${fault.message}`, `The list of operations: ${describeFileFault(fault).english}`)
  })
  const json = ((): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  })()
  const { success, data } = z.record(z.string(), z.string()).safeParse(json)
  if (!success || Object.keys(data).length === 0)
    throw new StartError(
      `Danh sách câu truy vấn ${path} phải là JSON dạng { "mã SHA-256": "câu truy vấn" } và có ít nhất một câu.`,
      `The list of operations ${path} must be JSON like { "SHA-256": "document" } with one operation at least.`,
    )
  return Object.entries(data)
}

/** Every document has the id that it is listed under and is one that this gateway can run. */
const checkDocument = (
  path: string,
  [id, text]: readonly [string, string],
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
): void => {
  if (idOf(text) !== hashOf(id))
    throw new StartError(
      `Danh sách câu truy vấn ${path}: mã "${id.slice(0, 80)}" không phải SHA-256 của câu đi cùng.`,
      `The list of operations ${path}: the id "${id.slice(0, 80)}" is not the SHA-256 of its document.`,
    )
  try {
    const [fault] = validate(schema, parse(text), [...specifiedRules, ...rules])
    if (fault) throw fault
  } catch (fault) {
    const why = (fault as Error).message.replace(/\.$/, '')
    throw new StartError(
      `Danh sách câu truy vấn ${path}: câu có mã ${id} không chạy được trên lược đồ này: ${why}.`,
      `The list of operations ${path}: the document with the id ${id} does not run on this schema: ${why}.`,
    )
  }
}

/** At start: a manifest that cannot be served whole is refused with a sentence. */
export const readPersistedOperations = async (
  { manifest, only }: PersistedSettings,
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
  own = OWN_DOCUMENTS,
): Promise<PersistedOperations> => {
  const documents = new Map<string, string>()
  const ownMeanings = new Set<string | null>()
  for (const path of [...[manifest].flat(), ...(existsSync(own) ? [own] : [])]) {
    for (const [id, text] of await readManifest(path)) {
      checkDocument(path, [id, text], schema, rules)
      documents.set(hashOf(id), text)
      if (path === own) ownMeanings.add(idOfMeaning(text))
    }
  }

  const admit = (asked: unknown): void => {
    if (only && typeof asked === 'string' && !documents.has(idOf(asked)) && !ownMeanings.has(idOfMeaning(asked))) throw unlisted()
  }
  return {
    admit,
    cache: {
      get: async (key) => documents.get(hashOf(key.replace(CACHE_PREFIX, ''))),
      set: async () => undefined,
      delete: async () => undefined,
    },
    documentOf: (payload) => {
      const { query } = payload
      const id = idOfPayload(payload)
      if (query !== '' || typeof id !== 'string') {
        admit(query)
        return query
      }
      const document = documents.get(hashOf(id))
      if (document === undefined) throw new GatewayError('INVALID_INPUT', UNKNOWN_ID, { reason: 'PERSISTED_QUERY_NOT_FOUND' })
      return document
    },
  }
}
