import { may, type Permission, requirePermission } from '../access/permissions.js'
import { inDoubt, notFound } from '../errors.js'
import { digestOf } from '../model/digest.js'
import type { SystemActResult as Acted, SystemAct } from '../operator/act-on-system.js'
import { readGates } from '../transfer/gate-reads-repository.js'
import { listSystems } from '../transfer/system-reads-repository.js'
import type { SystemActAnswer } from './mutation-result.type.js'
import { ActRefused, ClientKeyReused, InputRefused, SystemActDone } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import type { SystemActInput } from './system.input.js'
import type { ForeignSystem } from './system.type.js'

export const systemsFor = async ({ caller, deps, scope, present }: RequestContext): Promise<ForeignSystem[]> => {
  const [rows, gates] = await Promise.all([listSystems(deps.db, scope), may(caller, 'systems.gate') ? readGates(deps.db) : []])
  return rows.map((row) =>
    present.system(
      row,
      gates.find(({ systemId }) => systemId === row.id),
    ),
  )
}

/** One act of a named person on a system, once for the client's key. */
export const actOnce = async (
  context: RequestContext,
  operation: Permission,
  input: SystemActInput,
  perform: (request: SystemAct) => Promise<Acted>,
): Promise<SystemActAnswer> => {
  requirePermission(context.caller, operation)
  const { clientKey, ...body } = input
  const { systemId, reason } = body
  const once = await context.deps.once(
    { caller: context.caller.subject, key: clientKey, digest: digestOf({ operation, ...body }) },
    async () => {
      const result = await perform({ systemId, reason, actor: context.caller, requestKey: clientKey })
      if (result.kind === 'DONE') return { reason: null, message: null, field: null }
      return { reason: result.reason, message: result.message, field: result.field ?? null }
    },
  )
  if (once.kind === 'KEY_REUSED') return new ClientKeyReused()
  const { reason: why, message, field } = once.answer
  if (why !== null && message !== null)
    return field === null ? new ActRefused({ reason: why, message, possibleFrom: null }) : new InputRefused({ reason: why, message, field })
  context.renewLoaders()
  const systems = await systemsFor(context).catch((error: unknown) => {
    throw inDoubt(error)
  })
  const system = systems.find(({ id }) => id === systemId)
  if (!system) throw notFound(`hệ thống ${systemId}`)
  return new SystemActDone({ system, repeated: once.repeated })
}
