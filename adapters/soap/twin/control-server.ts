import { createServer, type IncomingMessage, type Server } from 'node:http'
import { bodyOf } from './listening.js'
import { type EndedRules, MISBEHAVIOURS, type MisbehaviourRule } from './misbehaviour.js'
import type { Twin, TwinDefinition } from './twin.js'

type Body = Record<string, unknown>
type Route = (body: Body, query: URLSearchParams, rest: string) => unknown

class UnknownRoute extends Error {}

/**
 * The control endpoint of a twin: plain JSON over HTTP, for tests and for people. It listens on loopback alone, and a POST must
 * say `Content-Type: application/json`, so that a web page open in someone's browser cannot steer a twin.
 */
export function controlServer<State>(definition: TwinDefinition<State>, twin: Twin<State>): Server {
  const routes: Record<string, Route> = {
    'POST /control/misbehave': (body) => twin.misbehave(body as unknown as MisbehaviourRule),
    'POST /control/behave': async (body) => ({ ended: await twin.behave(body as EndedRules) }),
    'POST /control/reset': (body) => twin.reset({ state: body.state === true }),
    'POST /control/set': (body) => Object.assign(twin.settings, body),
    'POST /control/advance': (body) => twin.advance(body.to === undefined ? { ms: Number(body.ms) } : { to: new Date(String(body.to)) }),
    'POST /control/speed': (body) => twin.clock.setSpeed(Number(body.speed)),
    'POST /control/offline': () => twin.offline(),
    'POST /control/online': () => twin.goOnline(),
    'GET /control/ledger': (_body, query) => {
      const { requests, ...done } = twin.ledger.since(Number(query.get('since') ?? 0))
      return query.get('only') === 'deeds' ? done : { requests, ...done }
    },
    'GET /control/state': () => stateOf(definition, twin),
    'GET /control/help': () => helpOf(definition, twin, Object.keys(routes)),
    'POST /control/act': (body, _query, name) => {
      const act = definition.controls?.[name]
      if (!act) throw new UnknownRoute(`${definition.name} has no action ${name}; it has ${actsOf(definition).join(', ')}`)
      return act(body, twin.work())
    },
  }
  return createServer((request, response) => {
    const reply = (status: number, value: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(`${JSON.stringify(value ?? { ok: true })}\n`)
    answerTo(request, routes).then(
      (value) => reply(200, value),
      (error: unknown) =>
        reply(error instanceof UnknownRoute ? 404 : 400, { error: error instanceof Error ? error.message : String(error) }),
    )
  })
}

async function answerTo(request: IncomingMessage, routes: Record<string, Route>): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://control')
  const [, head = '', name = '', rest = ''] = url.pathname.split('/')
  const route = routes[`${request.method} /${head}/${name}`]
  if (!route) throw new UnknownRoute(`no ${request.method} ${url.pathname}; there are ${Object.keys(routes).join(', ')}`)
  if (request.method === 'POST' && !request.headers['content-type']?.startsWith('application/json')) {
    throw new Error('Content-Type must be application/json')
  }
  const text = ((await bodyOf(request)) ?? '').toString()
  return route(text === '' ? {} : (JSON.parse(text) as Body), url.searchParams, decodeURIComponent(rest))
}

const actsOf = <State>({ controls = {} }: TwinDefinition<State>): string[] => Object.keys(controls)

/** All that this twin can be told, out of the code itself. */
function helpOf<State>(definition: TwinDefinition<State>, { operations }: Twin<State>, routes: readonly string[]): Body {
  return { name: definition.name, routes, operations, misbehaviours: MISBEHAVIOURS, acts: actsOf(definition) }
}

function stateOf<State>(definition: TwinDefinition<State>, twin: Twin<State>): Body {
  return {
    name: definition.name,
    online: twin.online,
    now: twin.clock.now().toISOString(),
    misbehaviours: twin.misbehaviours(),
    lateCommits: twin.clock.pending,
    settings: twin.settings,
    state: definition.describe ? definition.describe(twin.state) : twin.state,
  }
}
