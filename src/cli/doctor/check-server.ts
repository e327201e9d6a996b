import { access, constants, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Configuration } from '../../config/config.js'
import type { Environment } from '../../config/env.js'
import { SYSTEM_IDS } from '../../model/system.js'
import { probeEndpoint } from '../../platform/probe-endpoint.js'
import { errorCode, StartError } from '../../platform/start-error.js'
import { checkRedis } from '../../queue/check-redis.js'
import type { Say } from '../language.js'
import { type Finding, fail, ok, warn } from './finding.js'
import { lookFindings } from './system-connections.js'

/** The queue's store: what it has acknowledged should survive a power cut. */
export const checkQueueStore = async (redisUrl: string | undefined, say: Say): Promise<Finding> => {
  const check = say('kho hàng đợi', 'store of the queue')
  if (redisUrl === undefined) return ok(check, 'PostgreSQL')
  try {
    const [danger] = await checkRedis(redisUrl)
    if (danger === undefined) return ok(check, 'Redis: appendonly yes, maxmemory-policy noeviction')
    return warn(
      check,
      danger,
      say(
        'đặt "appendonly yes" và "maxmemory-policy noeviction" trong cấu hình Redis.',
        'set "appendonly yes" and "maxmemory-policy noeviction" in Redis.',
      ),
    )
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return fail(check, say(error.message, error.english), say('xem REDIS_URL và máy chủ Redis.', 'look at REDIS_URL and the server.'))
  }
}

const GIB = 1024 ** 3
const ROOM = { warn: 5 * GIB, fail: GIB } as const
/** Files that may still be made: documents are many and small. */
const FILES = { warn: 100_000, fail: 5_000 } as const

/** The folder that is there: itself, or the nearest above it. */
const existing = async (folder: string): Promise<string> => {
  try {
    await access(folder)
    return folder
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error
    return existing(dirname(folder))
  }
}

export const checkStateFolder = async (stateDir: string, say: Say): Promise<Finding[]> => {
  const check = say('thư mục dữ liệu', 'state folder')
  try {
    const folder = await existing(stateDir)
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    const missing = folder === stateDir ? '' : say(' (chưa có, tạo được)', ' (not there yet, can be made)')
    return [ok(check, `${stateDir}${missing}`), await roomFinding(folder, say)]
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return [
      fail(
        check,
        `${stateDir}: ${code}`,
        say(
          'cấp quyền ghi cho tài khoản chạy cổng, hoặc đặt STATE_DIR khác.',
          'let the account of the gateway write there, or set another STATE_DIR.',
        ),
      ),
    ]
  }
}

const roomFinding = async (folder: string, say: Say): Promise<Finding> => {
  const { bavail, bsize, ffree, files } = await statfs(folder)
  const room = bavail * bsize
  const check = say('chỗ trống trên đĩa', 'room on the disk')
  const says =
    say(`${(room / GIB).toFixed(1)} GB`, `${(room / GIB).toFixed(1)} GB`) + (files > 0 ? say(`, ${ffree} tệp`, `, ${ffree} files`) : '')
  const todo = say('dọn hoặc mở rộng đĩa: hết chỗ thì không nhận được giấy tờ.', 'make room: without it no document can be taken.')
  // Some file systems do not count files.
  const few = (least: number): boolean => files > 0 && ffree < least
  if (room < ROOM.fail || few(FILES.fail)) return fail(check, says, todo)
  return room < ROOM.warn || few(FILES.warn) ? warn(check, says, todo) : ok(check, says)
}

const PROBE_MS = 5_000

/** The addresses that the programs call, from this server: do they answer, and how long do their certificates last. */
export const checkAddresses = async ({ systems }: Configuration, { JWT_JWKS_URL }: Environment, say: Say): Promise<Finding[]> => {
  const addresses: [name: string, address: string, query: string][] = SYSTEM_IDS.flatMap((systemId) => {
    const { enabled, endpoint } = systems[systemId]
    return enabled && endpoint !== undefined ? [[systemId, endpoint, '?wsdl']] : []
  })
  if (JWT_JWKS_URL) addresses.push(['JWKS', JWT_JWKS_URL, ''])
  const findings = await Promise.all(
    addresses.map(async ([name, address, query]) => lookFindings(name, await probeEndpoint(address, PROBE_MS, query), say)),
  )
  return findings.flat()
}
