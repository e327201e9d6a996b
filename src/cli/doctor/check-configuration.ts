import { access, constants } from 'node:fs/promises'
import { type Configuration, readConfiguration, traitsOf } from '../../config/config.js'
import { ConfigurationError } from '../../config/configuration-error.js'
import type { Environment } from '../../config/env.js'
import { credentialsOf } from '../../config/secrets.js'
import { describeOperation, OPERATIONS, SYSTEM_IDS, type SystemId } from '../../model/system.js'
import type { Say } from '../language.js'
import type { LocalFacts } from '../session.js'
import { type Finding, fail, ok, warn } from './finding.js'

export interface Configured {
  readonly findings: readonly Finding[]
  /** Absent: it makes no sense. */
  readonly configuration?: Configuration
}

export const checkConfiguration = async ({ environment, secrets }: LocalFacts, say: Say): Promise<Configured> => {
  const check = say('cấu hình', 'configuration')
  const { LIENTHONG_CONFIG: path } = environment
  try {
    const configuration = await readConfiguration(path)
    const systems = await Promise.all(SYSTEM_IDS.map((systemId) => systemFinding(configuration, secrets, systemId, say)))
    const valid = ok(check, path ?? say('mặc định, chưa có LIENTHONG_CONFIG', 'defaults, no LIENTHONG_CONFIG'))
    return { configuration, findings: [valid, ...systems, ...undeclaredFindings(configuration, say), tokenFinding(environment, say)] }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return {
      findings: [fail(check, say(error.message, error.english), say('sửa tệp LIENTHONG_CONFIG.', 'mend the file LIENTHONG_CONFIG.'))],
    }
  }
}

const isReadable = async (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  )

const systemFinding = async (
  { systems }: Configuration,
  secrets: LocalFacts['secrets'],
  systemId: SystemId,
  say: Say,
): Promise<Finding> => {
  const { enabled, endpoint, wsdlPath, callbacks } = systems[systemId]
  if (!enabled) return ok(systemId, say('tắt', 'off'))
  if (endpoint === undefined)
    return fail(
      systemId,
      say('chưa có địa chỉ', 'has no address'),
      say(`đặt "systems.${systemId}.endpoint", hoặc "enabled": false.`, `set "systems.${systemId}.endpoint", or "enabled": false.`),
    )
  if (wsdlPath !== undefined && !(await isReadable(wsdlPath)))
    return fail(
      systemId,
      say(`không đọc được WSDL ${wsdlPath}`, `the WSDL ${wsdlPath} cannot be read`),
      say(`sửa "systems.${systemId}.wsdlPath".`, `mend "systems.${systemId}.wsdlPath".`),
    )
  if (!credentialsOf(secrets, systemId, 'OUTBOUND'))
    return warn(
      systemId,
      say('chưa có tài khoản của ta ở đó', 'we have no account there'),
      say(`đặt ${systemId}_USERNAME và ${systemId}_PASSWORD.`, `set ${systemId}_USERNAME and ${systemId}_PASSWORD.`),
    )
  const inbound = credentialsOf(secrets, systemId, 'INBOUND') !== undefined
  if (callbacks && !inbound && systemId !== 'PORTAL')
    return warn(
      systemId,
      say('chưa có tài khoản để họ gọi vào: chỉ còn cách ta đọc thay đổi', 'they have no account here: only our polls bring changes'),
      say(
        `đặt ${systemId}_INBOUND_USERNAME và ${systemId}_INBOUND_PASSWORD, hoặc "callbacks": false.`,
        `set ${systemId}_INBOUND_USERNAME and ${systemId}_INBOUND_PASSWORD, or "callbacks": false.`,
      ),
    )
  return ok(systemId, endpoint)
}

/** What the configuration does not name is taken as the strongest and the quickest: an uncertain sending is then asked about, and perhaps sent again, by what nobody has agreed. */
const undeclaredFindings = ({ systems }: Configuration, say: Say): Finding[] =>
  SYSTEM_IDS.filter((systemId) => systems[systemId].enabled && systems[systemId].endpoint !== undefined).flatMap((systemId) =>
    OPERATIONS[systemId]
      .filter((operation) => systems[systemId].operations[operation] === undefined)
      .map((operation) => {
        const { inquiryStrength, maxProcessingMs } = traitsOf(systems[systemId], operation)
        const seconds = maxProcessingMs / 1_000
        return warn(
          `${systemId} ${operation}`,
          say(
            `“${describeOperation(operation)}” chưa khai báo: coi là hỏi lại được ${inquiryStrength}, xử lý xong trong ${seconds} giây`,
            `“${describeOperation(operation, 'en')}” is not declared: taken as ${inquiryStrength} when it is asked about, processed within ${seconds} s`,
          ),
          say(
            `đặt "systems.${systemId}.operations.${operation}" theo điều đã thỏa thuận với bên đó.`,
            `set "systems.${systemId}.operations.${operation}" to what was agreed with them.`,
          ),
        )
      }),
  )

const tokenFinding = ({ JWT_PUBLIC_KEY, JWT_JWKS_URL }: Environment, say: Say): Finding => {
  const check = say('khóa của mã đăng nhập', 'key of the tokens')
  if (JWT_JWKS_URL) return ok(check, JWT_JWKS_URL)
  if (JWT_PUBLIC_KEY) return ok(check, 'JWT_PUBLIC_KEY')
  return warn(
    check,
    say('chưa có; "npm run gateway" sẽ không khởi động', 'none; "npm run gateway" will not start'),
    say('đặt JWT_JWKS_URL hoặc JWT_PUBLIC_KEY.', 'set JWT_JWKS_URL or JWT_PUBLIC_KEY.'),
  )
}
