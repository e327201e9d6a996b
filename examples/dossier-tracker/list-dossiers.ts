import { ask, type Gateway } from './gateway.js'
import { type DossierFilterInput, DossierPageDocument, type DossierPageQuery } from './generated/graphql.js'
import { tryAgain } from './try-again.js'

export type DossierLine = DossierPageQuery['dossiers']['edges'][number]['node']

/** All dossiers that the caller may see, the next to be due first, page after page. Stop reading and no further page is asked for. */
export async function* listDossiers(gateway: Gateway, filter: DossierFilterInput = {}, first = 20): AsyncGenerator<DossierLine> {
  let after: string | null = null
  do {
    const variables: { first: number; after: string | null; filter: DossierFilterInput } = { first, after, filter }
    const { data } = await tryAgain(() => ask(gateway, DossierPageDocument, variables))
    const { edges, pageInfo }: DossierPageQuery['dossiers'] = data.dossiers
    yield* edges.map(({ node }) => node)
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
}
