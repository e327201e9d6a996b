import { describe, expect, test } from '@jest/globals'
import { createJoinedReads, ReadFailed } from '../../../src/dossier/joined-reads.js'
import type { RegistryRead } from '../../../src/ports/land-registry.js'

/** Letters as keys; the registry tells each letter in capitals, and answers when it is let. */
const AS_OF = '2026-03-05T02:00:00.000Z'
const registry = (refuses: (keys: readonly string[]) => RegistryRead<string> | undefined = () => undefined) => {
  const calls: string[] = []
  const held: (() => void)[] = []
  let isHeld = false
  return {
    calls,
    hold: () => {
      isHeld = true
    },
    release: () => {
      isHeld = false
      for (const go of held.splice(0)) go()
    },
    read: async (keys: readonly string[]): Promise<RegistryRead<string>> => {
      calls.push(keys.join(''))
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
      return refuses(keys) ?? { kind: 'READ', values: keys.filter((key) => key !== '?').map((key) => key.toUpperCase()), asOf: AS_OF }
    },
  }
}
const joinedOver = (told: ReturnType<typeof registry>, batchLimit = 8, isForgottenSince: (key: string) => boolean = () => false) =>
  createJoinedReads<string, string>({
    read: told.read,
    keyText: (key) => key,
    valueText: (value) => value.toLowerCase(),
    batchLimit,
    windowMs: 0,
    spoiltMs: 60_000,
    moment: () => ({ moment: told.calls.length, heeded: '0-0' }),
    isForgottenSince,
    onCall: () => undefined,
  })
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what is asked for in one moment by whomsoever is one call, each key once, and each gets its own value', async () => {
  const told = registry()
  const joined = joinedOver(told)
  const answers = await Promise.all(['a', 'b', 'a', '?', 'b'].map((key) => joined.load(key)))
  expect(answers.map(({ value }) => value)).toEqual(['A', 'B', 'A', null, 'B'])
  expect(told.calls).toEqual(['ab?'])
})

test('a call has no more keys than the registry takes', async () => {
  const told = registry()
  const joined = joinedOver(told, 2)
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => joined.load(key)))
  expect(told.calls).toEqual(['ab', 'cd', 'e'])
})

describe('while a key is being read', () => {
  const twoWhile = async (changed: readonly string[]) => {
    const told = registry()
    const joined = joinedOver(told, 8, (key) => changed.includes(key))
    told.hold()
    const first = joined.load('a')
    await turn()
    await turn()
    const later = [joined.load('a'), joined.load('b'), joined.load('a')]
    await turn()
    await turn()
    told.release()
    const moments = (await Promise.all([first, ...later])).map(({ moment }) => moment)
    await joined.load('a')
    return { moments, calls: told.calls }
  }

  test('whoever asks for it meanwhile shares that call, and who asks later does not', async () => {
    expect(await twoWhile([])).toEqual({ moments: [0, 0, 1, 0], calls: ['a', 'b', 'a'] })
  })

  test('one that has changed since the call began is read anew, once for all who ask then', async () => {
    expect(await twoWhile(['a'])).toEqual({ moments: [0, 1, 1, 1], calls: ['a', 'ab', 'a'] })
  })
})

