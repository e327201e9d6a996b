import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { projectRoot } from '../../../src/platform/paths.js'

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8')

/** The way in after a clone, run by this Node as if it were another one. */
const enter = (version: string) => {
  const claim = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const words = ['--import', `data:text/javascript,${encodeURIComponent(claim)}`, 'src/bootstrap/run.mjs', 'install']
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: projectRoot, encoding: 'utf8' })
  return { status, stdout, stderr }
}

test.each(['18.20.4', '20.18.3'])('Node.js %s is refused in one sentence, before anything is installed', (version) => {
  const sentence = `Cần Node.js 20.19 trở lên, máy này đang dùng ${version}. / Node.js 20.19 or newer is needed, this is ${version}.\n`
  expect(enter(version)).toEqual({ status: 1, stdout: '', stderr: sentence })
})

test.each(['20.19.0', '22.1.0'])('Node.js %s is let in', (version) => {
  expect(enter(version)).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('the README and package.json name the same oldest version', () => {
  expect(JSON.parse(read('package.json')).engines.node).toBe('>=20.19')
  expect(read('README.md')).toContain('With Node.js 20.19 or newer and nothing else')
})
