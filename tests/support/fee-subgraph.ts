import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import { startStandaloneServer } from '@apollo/server/standalone'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'

/** Another service of the province, of its own graph: fees of dossiers and land prices, which know our things by their keys alone. */
const TYPE_DEFS = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { fees: [Fee!]! }
  type Fee @key(fields: "number") { number: ID! amountVnd: String! dossier: Dossier }
  type Dossier @key(fields: "code") { code: String! fees: [Fee!]! }
  type Parcel @key(fields: "communeCode mapSheetNumber parcelNumber") {
    communeCode: String! mapSheetNumber: String! parcelNumber: String! priceVndPerM2: String
  }
  type PageInfo @shareable { hasNextPage: Boolean! }
`)

export interface Fee {
  readonly number: string
  readonly amountVnd: string
  readonly dossierCode: string
}

export interface FeeSubgraph {
  readonly url: string
  /** Operations that it was asked, as they came. */
  readonly asked: string[]
  stop(): Promise<void>
}

type Key = Readonly<Record<string, string>>

export const startFeeSubgraph = async (fees: readonly Fee[]): Promise<FeeSubgraph> => {
  const asked: string[] = []
  const schema = buildSubgraphSchema([
    {
      typeDefs: TYPE_DEFS,
      resolvers: {
        Query: { fees: () => fees },
        Fee: { dossier: ({ dossierCode }: Fee) => ({ code: dossierCode }) },
        Dossier: { fees: ({ code }: Key) => fees.filter(({ dossierCode }) => dossierCode === code) },
        Parcel: { priceVndPerM2: ({ mapSheetNumber }: Key) => `${mapSheetNumber}000000` },
      },
    },
  ])
  const server = new ApolloServer({
    schema,
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      {
        requestDidStart: async ({ request }) => {
          asked.push(request.query ?? '')
        },
      },
    ],
  })
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } })
  return { url, asked, stop: () => server.stop() }
}