describe('when the registry fails', () => {
  test('all who are in the call are told, and the next call is a new one', async () => {
    let down = true
    const told = registry(() => (down ? { kind: 'FAILED', cause: 'connect ECONNREFUSED' } : undefined))
    const joined = joinedOver(told)
    const [a, b] = await Promise.allSettled([joined.load('a'), joined.load('b')])
    expect([a, b]).toMatchObject([
      { status: 'rejected', reason: expect.any(ReadFailed) },
      { status: 'rejected', reason: expect.any(ReadFailed) },
    ])
    down = false
    expect((await joined.load('a')).value).toBe('A')
    expect(told.calls).toEqual(['ab', 'a'])
  })

  test.each(['ANSWERED', 'SILENT'] as const)('over one bad key (%s), the others are read, in few calls', async (shows) => {
    const told = registry((keys) => (keys.includes('x') ? { kind: 'FAILED', cause: 'Sai lược đồ.', shows, spoiltByRow: true } : undefined))
    const joined = joinedOver(told)
    const answers = await Promise.allSettled(['a', 'b', 'c', 'x', 'd', 'e', 'f', 'g'].map((key) => joined.load(key)))
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.value : 'refused'))).toEqual([
      'A',
      'B',
      'C',
      'refused',
      'D',
      'E',
      'F',
      'G',
    ])
    expect(told.calls).toEqual(['abcxdefg', 'abcx', 'defg', 'ab', 'cx', 'c', 'x'])
  })

  test('over rows that nobody can read, wherever they lie, every other key is read', async () => {
    const told = registry((keys) =>
      keys.some((key) => 'xyz'.includes(key))
        ? { kind: 'FAILED', cause: 'Sai cấu trúc.', shows: 'ANSWERED', spoiltByRow: true }
        : undefined,
    )
    const joined = joinedOver(told, 16)
    const answers = await Promise.allSettled([...'xabcydefghizjkl?'].map((key) => joined.load(key)))
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.value : 'spoilt'))).toEqual([
      ...['spoilt', 'A', 'B', 'C', 'spoilt', 'D', 'E', 'F', 'G', 'H', 'I', 'spoilt', 'J', 'K', 'L', null],
    ])
  })

  test('over many rows that nobody can read, few calls are made, few at a time, and the next batches ask for what is left', async () => {
    const isBad = (key: string): boolean => Number(key) < 24 && Number(key) % 3 === 0
    const keys = Array.from({ length: 32 }, (_none, at) => String(at))
    let underWay = 0
    let mostUnderWay = 0
    let calls: (readonly string[])[] = []
    const read = async (asked: readonly string[]): Promise<RegistryRead<string>> => {
      calls.push(asked)
      underWay += 1
      mostUnderWay = Math.max(mostUnderWay, underWay)
      await turn()
      underWay -= 1
      return asked.some(isBad)
        ? { kind: 'FAILED', cause: 'Sai cấu trúc.', shows: 'ANSWERED', spoiltByRow: true }
        : { kind: 'READ', values: asked, asOf: AS_OF }
    }
    const joined = joinedOver({ ...registry(), calls: [], read }, 50)
    let wanted: readonly string[] = keys
    for (let views = 0; wanted.length > 0 && views < 4; views += 1) {
      calls = []
      const answers = await Promise.allSettled(wanted.map((key) => joined.load(key)))
      expect(calls.length).toBeLessThanOrEqual(24)
      wanted = wanted.filter((_key, at) => answers[at]?.status === 'rejected')
    }
    expect(wanted).toEqual(keys.filter(isBad))
    expect(mostUnderWay).toBe(4)
  })

  test.each([10, 20])(
    'over %s rows of fifty that nobody can read, all over the batch, each view reads more of the others, until all are read',
    async (bad) => {
      const isBad = (key: string): boolean => (Number(key) * bad) % 50 < bad
      const keys = Array.from({ length: 50 }, (_none, at) => String(at))
      expect(keys.filter(isBad)).toHaveLength(bad)
      const told = registry((asked) =>
        asked.some(isBad) ? { kind: 'FAILED', cause: 'Sai cấu trúc.', shows: 'ANSWERED', spoiltByRow: true } : undefined,
      )
      const joined = joinedOver(told, 50)
      let wanted: readonly string[] = keys
      for (let views = 0; wanted.length > bad && views < 20; views += 1) {
        told.calls.length = 0
        const before = wanted.length
        const answers = await Promise.allSettled(wanted.map((key) => joined.load(key)))
        expect(told.calls.length).toBeLessThanOrEqual(24)
        wanted = wanted.filter((_key, at) => answers[at]?.status === 'rejected')
        expect(wanted.length).toBeLessThan(before)
      }
      expect(wanted).toEqual(keys.filter(isBad))
    },
  )

  test('keys that it was not asked for are told why, each for itself, and spoil no call', async () => {
    const unmapped = (key: string) =>
      ({ kind: 'FAILED', cause: `Chưa có ánh xạ ${key}.`, shows: 'SILENT', missing: `COMMUNE:${key}` }) as const
    const told = registry()
    const read = async (keys: readonly string[]): Promise<RegistryRead<string>> => ({
      ...(await told.read(keys)),
      notAsked: new Map(keys.flatMap((key, place) => (key < 'f' ? [[place, unmapped(key)] as const] : []))),
    })
    const joined = joinedOver({ ...told, read }, 50)
    const answers = await Promise.allSettled([...'faghbijcklmdnoe'].map((key) => joined.load(key)))
    expect(
      answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.value : (answer.reason as ReadFailed).read.missing)),
    ).toEqual([...'faghbijcklmdnoe'].map((key) => (key < 'f' ? `COMMUNE:${key}` : key.toUpperCase())))
    expect(told.calls).toHaveLength(1)
  })

  test('over a row that nobody can read, its key is asked for again only when it is wanted anew or has changed', async () => {
    const changed: string[] = []
    let isMended = false
    const told = registry((keys) =>
      keys.includes('x') && !isMended ? { kind: 'FAILED', cause: 'Sai cấu trúc.', shows: 'ANSWERED', spoiltByRow: true } : undefined,
    )
    const joined = joinedOver(told, 8, (key) => changed.includes(key))
    const read = (how?: 'ANEW') => Promise.allSettled([joined.load('a'), joined.load('x', how)])
    await read()
    expect(told.calls.splice(0)).toEqual(['ax', 'a', 'x'])
    expect(await read()).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: expect.any(ReadFailed) }])
    expect(told.calls.splice(0)).toEqual(['a'])
    changed.push('x')
    await read()
    expect(told.calls.splice(0)).toEqual(['ax', 'a', 'x'])
    changed.pop()
    isMended = true
    expect(await read('ANEW')).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
    expect(await read()).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
    expect(told.calls).toEqual(['ax', 'ax'])
  })

  test('over its clock, it is not asked again: that is about no key', async () => {
    const told = registry(() => ({ kind: 'FAILED', cause: 'Đồng hồ chạy trước.', why: 'CLOCK_AHEAD', shows: 'ANSWERED' }))
    const joined = joinedOver(told)
    await Promise.allSettled(['a', 'b', 'c', 'd'].map((key) => joined.load(key)))
    expect(told.calls).toEqual(['abcd'])
  })

  test('over all keys, it is not asked for each of them, and from then on less often, until it tells something again', async () => {
    let isMended = false
    const told = registry(() => (isMended ? undefined : { kind: 'FAILED', cause: 'Sai cấu trúc.', shows: 'ANSWERED', spoiltByRow: true }))
    const joined = joinedOver(told, 50)
    const readFifty = async (of: string): Promise<number> => {
      told.calls.length = 0
      const answers = await Promise.allSettled(Array.from({ length: 50 }, (_none, at) => joined.load(`${of}${at}`)))
      expect(answers.every(({ status }) => status === (isMended ? 'fulfilled' : 'rejected'))).toBe(true)
      return told.calls.length
    }
    expect(await readFifty('a')).toBe(1 + 2 + 4 + 8)
    expect(await readFifty('b')).toBe(1 + 2)
    isMended = true
    expect(await readFifty('c')).toBe(1)
    isMended = false
    expect(await readFifty('d')).toBe(1 + 2 + 4 + 8)
  })

  test('over whoever asks, it is asked once', async () => {
    const told = registry(() => ({ kind: 'FAILED', cause: 'Tài khoản chưa có quyền.', code: 'NO_RIGHT', shows: 'ANSWERED' }))
    const joined = joinedOver(told)
    await Promise.allSettled(['a', 'b', 'c', 'd'].map((key) => joined.load(key)))
    expect(told.calls).toEqual(['abcd'])
  })
})
