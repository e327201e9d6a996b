import { may, type Permission } from '../access/permissions.js'
import { notFound } from '../errors.js'
import type { SystemActResult as Acted, SystemAct } from '../operator/act-on-system.js'
import { readGates } from '../transfer/gate-reads-repository.js'
import { listSystems } from '../transfer/system-reads-repository.js'
import { answerOnce } from './answer-once.js'
import type { SystemActAnswer } from './mutation-result.type.js'
import { ActRefused, InputRefused, SystemActDone } from './mutation-result.type.js'
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
export const actOnSystem = async (
  context: RequestContext,
  operation: Permission,
  input: SystemActInput,
  perform: (request: SystemAct) => Promise<Acted>,
): Promise<SystemActAnswer> => {
  const { clientKey, ...body } = input
  const { systemId, reason } = body
  return answerOnce(
    context,
    { operation, clientKey, body },
    {
      perform: (by) => perform({ systemId, reason, ...by }),
      refuse: ({ reason: why, message, field }) =>
        field === null ? new ActRefused({ reason: why, message, possibleFrom: null }) : new InputRefused({ reason: why, message, field }),
      answer: async (repeated) => {
        const system = (await systemsFor(context)).find(({ id }) => id === systemId)
        if (!system) throw notFound(`hệ thống ${systemId}`)
        return new SystemActDone({ system, repeated })
      },
    },
  )
}
