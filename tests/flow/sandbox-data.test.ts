import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { prepareDatabase } from '../../src/prepare.js'
import { prepareSandboxData } from '../../src/sandbox/sandbox-data.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

test('the sandbox does not run on a database that a gateway or worker has used', async () => {
  await prepareDatabase(database.url, 'DISTRICT')
  await expect(prepareSandboxData(database.url)).rejects.toThrow('Cơ sở dữ liệu này là của hệ thống thật')
})

test('the sandbox comes back to its own database, also when gateways and workers run on it', async () => {
  await prepareDatabase(database.url, 'SANDBOX')
  await prepareSandboxData(database.url)
  await prepareDatabase(database.url, 'DISTRICT')
  await expect(prepareSandboxData(database.url)).resolves.toBeUndefined()
})
