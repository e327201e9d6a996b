import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { DOSSIER_EVENT_KINDS, type RoutingRule, routesOf, routingProblems } from '../../../src/model/routing.js'
import { ORIGINS, type Origin, SYSTEM_IDS, type SystemId, systemOf } from '../../../src/model/system.js'

/** Paths are resolved from the project's root, where the tests run. */
const rules = (JSON.parse(readFileSync('prisma/reference/routing.json', 'utf8')) as RoutingRule[]).map((rule) => ({
  ...rule,
  validTo: null,
}))

const systemsTold = (kind: (typeof DOSSIER_EVENT_KINDS)[number], origin: Origin, landRegistration: boolean): SystemId[] => {
  const routes = routesOf(rules, { kind, origin, procedureKey: '1.012783', landRegistration, onDate: '2026-01-01' })
  const told = new Set(routes.map(({ operation }) => systemOf(operation)))
  return SYSTEM_IDS.filter((id) => told.has(id) && id !== origin)
}

test('the shipped table says one thing for each event, and sends nothing before a district cuts over', () => {
  expect(routingProblems(rules)).toEqual([])
  expect(new Set(rules.map(({ mode }) => mode))).toEqual(new Set(['OBSERVE']))
})

test.each(ORIGINS)('every event that happened at %s reaches each other system that holds the dossier', (origin) => {
  for (const kind of DOSSIER_EVENT_KINDS) {
    const others: SystemId[] = SYSTEM_IDS.filter((id) => id !== origin)
    // Steps, due dates, taxes and results are the registry's own news: it is the one who says them.
    const isNotForViLIS = [
      'SUBMITTED',
      'STATUS_CHANGED',
      'STEP_REPORTED',
      'DUE_DATE_CHANGED',
      'TAX_NOTICES_ISSUED',
      'RESULT_ISSUED',
    ].includes(kind)
    const expected = isNotForViLIS ? others.filter((id) => id !== 'VILIS') : others
    expect([kind, systemsTold(kind, origin, true)]).toEqual([kind, expected])
  }
})

test('a dossier that is none of land registration never goes to the registry', () => {
  for (const kind of DOSSIER_EVENT_KINDS) for (const origin of ORIGINS) expect(systemsTold(kind, origin, false)).not.toContain('VILIS')
})
