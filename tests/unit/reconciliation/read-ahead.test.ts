import { expect, test } from '@jest/globals'
import { readAhead } from '../../../src/reconciliation/read-ahead.js'

/** Pages that come when the test says so. */
const paged = () => {
  const asked: number[] = []
  const arrive: ((failure?: Error) => void)[] = []
  let open = 0
  let mostOpen = 0
  async function* pages(): AsyncGenerator<number> {
    for (let page = 1; page <= 3; page += 1) {
      asked.push(page)
      open += 1
      mostOpen = Math.max(mostOpen, open)
      await new Promise<void>((resolve, reject) => arrive.push((failure) => (failure ? reject(failure) : resolve())))
      open -= 1
      yield page
    }
  }
  return { pages, asked, arrive, mostOpen: () => mostOpen }
}

/** Whatever is ready goes on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('the next page is asked for while one is looked at, never two ahead and never two at once', async () => {
  const { pages, asked, arrive, mostOpen } = paged()
  const read = readAhead(pages())
  const first = read.next()
  await turn()
  expect(asked).toEqual([1])
  arrive[0]?.()
  expect(await first).toEqual({ done: false, value: 1 })
  await turn()
  expect(asked).toEqual([1, 2])
  arrive[1]?.()
  await turn()
  expect(asked).toEqual([1, 2])
  expect(await read.next()).toEqual({ done: false, value: 2 })
  await turn()
  arrive[2]?.()
  expect(await read.next()).toEqual({ done: false, value: 3 })
  expect(await read.next()).toEqual({ done: true, value: undefined })
  expect(mostOpen()).toBe(1)
})

test('whoever stops waits for the page that is on its way, and a page that fails is told when it is its turn', async () => {
  const stopped = paged()
  const read = readAhead(stopped.pages())
  const first = read.next()
  await turn()
  stopped.arrive[0]?.()
  await first
  await turn()
  let isOver = false
  const over = read.return(undefined).then(() => {
    isOver = true
  })
  await turn()
  expect(isOver).toBe(false)
  stopped.arrive[1]?.(new Error('cut'))
  await over
  expect(stopped.asked).toEqual([1, 2])

  const failing = paged()
  const other = readAhead(failing.pages())
  const begun = other.next()
  await turn()
  failing.arrive[0]?.()
  expect(await begun).toEqual({ done: false, value: 1 })
  await turn()
  failing.arrive[1]?.(new Error('cut'))
  await turn()
  await expect(other.next()).rejects.toThrow('cut')
})
