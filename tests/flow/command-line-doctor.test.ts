import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { lienthong } from '../support/command-line.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** `lienthong doctor --remote` through a gateway that has real SOAP servers behind it. */
const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ gateway: true, polls: false })
})
afterAll(() => shared.close())

interface Found {
  readonly check: string
  readonly level: string
  readonly says: string
  readonly todo?: string
}

const examine = async (): Promise<{ exitCode: number | null; found: Found[]; err: string }> => {
  const key = await openDevelopmentKey(system.context.options.stateDir)
  const token = await key.token({ sub: 'operator', name: 'Người thử', role: 'operator' })
  const { exitCode, out, err } = await lienthong(['doctor', '--remote', '--json'], {
    LIENTHONG_URL: system.gateway.url,
    LIENTHONG_TOKEN: token,
  })
  return { exitCode, found: JSON.parse(out) as Found[], err }
}
const of = (found: readonly Found[], check: string): Found | undefined => found.find((one) => one.check === check)

test('finds each system and its WSDL, and after an outage says which one and what to do', async () => {
  const well = await examine()
  expect(well.found.filter(({ level }) => level === 'fail')).toEqual([])
  for (const systemId of ['VILIS', 'ONE_STOP', 'PORTAL']) {
    expect(of(well.found, `đường nối ${systemId}`)).toMatchObject({ level: 'ok' })
    expect(of(well.found, `WSDL ${systemId}`)).toMatchObject({ level: 'ok' })
    expect(of(well.found, `cửa trước ${systemId}`)).toMatchObject({ level: 'ok' })
    expect(of(well.found, `tồn đọng ${systemId}`)).toMatchObject({ level: 'ok' })
  }
  await system.gateway.query(
    'operator',
    `mutation { pauseSystem(input: { clientKey: "kham-benh-1", systemId: PORTAL, reason: "bảo trì" }) { __typename } }`,
  )
  const paused = await examine()
  expect(of(paused.found, 'cửa trước PORTAL')).toMatchObject({
    level: 'warn',
    says: expect.stringContaining('bảo trì'),
    todo: expect.stringContaining('systems resume PORTAL'),
  })
  expect(paused.exitCode).toBe(5)
  expect(paused.err).toMatch(/^Hỏng: 0\. Cần xem: \d+\.\n$/)
})

test('a feed that was not read to its end for long is to be looked at, one that was is well', async () => {
  const readBefore = (minutes: number) =>
    system.context.db.query(
      `INSERT INTO poll_cursor (system_id, position, polled_at, read_to_end_at) VALUES ('ONE_STOP', 7, app_now(), app_now() - make_interval(mins => $1))
       ON CONFLICT (system_id) DO UPDATE SET read_to_end_at = excluded.read_to_end_at RETURNING 1 AS done`,
      [minutes],
    )
  await readBefore(3)
  expect(of((await examine()).found, 'dòng thay đổi ONE_STOP')).toMatchObject({ level: 'ok' })
  await readBefore(19)
  expect(of((await examine()).found, 'dòng thay đổi ONE_STOP')).toMatchObject({
    level: 'warn',
    says: expect.stringMatching(/đọc hết lúc .*, đã 19 phút/),
    todo: expect.stringContaining('worker'),
  })
})
