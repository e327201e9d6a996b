import { createServer } from 'node:http'
import { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import Fastify from 'fastify'
import pg from 'pg'
import { createClientAsync } from 'soap'
import { VILIS_WSDL_PATH } from '../../adapters/vilis/adapter.js'
import { BARE_SCHEMA, COMMUNE } from './queries.js'
import { type BareParcel, openRegistry } from './registry-call.js'

/**
 * What the gateway is measured against, one a process: the floor without GraphQL, Apollo alone, Apollo with the `soap` package as its documentation
 * shows it, and Apollo that reads the same rows and makes the same call with nothing around.
 */
export type BareKind = 'floor' | 'constant' | 'plain-soap' | 'bare-dossier'

export interface BareTask {
  readonly kind: BareKind
  readonly backendUrl: string
  readonly databaseUrl: string
}

interface Key {
  readonly communeCode: string
  readonly mapSheetNumber: string
  readonly parcelNumber: string
}

const CONNECTIONS = 16

const say = (url: string): void => void process.stdout.write(`${JSON.stringify({ pid: process.pid, url })}\n`)

const serveFloor = ({ backendUrl }: BareTask): void => {
  const read = openRegistry(backendUrl, CONNECTIONS)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const { variables } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { variables: { key: Key } }
      const parcel = await read(COMMUNE, variables.key.mapSheetNumber, variables.key.parcelNumber)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { parcel } }))
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address === 'object') say(`http://127.0.0.1:${address.port}`)
  })
}

const CONSTANT: BareParcel = {
  mapSheetNumber: '12',
  parcelNumber: '1',
  knownToRegistry: true,
  areaM2: '120.50',
  address: 'Ấp Thử, xã Mẫu',
  landUses: [{ code: 'ONT', areaM2: '120.50', term: 'Lâu dài' }],
  certificateSerials: ['BX123456'],
  restrictions: [],
}

const plainSoap = async ({ backendUrl }: BareTask) => {
  const client = await createClientAsync(VILIS_WSDL_PATH, {}, backendUrl)
  return async ({ communeCode, mapSheetNumber, parcelNumber }: Key): Promise<BareParcel> => {
    const key = { XaId: communeCode, SoHieuBanDo: mapSheetNumber, SoThuTuThua: parcelNumber }
    const [result] = await client.TraCuuThuaDatAsync({ DanhSachThua: { KhoaThuaDat: [key] } })
    const parcel = result.DanhSachThuaDat.ThuaDat[0]
    return {
      mapSheetNumber: parcel.SoHieuBanDo,
      parcelNumber: parcel.SoThuTuThua,
      knownToRegistry: true,
      areaM2: parcel.DienTich,
      address: parcel.DiaChiChiTiet,
      landUses: parcel.DanhSachMucDichSuDung.MucDich.map((use: Record<string, string>) => ({
        code: use.MucDichSuDung,
        areaM2: use.DienTich,
        term: use.ThoiHanSuDung,
      })),
      certificateSerials: parcel.SoPhatHanh,
      restrictions: [],
    }
  }
}

const DOSSIER = `SELECT d.id, d.code, d.due_at AS "dueAt", d.summary, d.status FROM dossier d WHERE d.code = $1`
const PARCELS = `SELECT r.map_sheet_number AS "mapSheetNumber", r.parcel_number AS "parcelNumber" FROM parcel_reference r WHERE r.dossier_id = $1`

const resolversOf = async (task: BareTask): Promise<Record<string, unknown>> => {
  if (task.kind === 'constant') return { parcel: () => CONSTANT }
  if (task.kind === 'plain-soap') {
    const read = await plainSoap(task)
    return { parcel: (_: unknown, { key }: { key: Key }) => read(key) }
  }
  const read = openRegistry(task.backendUrl, CONNECTIONS)
  const database = new pg.Pool({ connectionString: task.databaseUrl, max: 10 })
  return {
    dossier: async (_: unknown, { code }: { code: string }) => {
      const [row] = (await database.query(DOSSIER, [code])).rows
      return {
        ...row,
        statusCode: 2,
        dueAt: row.dueAt.toISOString(),
        parcels: async () =>
          (await database.query(PARCELS, [row.id])).rows.map((parcel: BareParcel) => ({
            ...parcel,
            live: () => read(COMMUNE, parcel.mapSheetNumber, parcel.parcelNumber),
          })),
      }
    },
  }
}

const serveApollo = async (task: BareTask): Promise<void> => {
  const apollo = new ApolloServer({ typeDefs: BARE_SCHEMA, resolvers: { Query: await resolversOf(task) } })
  await apollo.start()
  const app = Fastify()
  app.route({ method: ['GET', 'POST'], url: '/graphql', handler: fastifyApolloHandler(apollo) })
  say(await app.listen({ host: '127.0.0.1', port: 0 }))
}

const task = JSON.parse(process.env.BENCH_TASK ?? '{}') as BareTask
if (task.kind === 'floor') serveFloor(task)
else await serveApollo(task)
