import { expect, test } from '@jest/globals'
import { joinCalls } from '../../../src/transfer/joined-calls.js'

/** Runs that end when they are told to. */
const heldRuns = (mostTogether: number) => {
  const runs: { items: readonly number[]; end: (results: readonly string[]) => void; fail: (error: Error) => void }[] = []
  const call = joinCalls<number, string>(
    (items) => new Promise((resolve, reject) => runs.push({ items, end: resolve, fail: reject })),
    mostTogether,
  )
  return { runs, call, last: () => runs.at(-1) as (typeof runs)[number] }
}

test('a call alone begins at once; those that come meanwhile go together, no more than allowed, each with its own result', async () => {
  const { runs, call, last } = heldRuns(2)
  const first = call(1)
  const [second, third, fourth] = [call(2), call(3), call(4)]
  expect(runs.map(({ items }) => items)).toEqual([[1]])
  last().end(['a'])
  expect(await first).toBe('a')
  last().end(['b', 'c'])
  expect(await Promise.all([second, third])).toEqual(['b', 'c'])
  last().end(['d'])
  expect(await fourth).toBe('d')
  expect(runs.map(({ items }) => items)).toEqual([[1], [2, 3], [4]])
})

test('a run that fails fails its own calls alone, and the next run begins', async () => {
  const { runs, call, last } = heldRuns(9)
  const first = call(1)
  const second = call(2)
  last().fail(new Error('đứt kết nối'))
  await expect(first).rejects.toThrow('đứt kết nối')
  last().end(['b'])
  expect(await second).toBe('b')
  expect(runs).toHaveLength(2)
})

test('a result that is still to come holds up its own call alone', async () => {
  const call = joinCalls<number, string>(
    async (items) => items.map((item) => (item === 1 ? Promise.reject(new Error('chỉ một')) : Promise.resolve(`${item}`))),
    9,
  )
  const held = [call(0), call(1), call(2)]
  expect(await Promise.allSettled(held)).toMatchObject([{ value: '0' }, { status: 'rejected' }, { value: '2' }])
})
