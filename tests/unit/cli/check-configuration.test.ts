import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { checkConfiguration } from '../../../src/cli/doctor/check-configuration.js'
import { exitCodeOf, type Finding } from '../../../src/cli/doctor/finding.js'
import { EXIT } from '../../../src/cli/exit-code.js'
import { readEnvironment } from '../../../src/config/env.js'
import { OPERATIONS } from '../../../src/model/system.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-cau-hinh-'))
})
afterAll(() => rm(folder, { recursive: true }))

const SECRETS = {
  VILIS_USERNAME: 'lienthong',
  VILIS_PASSWORD: 'x',
  VILIS_INBOUND_USERNAME: 'vilis',
  VILIS_INBOUND_PASSWORD: 'x',
}

const findingsOf = async (systems: Record<string, unknown>, english = false): Promise<readonly Finding[]> => {
  const path = join(folder, 'lienthong.json')
  await writeFile(path, JSON.stringify({ systems }))
  const environment = readEnvironment({ LIENTHONG_CONFIG: path, JWT_PUBLIC_KEY: 'x' })
  const { findings } = await checkConfiguration({ environment, secrets: SECRETS, stateDir: folder }, (vi, en) => (english ? en : vi))
  return findings
}

const OFF = { ONE_STOP: { enabled: false }, PORTAL: { enabled: false } }
const VILIS = { endpoint: 'https://vilis.vi-du.vn/lien-thong' }

test('each operation that the configuration does not name is told, with what is taken for it and where to name it', async () => {
  const systems = { ...OFF, VILIS: { ...VILIS, operations: { RECEIVE: { inquiryStrength: 'FIELDS' }, WITHDRAW: {} } } }
  const undeclared = (await findingsOf(systems)).filter(({ level }) => level === 'warn')
  expect(undeclared).toEqual([
    {
      check: 'VILIS SUPPLEMENT',
      level: 'warn',
      says: '“Bổ sung hồ sơ” chưa khai báo: coi là hỏi lại được KEY_AND_DIGEST, xử lý xong trong 60 giây',
      todo: 'đặt "systems.VILIS.operations.SUPPLEMENT" theo điều đã thỏa thuận với bên đó.',
    },
    expect.objectContaining({ check: 'VILIS CONFIRM_RETURN' }),
  ])
  expect(exitCodeOf(await findingsOf(systems))).toBe(EXIT.WARNED)
  expect((await findingsOf(systems, true)).find(({ check }) => check === 'VILIS SUPPLEMENT')).toMatchObject({
    says: '“Supplement dossier” is not declared: taken as KEY_AND_DIGEST when it is asked about, processed within 60 s',
    todo: 'set "systems.VILIS.operations.SUPPLEMENT" to what was agreed with them.',
  })
})

test('nothing is told where each is named, nor of a system that is off or has no address yet', async () => {
  const named = Object.fromEntries(OPERATIONS.VILIS.map((operation) => [operation, {}]))
  const declared = await findingsOf({ ...OFF, VILIS: { ...VILIS, operations: named } })
  expect(declared.map(({ level }) => level)).not.toContain('warn')
  expect(exitCodeOf(declared)).toBe(EXIT.DONE)
  const noAddress = await findingsOf({ ...OFF, VILIS: {} })
  expect(noAddress.filter(({ check }) => check.startsWith('VILIS'))).toEqual([expect.objectContaining({ check: 'VILIS', level: 'fail' })])
})
