import { describe, expect, it } from '@jest/globals'
import { isLocalDate } from '../../../src/cli/local-date.js'
import { readCommand } from '../../../src/cli/read-command.js'

const read = (line: string) => readCommand(line === '' ? [] : line.split(' '))

describe('a command line', () => {
  it('is read with its options', () => {
    expect(read('mappings load codes.json --json')).toEqual({ kind: 'LOAD_MAPPINGS', json: true, file: 'codes.json' })
    expect(read('routes set LIVE --from 2026-01-01 --operation RECEIVE --operation REGISTER')).toEqual({
      kind: 'SET_ROUTES',
      json: false,
      mode: 'LIVE',
      from: '2026-01-01',
      operations: ['RECEIVE', 'REGISTER'],
    })
    expect(read('recovery status')).toEqual({ kind: 'RECOVERY_STATUS', json: false })
    expect(read('recovery open --backup-at 2026-11-22T01:00:00+07:00 --reason thử')).toEqual({
      kind: 'OPEN_RECOVERY',
      json: false,
      backupAt: '2026-11-22T01:00:00+07:00',
      reason: 'thử',
    })
    expect(read('recovery close --reason xong --force')).toEqual({ kind: 'CLOSE_RECOVERY', json: false, reason: 'xong', force: true })
    expect(read('--help')).toEqual({ kind: 'HELP' })
  })

  it.each([
    '',
    'mappings',
    'mappings load',
    'routes set',
    'routes list LIVE',
    'mappings gaps --from 2026-01-01',
    // Each of these would set every route.
    'routes set LIVE --from 2026-01-01 --operatoin RECEIVE',
    'routes set LIVE RECEIVE --from 2026-01-01',
    'routes set LIVE --from',
    'recovery open now',
    'recovery status --force',
    'routes list --reason thử',
    'recovery close --backup-at 2026-11-22T01:00:00Z',
  ])('that is only nearly right does nothing: "%s"', (line) => {
    expect(read(line)).toMatchObject({ kind: 'WRONG', why: expect.any(String) })
  })
})

describe('a local date', () => {
  it('is a day of the calendar', () => {
    expect(['2024-02-29', '2026-12-31'].every(isLocalDate)).toBe(true)
    expect(['2026-02-29', '2026-13-01', '0000-01-01', '26-01-01', ''].some(isLocalDate)).toBe(false)
  })
})
