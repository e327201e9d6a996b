import type { Caller } from '../access/caller.js'
import type { Scope } from '../access/scope.js'
import { scopeOf } from '../access/scope.js'
import type { Language } from '../model/language.js'
import { refusalInWords } from '../model/recorded-english.js'
import { refusalInEnglish, type SpokenRefusal } from '../model/refusals-english.js'
import type { SystemId } from '../model/system.js'
import { AnswerRows } from './answer-rows.js'
import type { ApiDependencies } from './dependencies.js'
import type { Loaders } from './loaders.js'
import { createLoaders } from './loaders.js'
import type { Presenter } from './present.js'
import { createPresenter } from './present.js'

/** A caller is the same object as long as its token is known (`access/authenticate.ts`): what shows things to it is made once. */
const presenters = new WeakMap<Caller, Map<Language, Presenter>>()

const presenterFor = (caller: Caller, language: Language): Presenter => {
  const ofCaller = presenters.get(caller) ?? new Map<Language, Presenter>()
  const presenter = ofCaller.get(language) ?? createPresenter(caller, language)
  presenters.set(caller, ofCaller.set(language, presenter))
  return presenter
}

/** A part of an answer that is not what its source would tell now (`late-parts.ts`). */
export interface LatePart {
  readonly path: readonly (string | number)[]
  readonly system: SystemId
  /** FAILED: there is nothing to show. */
  readonly state: 'STALE' | 'LATE' | 'FAILED'
  readonly asOf: string | null
  readonly because: string | null
}

/**
 * What every resolver works with: one caller, their scope, and what this answer has read so far. Apollo works on a copy of it, so
 * a method reaches its own state by `this` alone.
 */
export class RequestContext {
  readonly scope: Scope
  readonly present: Presenter
  loaders: Loaders
  /** Told with the answer (`late-parts.ts`). */
  readonly lateParts: LatePart[] = []
  /** Of lists in this answer. */
  rows: AnswerRows
  /** Of each look-up that came too often, how long it has to wait (`too-often.ts`). */
  readonly refusedForSeconds: number[] = []

  constructor(
    readonly deps: ApiDependencies,
    readonly caller: Caller,
    readonly correlationId: string,
    /** From where the request came, as far as the proxies that are trusted tell. */
    readonly address: string,
    /** Of sentences and labels. */
    readonly language: Language = 'vi',
  ) {
    this.scope = scopeOf(caller)
    this.rows = new AnswerRows(deps.limits.query.maxCost)
    this.present = presenterFor(caller, language)
    this.loaders = createLoaders(deps.db, this.scope, caller, deps)
  }

  /** A refusal in the caller's language: what refuses says a code and a Vietnamese sentence. */
  spoken(refusal: SpokenRefusal): string {
    if (this.language !== 'en') return refusal.message
    // One that is known by its words tells more than its code does.
    const told = refusal.by ? refusal.message : refusalInWords(refusal.message)
    return told === refusal.message ? refusalInEnglish(refusal) : told
  }

  /** Forgets what was read: after an act, and before each event of a subscription, so that none shows what was before it. */
  renewLoaders(): void {
    this.loaders = createLoaders(this.deps.db, this.scope, this.caller, this.deps)
    this.lateParts.length = 0
    this.rows = new AnswerRows(this.deps.limits.query.maxCost)
  }
}
