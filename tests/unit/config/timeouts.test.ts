import { expect, test } from '@jest/globals'
import { parseConfiguration } from '../../../src/config/config.js'

test('a call has as long as its operation says: nothing ends it sooner unless the configuration says so', () => {
  const operations = { RECEIVE: { callDeadlineMs: 60_000 } }
  const { systems } = parseConfiguration({ systems: { VILIS: { operations }, PORTAL: { timeouts: { headersMs: 3_000 } } } })
  expect(systems.VILIS.timeouts).toEqual({ connectMs: 5_000 })
  expect(systems.PORTAL.timeouts).toEqual({ connectMs: 5_000, headersMs: 3_000 })
})
