import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCommandLine } from '../../../src/cli/command-line.js'
import { EXIT } from '../../../src/cli/exit-code.js'
import { languageOf, sayIn } from '../../../src/cli/language.js'
import { readEnvironment } from '../../../src/config/env.js'
import { isLocalDate } from '../../../src/model/calendar-data.js'
import { projectRoot } from '../../../src/platform/paths.js'

/** What a command line gets as far as: the tables are out of reach here. */
const run = async (line: string, variables: Readonly<Record<string, string>> = {}) => {
  const said: string[] = []
  const complaints: string[] = []
  let reached = false
  const argv = line === '' ? [] : line.split(' ')
  const session = {
    say: sayIn(languageOf(argv, {})),
    terminal: {
      write: (text: string) => void said.push(text),
      note: (text: string) => void complaints.push(text),
      progress: () => undefined,
      colour: false,
    },
    database: async () => {
      reached = true
      throw new Error('no database')
    },
    databaseUrl: async () => '',
    access: { sandbox: async () => null },
    feed: () => {
      throw new Error('no feed is needed')
    },
    local: { environment: readEnvironment(variables), secrets: {}, stateDir: '/nowhere' },
  }
  const exitCode = await runCommandLine(argv, session).catch(() => undefined)
  return { exitCode, reached, said: said.join('\n'), complaint: complaints.join('\n') }
}

describe('a command line', () => {
  it('tells its version', async () => {
    const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as { version: string }
    for (const words of ['--version', '-V', '--lang en --version', '--version --lang=en'])
      expect(await run(words)).toMatchObject({ exitCode: EXIT.DONE, said: `${version}\n`, complaint: '' })
    for (const words of ['--language --version', '--lang=zz --version', '--lang zz -V'])
      expect((await run(words)).exitCode).toBe(EXIT.USAGE)
    expect((await run('--help')).said).toContain('lienthong --version')
  })

  it.each([
    'mappings gaps --json',
    'mappings list',
    'mappings prepare --json',
    'routes set LIVE --from 2026-01-01 --operation RECEIVE --operation REGISTER',
    'routes set LIVE --from 2026-01-01 --operation RECEIVE,REGISTER',
    'recovery status',
    'recovery open --backup-at 2026-11-22T01:00:00+07:00 --reason thử-lại',
    'recovery close --reason đã-xong --force',
    'routes list --lang en',
  ])('that is right reaches the database: "%s"', async (line) => {
    expect(await run(line)).toMatchObject({ reached: true, complaint: '' })
  })

  it.each([
    '',
    'mappings',
    'mappings load',
    'mappings unload',
    'routes set',
    'routes set LIVE',
    'routes list LIVE',
    'mappings gaps --from 2026-01-01',
    // Each of these would set every route.
    'routes set LIVE --from 2026-01-01 --operatoin RECEIVE',
    'routes set LIVE RECEIVE --from 2026-01-01',
    'routes set LIVE --from',
    'routes set LIVE --from 2026-01-01 --operation RECEIV',
    'routes set ALIVE --from 2026-01-01',
    'routes set LIVE --from 2026-02-30',
    'recovery open now',
    'recovery open --reason thử-lại',
    'recovery open --backup-at 2026-11-22T01:00:00 --reason thử-lại',
    'recovery close --reason thử',
    'recovery status --force',
    'routes list --reason thử-lại',
    'routes list --lang fr',
    'recovery close --backup-at 2026-11-22T01:00:00Z',
  ])('that is only nearly right does nothing: "%s"', async (line) => {
    expect(await run(line)).toMatchObject({ exitCode: EXIT.USAGE, reached: false, said: '' })
  })

  it('says what is wrong with it, and where the help of the command that was meant is', async () => {
    const { complaint } = await run('routes set LIVE --from 2026-01-01 --operatoin RECEIVE')
    expect(complaint).toBe('Không có tùy chọn --operatoin. Có phải --operation?\nXem: lienthong routes set --help')
    expect((await run('routes set LIVE --from 2026-02-30')).complaint).toMatch(/^--from <day> "2026-02-30": Cần một ngày có thật/)
    expect((await run('routes set ALIVE --from 2026-01-01')).complaint).toMatch(/^<mode> "ALIVE": phải là một trong OBSERVE, ADOPT, LIVE\./)
    expect((await run('mappings --lang en')).complaint).toMatch(/^A command is missing\.\n\nUsage: lienthong mappings/)
  })

  it('has help in Vietnamese, and in English for who asks for it', async () => {
    const vietnamese = await run('recovery --help')
    expect(vietnamese).toMatchObject({ exitCode: EXIT.DONE, complaint: '' })
    expect(vietnamese.said).toMatch(/Cách dùng: lienthong recovery[\s\S]*Lệnh:\s+status/)
    // What may be left out stands in square brackets.
    expect((await run('deadlines --help')).said).toMatch(/\n {2}load <kind> <file> [\s\S]*\n {2}check \[kind\] \[file\] /)
    expect((await run('recovery close --help')).said).toMatch(/--reason <reason>\s+lý do, 5 đến 500 ký tự/)
    expect((await run('help routes --lang=en')).said).toMatch(/Usage: lienthong routes[\s\S]*Commands:\s+list/)
    expect([languageOf([], { LANG: 'en_GB.UTF-8' }), languageOf([], { LANG: 'C.UTF-8' }), languageOf([], {})]).toEqual(['en', 'vi', 'vi'])
  })
})

