import { expect, test } from '@jest/globals'
import { parseConfiguration } from '../../../src/config/config.js'
import { readEnvironment } from '../../../src/config/env.js'

test('a server that nobody has labelled is one in production: its schema is closed', () => {
  expect(readEnvironment({}).NODE_ENV).toBe('production')
  expect(parseConfiguration({}).api.introspection).toBeUndefined()
  expect(readEnvironment({ NODE_ENV: 'development' }).NODE_ENV).toBe('development')
})
