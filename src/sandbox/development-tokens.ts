import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importPKCS8, SignJWT } from 'jose'
import { errorCode } from '../platform/start-error.js'

/** A key of this machine alone, so that `npm start` can hand out a token for each role. Never used when a key is configured. */
export interface DevelopmentKey {
  readonly publicKeyPem: string
  token(claims: DevelopmentClaims): Promise<string>
}

export interface DevelopmentClaims {
  readonly sub: string
  readonly name: string
  readonly role: 'citizen-app' | 'officer' | 'operator' | 'admin'
  readonly communes?: readonly string[]
}

export const ISSUER = 'lienthong'

/** One token a role; the officer's is of Chợ Gạo commune. */
export const DEVELOPMENT_CALLERS: readonly DevelopmentClaims[] = [
  { sub: 'citizen-app', name: 'Ứng dụng công dân', role: 'citizen-app' },
  { sub: 'mc.28594.1', name: 'Cán bộ một cửa Chợ Gạo', role: 'officer', communes: ['28594'] },
  { sub: 'operator', name: 'Người vận hành', role: 'operator' },
  { sub: 'admin', name: 'Quản trị', role: 'admin' },
]

export const openDevelopmentKey = async (stateDir: string): Promise<DevelopmentKey> => {
  const folder = join(stateDir, 'keys')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { privatePem, publicKeyPem } = await readOrMake(join(folder, 'development.json'))
  const privateKey = await importPKCS8(privatePem, 'ES256')
  return {
    publicKeyPem,
    token: ({ sub, ...claims }) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256' })
        .setSubject(sub)
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setIssuedAt()
        .setExpirationTime('12h')
        .sign(privateKey),
  }
}

const readOrMake = async (file: string): Promise<{ privatePem: string; publicKeyPem: string }> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { privatePem: string; publicKeyPem: string }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const made = {
      privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    }
    await writeFile(file, JSON.stringify(made), { mode: 0o600 })
    return made
  }
}
