import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { startProgram } from '../drill/program.js'
import type { Kind } from './cases.js'
import type { Samples } from './samples.js'

interface Place {
  readonly databaseUrl: string
  readonly folder: string
  readonly samples: Samples
}

const DOSSIERS = `query ($filter: DossierFilterInput) { dossiers(filter: $filter, first: 20) { totalCount totalCountIsExact
  edges { node { code statusCode dueAt applicant { fullName } receivingUnit { name } interlink { state } } } } }`
const TRANSFERS = `query ($filter: TransferFilterInput) { transfers(filter: $filter, first: 20) { totalCount
  edges { node { systemId operation state dossier { code } } } } }`

/** The same lists as an app gets them: over HTTP from the real gateway in a process of its own, with page, count and what a list shows. */
export const askGateway = async (
  { databaseUrl, folder, samples }: Place,
  measure: (name: string, kind: Kind, run: (turn: number) => Promise<unknown>) => Promise<void>,
): Promise<void> => {
  const stateDir = join(folder, 'state')
  await mkdir(stateDir)
  const key = await openDevelopmentKey(stateDir)
  const configFile = join(folder, 'lienthong.json')
  const off = { enabled: false }
  await writeFile(configFile, JSON.stringify({ systems: { VILIS: off, ONE_STOP: off, PORTAL: off } }))
  const program = startProgram(
    'gateway',
    fileURLToPath(new URL('../../src/gateway.js', import.meta.url)),
    {
      DATABASE_URL: databaseUrl,
      STATE_DIR: stateDir,
      LIENTHONG_CONFIG: configFile,
      PORT: '0',
      JWT_PUBLIC_KEY: key.publicKeyPem,
      NODE_ENV: 'production',
    },
    join(folder, 'gateway.log'),
  )
  try {
    const { url } = JSON.parse(await program.said(/cổng liên thông đang chạy/)) as { url: string }
    const admin = await key.token({ sub: 'admin', name: 'Quản trị', role: 'admin' })
    const officer = await key.token({ sub: 'canbo', name: 'Cán bộ', role: 'officer', communes: [samples.communes[0] as string] })
    const ask = async (token: string, query: string, filter: object): Promise<void> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables: { filter } }),
      })
      const { errors } = (await response.json()) as { errors?: { message: string }[] }
      if (errors) throw new Error(errors[0]?.message)
    }
    for (const [role, token] of [['quản trị', admin] as const, ['cán bộ một xã', officer] as const]) {
      const text = (turn: number) => ({ text: samples.phones[turn % samples.phones.length] })
      await measure(`GraphQL · hồ sơ · tất cả · ${role}`, 'COMMON', () => ask(token, DOSSIERS, {}))
      await measure(`GraphQL · hồ sơ · từ: điện thoại · ${role}`, 'COMMON', (turn) => ask(token, DOSSIERS, text(turn)))
      await measure(`GraphQL · hồ sơ · từ: Nguyễn · ${role}`, 'COMMON', () => ask(token, DOSSIERS, { text: 'Nguyễn' }))
      await measure(`GraphQL · lượt · chờ người xử lý · ${role}`, 'COMMON', () =>
        ask(token, TRANSFERS, { states: ['HELD', 'REJECTED', 'EXHAUSTED'] }),
      )
    }
  } finally {
    await program.stop()
  }
}
