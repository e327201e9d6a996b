import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { projectRoot, publishedSchemaFile } from '../../../src/platform/paths.js'
import { NothingToCompareError, readEarlierSchema } from '../../../src/schema-diff/earlier-schema.js'

const run = promisify(execFile)
let folder: string

const git = (...commandLine: string[]): Promise<unknown> =>
  run('git', ['-c', 'user.name=Thử', '-c', 'user.email=thu@vi-du.vn', '-c', 'commit.gpgsign=false', ...commandLine], { cwd: folder })

const commit = async (text: string): Promise<void> => {
  await writeFile(join(folder, 'schema/gateway.graphql'), text)
  await git('add', '.')
  await git('commit', '-qm', text)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-schema-'))
  await mkdir(join(folder, 'schema'))
  await git('init', '-q', '-b', 'main')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('what is compared with', () => {
  test('nothing yet: one sentence says so; then the commit before, the shared branch, the last release', async () => {
    await commit('one')
    await expect(readEarlierSchema(folder, undefined)).rejects.toThrow(NothingToCompareError)
    await commit('two')
    expect(await readEarlierSchema(folder, undefined)).toMatchObject({ text: 'one', from: expect.stringContaining('HEAD~1') })
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    expect(await readEarlierSchema(folder, undefined)).toMatchObject({ text: 'two', from: expect.stringContaining('origin/main') })
    await git('tag', '-a', '-m', 'x', 'v1.0.0', 'HEAD~1')
    expect(await readEarlierSchema(folder, undefined)).toMatchObject({ text: 'one', from: expect.stringContaining('v1.0.0') })
  })

  test('a ref or a file when one is named', async () => {
    const file = join(folder, 'khac.graphql')
    await writeFile(file, 'three')
    expect((await readEarlierSchema(folder, 'HEAD')).text).toBe('two')
    expect(await readEarlierSchema(folder, file)).toEqual({ text: 'three', from: file })
  })

  test.each(['khong-co', '--output=x'])('%s is neither', async (wanted) => {
    await expect(readEarlierSchema(folder, wanted)).rejects.toThrow(NothingToCompareError)
  })
})

describe('npm run schema:diff ends', () => {
  const compare = async (text: string): Promise<{ code: number; stdout: string }> => {
    const file = join(folder, 'truoc.graphql')
    await writeFile(file, text)
    return run(process.execPath, [join(projectRoot, 'dist/src/schema-diff.js'), file]).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (failure: { code: number; stdout: string }) => failure,
    )
  }

  test('with 0 when nothing breaks and with 1 when something does', async () => {
    const published = await readFile(publishedSchemaFile, 'utf8')
    expect(await compare(published)).toMatchObject({ code: 0, stdout: expect.stringContaining('không thay đổi') })
    const hadMore = published.replace('type Query {', 'type Query {\n  cu: Int\n')
    expect(await compare(hadMore)).toMatchObject({ code: 1, stdout: expect.stringContaining('Query.cu') })
  })
})
