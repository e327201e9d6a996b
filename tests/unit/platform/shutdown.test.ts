import { expect, test } from '@jest/globals'
import { Shutdown } from '../../../src/platform/shutdown.js'

function record(): { shutdown: Shutdown; events: string[] } {
  const events: string[] = []
  const log = {
    info: () => undefined,
    error: (fields: object, _message: string) => {
      events.push(`error in ${(fields as { step: string }).step}`)
    },
  }
  return { shutdown: new Shutdown(log), events }
}

test('parts stop in the opposite order of their start, one after another', async () => {
  const { shutdown, events } = record()
  for (const name of ['database', 'queue', 'server']) {
    shutdown.onShutdown(name, async () => {
      events.push(`${name} stops`)
      await Promise.resolve()
      events.push(`${name} stopped`)
    })
  }
  expect(await shutdown.stop()).toBe(true)
  expect(events).toEqual(['server stops', 'server stopped', 'queue stops', 'queue stopped', 'database stops', 'database stopped'])
})

test('a part that fails or hangs does not keep the others running, and the stop is not called clean', async () => {
  const { shutdown, events } = record()
  shutdown.onShutdown('database', () => {
    events.push('database stopped')
  })
  shutdown.onShutdown('hangs', () => new Promise<void>(() => undefined), 5)
  shutdown.onShutdown('fails', () => {
    throw new Error('no')
  })
  expect(await shutdown.stop()).toBe(false)
  expect(events).toEqual(['error in fails', 'error in hangs', 'database stopped'])
})

test('stopping twice stops once', async () => {
  const { shutdown, events } = record()
  shutdown.onShutdown('database', () => {
    events.push('stopped')
  })
  await Promise.all([shutdown.stop(), shutdown.stop()])
  expect(events).toEqual(['stopped'])
  expect(shutdown.isStopping).toBe(true)
})
