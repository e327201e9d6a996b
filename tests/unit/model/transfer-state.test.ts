import { describe, expect, test } from '@jest/globals'
import {
  ATTENTION_STATES,
  CLAIMABLE_STATES,
  checkTransferMoves,
  isLegalTransferMove,
  PASSABLE_STATES,
  statesBefore,
  TERMINAL_STATES,
  TRANSFER_STATES,
} from '../../../src/model/transfer-state.js'

/** From → where the machine may go → where only a person may go besides. Written out here a second time, on purpose. */
const TABLE = [
  ['PLANNED', ['QUEUED', 'SENDING', 'HELD', 'SUPERSEDED'], ['ABANDONED']],
  ['QUEUED', ['SENDING', 'HELD', 'SUPERSEDED'], ['ABANDONED']],
  ['SENDING', ['WAITING_RETRY', 'INDETERMINATE', 'HELD', 'DELIVERED', 'REJECTED', 'EXHAUSTED'], []],
  ['WAITING_RETRY', ['SENDING', 'EXHAUSTED', 'SUPERSEDED'], ['QUEUED', 'ABANDONED']],
  ['INDETERMINATE', ['SENDING'], ['QUEUED', 'DELIVERED']],
  ['HELD', ['QUEUED', 'SUPERSEDED'], ['INDETERMINATE', 'DELIVERED', 'ABANDONED']],
  ['DELIVERED', [], []],
  ['REJECTED', [], ['QUEUED', 'DELIVERED', 'ABANDONED', 'SUPERSEDED']],
  ['EXHAUSTED', [], ['QUEUED', 'DELIVERED', 'ABANDONED', 'SUPERSEDED']],
  ['ABANDONED', [], ['DELIVERED', 'SUPERSEDED']],
  ['SUPERSEDED', [], []],
] as const

describe('the table of moves', () => {
  test('has a row for every state', () => {
    expect(TABLE.map(([from]) => from)).toEqual([...TRANSFER_STATES])
  })

  test.each(TABLE)('from %s allows exactly these', (from, machine, person) => {
    expect(TRANSFER_STATES.filter((to) => isLegalTransferMove(from, to, 'MACHINE'))).toEqual(machine)
    const byPerson = TRANSFER_STATES.filter((to) => isLegalTransferMove(from, to, 'PERSON'))
    expect(byPerson).toEqual(TRANSFER_STATES.filter((to) => [...machine, ...person].some((state) => state === to)))
  })

  test('a restore from a backup makes what is not done uncertain; what is uncertain or asked for may give way; nothing else', () => {
    for (const from of TRANSFER_STATES) {
      const to = TRANSFER_STATES.filter((state) => isLegalTransferMove(from, state, 'RECOVERY'))
      const isDone = PASSABLE_STATES.some((state) => state === from)
      const givesWay = from === 'INDETERMINATE' || from === 'SENDING'
      expect({ from, to }).toEqual({
        from,
        to: [...(isDone || from === 'INDETERMINATE' ? [] : ['INDETERMINATE']), ...(givesWay ? ['SUPERSEDED'] : [])],
      })
    }
  })

  test('passes its own check at start', () => {
    expect(checkTransferMoves).not.toThrow()
  })

  test('lets no machine leave a terminal state, and nobody leave what was delivered or replaced', () => {
    for (const from of TERMINAL_STATES) expect(TRANSFER_STATES.filter((to) => isLegalTransferMove(from, to, 'MACHINE'))).toEqual([])
    for (const from of ['DELIVERED', 'SUPERSEDED'] as const)
      expect(TRANSFER_STATES.filter((to) => isLegalTransferMove(from, to, 'PERSON'))).toEqual([])
  })

  test('never supersedes or gives up what may have been processed there', () => {
    for (const to of ['SUPERSEDED', 'ABANDONED'] as const) {
      expect(statesBefore(to, 'PERSON')).not.toContain('SENDING')
      expect(statesBefore(to, 'PERSON')).not.toContain('INDETERMINATE')
    }
  })

  test('settles only from SENDING by the machine', () => {
    for (const to of ['DELIVERED', 'REJECTED', 'WAITING_RETRY', 'INDETERMINATE'] as const)
      expect(statesBefore(to, 'MACHINE')).toEqual(['SENDING'])
  })

  test('claims only what may go to SENDING, and shows a person what is not claimed and not done', () => {
    expect(statesBefore('SENDING', 'MACHINE').sort()).toEqual([...CLAIMABLE_STATES].sort())
    const elsewhere = new Set<string>([...CLAIMABLE_STATES, ...PASSABLE_STATES, 'SENDING'])
    expect(TRANSFER_STATES.filter((state) => !elsewhere.has(state))).toEqual([...ATTENTION_STATES])
  })
})
