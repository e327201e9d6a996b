import type { Authenticated } from '../access/authenticate.js'
import type { Caller } from '../access/caller.js'
import { scopeOf } from '../access/scope.js'
import type { Scope } from '../access/scope.js'
import type { RegistryReads } from '../dossier/registry-reads.js'
import type { ApiDependencies } from './dependencies.js'
import { createLoaders } from './loaders.js'
import type { Loaders } from './loaders.js'
import { createPresenter } from './present.js'
import type { Presenter } from './present.js'

/** What every resolver works with: one caller, their scope, and what this answer has read so far. */
export interface RequestContext {
  readonly deps: ApiDependencies
  readonly caller: Caller
  readonly scope: Scope
  readonly present: Presenter
  readonly correlationId: string
  /** Replaced before each event of a subscription, so that no event shows what an earlier one read. */
  loaders: Loaders
  renewLoaders(): void
}

export const createRequestContext = (
  deps: ApiDependencies,
  registry: RegistryReads,
  { caller }: Authenticated,
  correlationId: string,
): RequestContext => {
  const scope = scopeOf(caller)
  const context: RequestContext = {
    deps,
    caller,
    scope,
    present: createPresenter(caller),
    correlationId,
    loaders: createLoaders(deps.db, scope, registry),
    renewLoaders: () => {
      context.loaders = createLoaders(deps.db, scope, registry)
    },
  }
  return context
}
