import { Redis } from 'ioredis'
import { errorCode, StartError } from '../platform/start-error.js'

/** Refuses a Redis that cannot be used, with one sentence; returns sentences about one that may lose what it has acknowledged. */
export const checkRedis = async (redisUrl: string): Promise<string[]> => {
  if (!/^rediss?:\/\//.test(redisUrl) || !URL.canParse(redisUrl))
    throw new StartError(
      'REDIS_URL không phải địa chỉ Redis, ví dụ redis://may-chu:6379.',
      'REDIS_URL is no address of Redis, such as redis://server:6379.',
    )
  const redis = new Redis(redisUrl, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null, ...NO_LONGER_THAN })
  let fault: unknown
  // The reason of a failed connection comes by this event; the call that failed says only that it is closed.
  redis.on('error', (error) => {
    fault = error
  })
  try {
    await redis.connect()
    refuseOld(await redis.info('server'))
    return await dangersOf(redis)
  } catch (error) {
    if (error instanceof StartError) throw error
    const [vietnamese, english] = meaningOf(fault ?? error)
    throw new StartError(`Không kết nối được Redis theo REDIS_URL: ${vietnamese}.`, `Redis cannot be reached by REDIS_URL: ${english}.`)
  } finally {
    redis.disconnect()
  }
}

/** What is no Redis may take the connection and never answer. */
const NO_LONGER_THAN = { connectTimeout: 5_000, commandTimeout: 5_000 }

/** What a code of node, or the first word of what Redis answers, means for the person who wrote the address. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: ['máy chủ không nhận kết nối', 'the server takes no connections'],
  ENOTFOUND: ['không có máy chủ tên này', 'there is no server of that name'],
  EAI_AGAIN: ['không có máy chủ tên này', 'there is no server of that name'],
  ETIMEDOUT: ['máy chủ không trả lời', 'the server does not answer'],
  NOAUTH: ['máy chủ đòi mật khẩu', 'the server wants a password'],
  WRONGPASS: ['sai tài khoản hoặc mật khẩu', 'wrong account or password'],
  NOPERM: ['tài khoản không được phép', 'the account lacks the right'],
}
type Meaning = readonly [vietnamese: string, english: string]

const meaningOf = (error: unknown): Meaning => {
  const said = error instanceof Error ? error.message : String(error)
  const code = errorCode(error) ?? /^[A-Z]+(?= )/.exec(said)?.[0]
  if (code === undefined)
    return /timed out/i.test(said) ? ['máy chủ không trả lời', 'the server does not answer'] : [`“${said}”`, `“${said}”`]
  const [vietnamese, english] = MEANINGS[code] ?? ['lỗi', 'error']
  return [`${vietnamese} (${code})`, `${english} (${code})`]
}

const OLDEST = [6, 2] as const

const refuseOld = (info: string): void => {
  const [, major = '0', minor = '0'] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? []
  if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return
  throw new StartError(
    `REDIS_URL: cần Redis ${OLDEST.join('.')} trở lên hoặc Valkey, máy chủ này là ${major}.${minor}.`,
    `REDIS_URL: Redis ${OLDEST.join('.')} or newer or Valkey is needed, this server is ${major}.${minor}.`,
  )
}

const settingOf = async (redis: Redis, name: string): Promise<string | undefined> => {
  const answer: unknown = await redis.config('GET', name)
  const value: unknown = Array.isArray(answer) ? answer[1] : undefined
  return typeof value === 'string' ? value : undefined
}

const dangersOf = async (redis: Redis): Promise<string[]> => {
  const [appendOnly, policy] = await Promise.all([settingOf(redis, 'appendonly'), settingOf(redis, 'maxmemory-policy')]).catch(() => [])
  if (appendOnly === undefined || policy === undefined)
    return ['Không đọc được cấu hình Redis: hãy tự bảo đảm "appendonly yes" và "maxmemory-policy noeviction".']
  const wrong = [appendOnly !== 'yes' && `appendonly ${appendOnly}`, policy !== 'noeviction' && `maxmemory-policy ${policy}`].filter(
    Boolean,
  )
  if (wrong.length === 0) return []
  return [
    `Redis chưa an toàn (${wrong.join(', ')}): mất điện có thể mất lượt đánh thức, phải chờ dựng lại từ PostgreSQL; hãy đặt "appendonly yes" và "maxmemory-policy noeviction".`,
  ]
}
