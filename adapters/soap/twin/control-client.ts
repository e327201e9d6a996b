import type { LedgerDeed, LedgerRequest } from './ledger.js'
import type { EndedRules, MisbehaviourRule } from './misbehaviour.js'

export interface TwinReport<State = unknown> {
  readonly name: string
  readonly online: boolean
  readonly now: string
  readonly misbehaviours: readonly (MisbehaviourRule & { left: number | null })[]
  readonly lateCommits: number
  readonly settings: Record<string, unknown>
  readonly state: State
}

export interface LedgerPage {
  readonly requests: LedgerRequest[]
  readonly deeds: LedgerDeed[]
  readonly last: number
}

export type TwinControl = ReturnType<typeof twinControl>

/** Steers a twin through its control endpoint. Every call throws when the twin refuses it. */
export function twinControl(controlUrl: string) {
  const call = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const sent = method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }
    const response = await fetch(`${controlUrl}/${path}`, { method, ...sent })
    const answer = (await response.json()) as T & { error?: string }
    if (!response.ok) throw new Error(`twin refused ${path}: ${answer.error ?? response.status}`)
    return answer
  }
  const post = async (path: string, body?: unknown): Promise<void> => {
    await call('POST', path, body)
  }
  return {
    misbehave: (rule: MisbehaviourRule) => post('misbehave', rule),
    /** Ends the misbehaviours of that kind and operation, or all, and says how many; what is late already still comes. */
    behave: async (which: EndedRules = {}) => (await call<{ ended: number }>('POST', 'behave', which)).ended,
    /** Ends every misbehaviour; with `state` the twin forgets its dossiers too. The ledger stays. */
    reset: (what: { state?: boolean } = {}) => post('reset', what),
    set: (settings: Record<string, unknown>) => post('set', settings),
    advance: (to: { ms: number } | { to: string }) => post('advance', to),
    speed: (speed: number) => post('speed', { speed }),
    offline: () => post('offline'),
    online: () => post('online'),
    ledger: (since = 0) => call<LedgerPage>('GET', `ledger?since=${since}`),
    /** Without the requests, whose envelopes are most of a ledger. */
    deeds: async (since = 0) => (await call<Pick<LedgerPage, 'deeds'>>('GET', `ledger?since=${since}&only=deeds`)).deeds,
    state: <State = unknown>() => call<TwinReport<State>>('GET', 'state'),
    act: <Result = unknown>(name: string, body: Record<string, unknown> = {}) =>
      call<Result>('POST', `act/${encodeURIComponent(name)}`, body),
  }
}
