import { meros } from 'meros/browser'
import { type Answer, answerOf, type Fault, type Gateway, type Reply, RequestRefused, send, TryAgainLater } from './gateway.js'
import type { TypedDocumentString } from './generated/graphql.js'

/** A later part: what stands in a deferred fragment, and where it belongs. */
interface Part extends Reply {
  readonly hasNext?: boolean
  readonly incremental?: readonly {
    readonly path?: readonly (string | number)[]
    readonly data?: unknown
    readonly errors?: readonly Fault[]
  }[]
}

/** The form of parts that this code reads. */
const ACCEPT = 'multipart/mixed;deferSpec=20220824, application/json'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `more` laid over `known`, field by field and row by row. What has not changed stays the same object. */
const merge = (known: unknown, more: unknown): unknown => {
  if (Array.isArray(known) && Array.isArray(more)) return known.map((row, at) => (at in more ? merge(row, more[at]) : row))
  if (!isObject(known) || !isObject(more)) return more
  return { ...known, ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, merge(known[name], value)])) }
}

/** `data` at the end of `path`, and nothing beside it. */
const placed = (path: readonly (string | number)[], data: unknown): unknown =>
  path.reduceRight<unknown>((inner, step) => (typeof step === 'number' ? Object.assign([], { [step]: inner }) : { [step]: inner }), data)

const withPart = <Data>(known: Answer<Data>, part: Part): Answer<Data> =>
  (part.incremental ?? []).reduce<Answer<Data>>(
    ({ data, faults }, { path = [], data: more, errors = [] }) => ({
      data: (isObject(more) ? merge(data, placed(path, more)) : data) as Data,
      faults: [...faults, ...errors],
    }),
    known,
  )

/** A gateway that has never heard of @defer refuses the document; asked without it, it answers whole. */
const isUnknownDirective = (error: unknown): boolean => error instanceof RequestRefused && error.reason === 'GRAPHQL_VALIDATION_FAILED'

/**
 * Asks with @defer and yields what is known so far: first what was quick, then more with each part that comes, until all is there. A gateway
 * that does not defer answers whole: then there is one answer. Throws TryAgainLater when the connection ends before the last part.
 */
export async function* readInParts<Data, Variables>(
  gateway: Gateway,
  document: TypedDocumentString<Data, Variables> | string,
  variables: Variables,
): AsyncGenerator<Answer<Data>> {
  const parts = await meros<Part>(await send(gateway, document, variables, ACCEPT))
  if (parts instanceof Response) {
    const reply = (await parts.json()) as Reply
    try {
      yield answerOf<Data>(reply)
    } catch (error) {
      const whole = document.toString().replaceAll(/@defer\b(\s*\([^)]*\))?/g, '')
      if (!isUnknownDirective(error) || whole === document.toString()) throw error
      yield* readInParts<Data, Variables>(gateway, whole, variables)
    }
    return
  }
  let known: Answer<Data> | undefined
  let isLast = false
  for await (const { json, body } of parts) {
    if (!json) continue
    known = known === undefined ? answerOf<Data>(body) : known
    known = withPart(known, body)
    isLast = body.hasNext === false
    yield known
  }
  if (!isLast) throw new TryAgainLater(0)
}
