import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { twinControl } from '../../../adapters/soap/twin/control-client.js'
import { dayOf } from '../../../adapters/soap/twin/held-row.js'
import { History } from '../../../adapters/soap/twin/history.js'
import { TEST_TWINS } from '../../support/twins.js'

const PAST = { count: 777, seed: 3, from: '2025-06-02', to: '2025-07-31' }

describe('a history out of a seed', () => {
  const history = new History(PAST)
  const rows = history.days('2000-01-01', '2099-12-31').flatMap((day) => history.ofDay(day))

  test('has so many dossiers, each under a code of its own on a working day, and finds each by place, day and code', () => {
    expect(rows).toHaveLength(PAST.count)
    expect(new Set(rows.map(({ code }) => code)).size).toBe(PAST.count)
    for (const [index, row] of rows.entries()) {
      expect(history.row(index)).toEqual(row)
      expect(history.ofCode(row.code)).toEqual(row)
      expect(new Date(`${dayOf(row)}T00:00:00Z`).getUTCDay() % 6).not.toBe(0)
      expect(row.dueAt > row.receivedAt).toBe(true)
    }
    expect(history.ofCode('H58.22-250602-9999')).toBeUndefined()
    expect(() => history.row(PAST.count)).toThrow(RangeError)
  })

  test('knows the communes of each day: nineteen until the reorganisation, six since', () => {
    const communes = (isIn: (day: string) => boolean) => new Set(rows.filter((row) => isIn(dayOf(row))).map(({ commune }) => commune)).size
    expect([communes((day) => day < '2025-07-01'), communes((day) => day >= '2025-07-01')]).toEqual([19, 6])
  })

  test('is the same for everyone with the seed, and another one with another seed', () => {
    expect(new History(PAST).row(500)).toEqual(rows[500])
    expect(new History({ ...PAST, seed: 4 }).row(500)).not.toEqual(rows[500])
  })
})

test.each(['VILIS', 'ONE_STOP', 'PORTAL'] as const)('%s holds its history and what became of it over a restart', async (id) => {
  const folder = await mkdtemp(join(tmpdir(), 'doi-soat-'))
  const start = async () => {
    const running = await TEST_TWINS[id]
      .create()
      .start({ tickMs: 0, ledgerFile: join(folder, 'ledger.jsonl'), settings: TEST_TWINS[id].settings })
    return { running, control: twinControl(running.controlUrl) }
  }
  try {
    const [gone = '', changed = ''] = [0, 1].map((index) => new History(PAST).row(index).code)
    const first = await start()
    await first.control.act('keepHistory', { ...PAST, drifts: [{ kind: 'STATUS', code: changed }] })
    await first.control.act('drift', { kind: 'DELETED', code: gone })
    await expect(first.control.act('drift', { kind: 'SIDEWAYS', code: changed })).rejects.toThrow('kind is one of')
    // What is refused is no deed: the second twin, which applies them again, would not start.
    await expect(first.control.act('drift', { kind: 'DUE_DATE', code: changed, value: 'abc' })).rejects.toThrow('an ISO instant')
    await first.running.stop()
    const second = await start()
    await expect(second.control.act('drift', { kind: 'STATUS', code: gone })).rejects.toThrow('no dossier')
    await second.control.act('drift', { kind: 'DUE_DATE', code: changed })
    await second.running.stop()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
