import { describe, expect, it } from '@jest/globals'
import { ROLES } from '../../../src/access/caller.js'
import { may, PERMISSIONS } from '../../../src/access/permissions.js'
import { buildGatewaySchema } from '../../../src/api/schema.js'

const caller = (role: (typeof ROLES)[number]) => ({ subject: 'thu', displayName: 'Thử', role, communes: [] })

describe('the table of permissions', () => {
  it('has a row for every operation of the schema', async () => {
    const schema = await buildGatewaySchema()
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    const operations = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}))
    expect(operations.length).toBeGreaterThan(15)
    expect(operations.filter((operation) => !(operation in PERMISSIONS))).toEqual([])
  })

  it('lets nobody but an operator or an administrator act on a transfer', () => {
    for (const act of ['replayTransfer', 'confirmOutcome', 'abandonTransfer', 'noteCause', 'revealAttempt'] as const)
      expect(ROLES.filter((role) => may(caller(role), act))).toEqual(['OPERATOR', 'ADMIN'])
  })

  it("gives a citizens' application no list", () => {
    const citizen = caller('CITIZEN_APP')
    expect(
      (['dossiers', 'transfers', 'transferChanged', 'Parcel.dossiers', 'Certificate.dossiers'] as const).filter((one) => may(citizen, one)),
    ).toEqual([])
  })
})
