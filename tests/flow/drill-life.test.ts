import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { gatherFacts, installObserver } from '../../bench/drill/judge/facts.js'
import { judge } from '../../bench/drill/judge/invariants.js'
import { openLedgerFile } from '../../bench/drill/judge/ledger-file.js'
import { bySystem, type SystemId } from '../../src/model/system.js'
import { liveThrough } from '../support/dossier-journey.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/**
 * A dossier's whole life through the real gateway and the real twins, and the judge of the drill over what they have written: it finds nothing. Then a line of a
 * ledger is spoilt, or a row of ours, and it names what broke.
 */
type Line = Readonly<Record<string, unknown>> & { readonly line: string; readonly seq: number }

let folder: string
let system: TestSystem
let code: string
const written = {} as Record<SystemId, Line[]>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-doi-ho-so-'))
  system = await openTestSystem({ ledgerFolder: folder })
  await installObserver((text, parameters) => system.context.db.query(text, parameters))
  code = await liveThrough(system)
  for (const id of ['VILIS', 'ONE_STOP', 'PORTAL'] as const)
    written[id] = (await readFile(join(folder, `${id}.jsonl`), 'utf8'))
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Line)
}, 120_000)
afterAll(async () => {
  await system.close()
  await rm(folder, { recursive: true })
})

/** What is judged by instants stands apart: the clock of our tables was moved on by hours, that of the ledgers was not. */
const JUDGED = ['lost', 'doubled', 'order']
let judgements = 0
const judged = async (spoil: Partial<Record<SystemId, (lines: Line[]) => Line[]>> = {}): Promise<string[]> => {
  judgements += 1
  const ledgers = bySystem((id) => openLedgerFile(id, join(folder, `${id}-${judgements}.jsonl`)))
  for (const id of ['VILIS', 'ONE_STOP', 'PORTAL'] as const) {
    const lines = spoil[id]?.(written[id]) ?? written[id]
    await writeFile(join(folder, `${id}-${judgements}.jsonl`), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
  }
  const taken = { accepted: [code], withdrawn: [], supplemented: [], returned: [] }
  const facts = await gatherFacts((text, parameters) => system.context.db.query(text, parameters), ledgers, taken, '%', [])
  return judge(facts).flatMap(({ invariant, of, detail }) => (JUDGED.includes(invariant) ? [`${invariant} ${of}: ${detail}`] : []))
}

const isCommit =
  (operation: string) =>
  ({ line, what, detail }: Line): boolean =>
    line === 'deed' && what === 'ACCEPTED' && (detail as { operation?: string }).operation === operation
const theOne = (lines: readonly Line[], isIt: (line: Line) => boolean): Line => {
  const [found, ...others] = lines.filter(isIt)
  if (!found || others.length > 0) throw new Error(`${lines.filter(isIt).length} such lines`)
  return found
}
const without =
  (operation: string) =>
  (lines: Line[]): Line[] =>
    lines.filter((line) => line !== theOne(lines, isCommit(operation)))

test('what really happened breaks nothing', async () => {
  expect(await judged()).toEqual([])
})

test.each<[string, SystemId, string, string]>([
  ['papers', 'VILIS', 'BoSungHoSo', 'SUPPLEMENT'],
  ['a hand-over', 'VILIS', 'XacNhanTraKetQua', 'CONFIRM_RETURN'],
  ['a result', 'ONE_STOP', 'CapNhatKetQua', 'POST_RESULT'],
])('convicts of %s that %s has not (%s)', async (_, at, wire, operation) => {
  const convictions = await judged({ [at]: without(wire) })
  expect(convictions).toEqual([
    expect.stringMatching(new RegExp(`^lost ${code}\\.${operation}\\.\\d+: ghi là đã chuyển, bên nhận không có$`)),
  ])
})

test('convicts of papers that ViLIS has twice', async () => {
  const again = (lines: Line[]): Line[] => [...lines, { ...theOne(lines, isCommit('BoSungHoSo')), seq: 99_001, requestSeq: 99_000 }]
  expect(await judged({ VILIS: again })).toEqual([expect.stringMatching(/^doubled \S+SUPPLEMENT\.\d+: bên nhận đã ghi 2 lần$/)])
})

test('convicts of papers that ViLIS has twice, under another key', async () => {
  const again = (lines: Line[]): Line[] => {
    const commit = theOne(lines, isCommit('BoSungHoSo'))
    return [
      ...lines,
      { ...commit, seq: 99_001, requestSeq: 99_000, detail: { ...(commit.detail as object), key: `${code}.SUPPLEMENT.99` } },
    ]
  }
  expect(await judged({ VILIS: again })).toEqual([
    expect.stringMatching(/^doubled \S+SUPPLEMENT\.99: bên nhận đã ghi cùng việc đó \(BoSungHoSo\) dưới /),
  ])
})

test('convicts of papers that ViLIS was sent before the dossier', async () => {
  const early = (lines: Line[]): Line[] => {
    const { requestSeq } = theOne(lines, isCommit('BoSungHoSo'))
    return lines.map((line) => (line.line !== 'deed' && line.seq === requestSeq ? { ...line, seq: 0 } : line))
  }
  const convictions = await judged({ VILIS: early })
  expect(convictions).toContainEqual(expect.stringMatching(/^order \S+SUPPLEMENT\.\d+: bên nhận thấy BoSungHoSo trước khi có hồ sơ$/))
})

test.each<[string, string, SystemId, string, string]>([
  ['papers of the desk', 'SUPPLEMENT', 'VILIS', 'BoSungHoSo', 'giấy tờ bổ sung không tới VILIS'],
  ['a result of ViLIS', 'POST_RESULT', 'ONE_STOP', 'CapNhatKetQua', 'kết quả không tới ONE_STOP'],
  ['a hand-over at the desk', 'CONFIRM_RETURN', 'VILIS', 'XacNhanTraKetQua', 'việc trả kết quả không tới VILIS'],
])('convicts of %s that nobody has planned to send', async (_, operation, at, wire, sentence) => {
  const { db } = system.context
  const rename = (from: string, to: string) =>
    db.query('UPDATE transfer SET operation = $2 WHERE operation = $1 RETURNING 1 AS done', [from, to])
  // Its row says something else, so that no transfer of that kind is there.
  await rename(operation, 'UPDATE_STATUS_X')
  try {
    const convictions = await judged({ [at]: without(wire) })
    expect(convictions).toContain(`lost ${code}: ${sentence} và không ai được báo`)
  } finally {
    await rename('UPDATE_STATUS_X', operation)
  }
})

test('convicts of papers that the desk has told and our inbox has not', async () => {
  const { db } = system.context
  const hide = (from: string, to: string) =>
    db.query('UPDATE inbox_message SET identity = replace(identity, $1, $2) WHERE identity LIKE $3 RETURNING 1 AS done', [
      from,
      to,
      `${from}%`,
    ])
  await hide('event:MC-', 'gone:MC-')
  try {
    expect(await judged()).toContainEqual(
      expect.stringMatching(/^lost \S+: ONE_STOP đã báo giấy tờ bổ sung \(MC-\d+\), không có trong hộp thư đến$/),
    )
  } finally {
    await hide('gone:MC-', 'event:MC-')
  }
})
