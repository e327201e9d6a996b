import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from '@jest/globals'
import { type Caller, ROLES, type Role } from '../../../src/access/caller.js'
import { seesPersonalData } from '../../../src/access/masking.js'
import { PERMISSIONS } from '../../../src/access/permissions.js'
import { scopeOf } from '../../../src/access/scope.js'
import { projectRoot } from '../../../src/platform/paths.js'

const caller = (role: Role): Caller => ({ subject: 'thu', displayName: 'Thử', role, communes: ['28594'] })

/** What a cell may say of a role. */
const WORDS: Readonly<Record<string, (role: Role) => boolean>> = {
  yes: () => true,
  masked: (role) => !seesPersonalData(caller(role)),
  'own communes': (role) => scopeOf(caller(role)).communes !== null,
}

/** The rows of the table below "Who may see what": names in backticks are those of `PERMISSIONS`, one cell a role. */
const rowsOf = (readme: string): { readonly names: readonly string[]; readonly cells: readonly string[] }[] => {
  const lines = readme.split('\n')
  const head = `| | ${ROLES.map((role) => role.toLowerCase().replace('_', '-')).join(' | ')} |`
  const from = lines.indexOf(head)
  if (from < 0) throw new Error(`no line "${head}"`)
  const below = lines.slice(from + 2)
  return below
    .slice(
      0,
      below.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) => {
      const [what = '', ...cells] = line.split('|').slice(1, -1)
      return { names: [...what.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name), cells: cells.map((cell) => cell.trim()) }
    })
}

const problemsOf = (readme: string, permissions: Readonly<Record<string, readonly Role[]>>): readonly string[] => {
  const rows = rowsOf(readme)
  const told = rows.flatMap(({ names }) => names)
  // Whoever has no token at all is in no column.
  const wanted = Object.keys(permissions).filter((name) => !permissions[name]?.includes('VISITOR'))
  return [
    ...told.filter((name, index) => told.indexOf(name) !== index).map((name) => `${name}: twice`),
    ...told.filter((name) => !wanted.includes(name)).map((name) => `${name}: no such permission`),
    ...wanted.filter((name) => !told.includes(name)).map((name) => `${name}: not told`),
    ...rows.flatMap(({ names, cells }) =>
      ROLES.flatMap((role, index) => {
        const cell = cells[index] ?? ''
        const wrong = names.filter((name) => (permissions[name]?.includes(role) ?? false) !== (cell !== ''))
        const untrue = cell !== '' && !WORDS[cell]?.(role) ? [`${names[0]}: "${cell}" is not true of ${role}`] : []
        return [...wrong.map((name) => `${name}: otherwise for ${role}`), ...untrue]
      }),
    ),
  ]
}

it('is told in the README as it is: every permission once, each role', () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
  expect(rowsOf(readme).length).toBeGreaterThan(5)
  expect(problemsOf(readme, PERMISSIONS)).toEqual([])
})

describe('a table that is not true is found', () => {
  const table = (...rows: string[]): string =>
    ['| | citizen-app | officer | operator | admin |', '|---|---|---|---|---|', ...rows, ''].join('\n')
  const permissions = { look: ROLES, act: ['OFFICER', 'ADMIN'], open: [...ROLES, 'VISITOR'] } as const
  const LOOK = '| `look` (all) | masked | own communes | masked | yes |'

  test.each([
    ['as it is', table(LOOK, '| `act` | | own communes | | yes |'), []],
    ['left out', table(LOOK), ['act: not told']],
    ['a right too much', table(LOOK, '| `act` | | own communes | masked | yes |'), ['act: otherwise for OPERATOR']],
    ['a right too little', table(LOOK, '| `act` | | | | yes |'), ['act: otherwise for OFFICER']],
    ['told twice', table(LOOK, '| `act`, `act` | | own communes | | yes |'), ['act: twice']],
    [
      'of nothing',
      table(LOOK, '| `act`, `see` | | own communes | | yes |'),
      ['see: no such permission', 'see: otherwise for OFFICER', 'see: otherwise for ADMIN'],
    ],
    ['masked for who sees all', table(LOOK, '| `act` | | masked | | yes |'), ['act: "masked" is not true of OFFICER']],
    ['bound who is not', table(LOOK, '| `act` | | own communes | | own communes |'), ['act: "own communes" is not true of ADMIN']],
    ['a word without a meaning', table(LOOK, '| `act` | | perhaps | | yes |'), ['act: "perhaps" is not true of OFFICER']],
  ])('%s', (_, readme, problems) => {
    expect(problemsOf(readme, permissions)).toEqual(problems)
  })
})
