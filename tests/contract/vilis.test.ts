import { expect, test } from '@jest/globals'
import { canonicalXml, caseFile, caseNames, jsonOf, runCase } from './vilis/contract-case.js'

test.each(caseNames())('%s', async (name) => {
  const { requests, outcome } = await runCase(name)
  const expected = [caseFile(name, 'request.xml'), caseFile(name, 'request-2.xml')].filter((xml) => xml !== undefined)
  expect(requests.map(canonicalXml)).toEqual(expected.map(canonicalXml))
  expect(jsonOf(outcome)).toEqual(JSON.parse(caseFile(name, 'outcome.json') ?? ''))
  expect(JSON.stringify(jsonOf(outcome))).not.toMatch(/mat-khau/)
})