describe('a file that a command is given', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lienthong-files-'))
    await writeFile(join(folder, 'hong.json'), '[\n  { "ma": 1,, }\n]')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('shows every setting with its default, and a schema that says the same of the file', async () => {
    const file = join(folder, 'lienthong.json')
    const vilis = { concurrency: 3, operations: { WITHDRAW: { inquiryStrength: 'NONE' } } }
    await writeFile(file, JSON.stringify({ $schema: './lienthong.schema.json', systems: { VILIS: vilis } }))
    const { exitCode, said } = await run('configuration show', { LIENTHONG_CONFIG: file })
    expect(exitCode).toBe(EXIT.DONE)
    expect(JSON.parse(said)).toMatchObject({ systems: { VILIS: { concurrency: 3, connections: 16 }, PORTAL: { comparison: 'LIST' } } })
    const usual = { inquiryStrength: 'KEY_AND_DIGEST', maxProcessingMs: 60_000, callDeadlineMs: 20_000 }
    expect(JSON.parse(said).systems.VILIS.operations).toMatchObject({ RECEIVE: usual, WITHDRAW: { ...usual, inquiryStrength: 'NONE' } })
    const { properties, additionalProperties } = JSON.parse((await run('configuration schema')).said)
    expect(additionalProperties).toBe(false)
    expect(properties.systems.properties.VILIS.properties.concurrency).toEqual({ type: 'integer', minimum: 1, maximum: 256, default: 16 })
    // A file that is written as the schema says it is read again as it was shown.
    await writeFile(file, said)
    expect(JSON.parse((await run('configuration show', { LIENTHONG_CONFIG: file })).said)).toEqual(JSON.parse(said))
    await writeFile(file, JSON.stringify({ systems: { VILIS: { concurrency: 0 } } }))
    expect(await run('configuration show', { LIENTHONG_CONFIG: file })).toMatchObject({
      exitCode: EXIT.REFUSED,
      complaint: expect.stringContaining('"systems.VILIS.concurrency"'),
    })
  })

  it.each(['mappings load', 'units check', 'units load', 'deadlines check calendar', 'backfill --from-file'])(
    'and that cannot be read is one sentence, in the language that was asked for: %s',
    async (command) => {
      const file = join(folder, 'khong-co.csv')
      expect(await run(`${command} ${file}`)).toMatchObject({
        exitCode: EXIT.USAGE,
        reached: false,
        complaint: `Không đọc được tệp "${file}": không có tệp hoặc thư mục này.`,
      })
      expect((await run(`${command} ${file} --lang en`)).complaint).toBe(
        `The file "${file}" cannot be read: there is no such file or folder.`,
      )
    },
  )

  it('and that is a folder, or no JSON, says so', async () => {
    expect(await run(`units load ${folder}`)).toMatchObject({
      exitCode: EXIT.USAGE,
      complaint: `Không đọc được tệp "${folder}": đó là một thư mục, không phải tệp.`,
    })
    const { exitCode, complaint } = await run(`mappings load ${join(folder, 'hong.json')}`)
    expect(exitCode).toBe(EXIT.REFUSED)
    expect(complaint).toMatch(/không phải là JSON đúng, hỏng ở dòng 2 ký tự 13\. Chưa làm gì\.$/)
  })
})

describe('a local date', () => {
  it('is a day of the calendar', () => {
    expect(['2024-02-29', '2026-12-31'].every(isLocalDate)).toBe(true)
    expect(['2026-02-29', '2026-13-01', '0000-01-01', '26-01-01', ''].some(isLocalDate)).toBe(false)
  })
})
