import { describe, expect, it, test } from '@jest/globals'
import { may, PERMISSIONS } from '../../../src/access/permissions.js'
import { isAt, pagesOf, refusedAt } from '../../../src/console/shell/pages.js'

describe('the pages of a role', () => {
  it('are those of the menu', () => {
    expect(pagesOf('OFFICER').map(({ name }) => name)).toEqual(['overview', 'transfers', 'discrepancies', 'systems', 'reports'])
    expect(pagesOf('OPERATOR')).toEqual(pagesOf('ADMIN'))
    expect(pagesOf('ADMIN').map(({ name }) => name)).toContain('audit')
  })

  test.each([
    ['/plans', 'plans'],
    ['/plans/new', 'plans'],
    ['/causes/1', 'causes'],
    ['/audit', 'audit'],
    ['/transfers', undefined],
    ['/dossiers/H58.22-1', undefined],
    ['/plansx', undefined],
  ])('an officer at %s is refused: %s', (path, name) => {
    expect(refusedAt(path, 'OFFICER')?.name).toBe(name)
    expect(refusedAt(path, 'OPERATOR')).toBeUndefined()
  })

  test.each([
    ['plans', 'replayPlans'],
    ['causes', 'causes'],
    ['alerts', 'alerts'],
    ['audit', 'auditEntries'],
    ['runs', 'reconciliationRuns'],
    ['discrepancies', 'discrepancies'],
    ['reports', 'monthReport'],
  ] as const)('%s: as the gateway allows %s', (name, operation) => {
    expect(Object.keys(PERMISSIONS)).toContain(operation)
    for (const role of ['OFFICER', 'OPERATOR', 'ADMIN'] as const)
      expect(pagesOf(role).some((page) => page.name === name)).toBe(may({ subject: 'x', displayName: 'x', role, communes: [] }, operation))
  })

  it('is marked in the menu with all that lies below it, the overview by itself', () => {
    const [overview, transfers] = pagesOf('ADMIN')
    expect(overview && transfers && [isAt(overview, '/'), isAt(overview, '/transfers'), isAt(transfers, '/transfers/1')]).toEqual([
      true,
      false,
      true,
    ])
  })
})
