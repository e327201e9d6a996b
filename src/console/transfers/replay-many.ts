import type { Client } from 'urql'
import { newClientKey } from '../data/client-key.js'
import { asDocument } from '../data/documents.js'
import { ReplayTransferDocument, type TransferFilterInput, TransferPageDocument } from '../generated/graphql.js'
import type { Selection } from './selection.js'

/** More than this is for a replay plan, which looks before it sends and survives this tab. */
export const MOST_AT_ONCE = 500

export interface ReplayProgress {
  readonly total: number
  readonly done: number
  readonly refused: readonly { readonly id: string; readonly code: string; readonly sentence: string }[]
}

interface Chosen {
  readonly id: string
  readonly code: string
}

const Page = asDocument(TransferPageDocument)

/** The chosen transfers in the order of the list; null: more than may be replayed at once, or the list cannot be read. */
const listChosen = async (client: Client, filter: TransferFilterInput, { kind, ids }: Selection): Promise<Chosen[] | null> => {
  if (kind === 'SOME' && ids.size > MOST_AT_ONCE) return null
  const chosen: Chosen[] = []
  let after: string | null | undefined
  for (;;) {
    const { data } = await client.query(Page, { filter, after, first: 100 })
    if (!data) return null
    for (const { node } of data.transfers.edges)
      if (kind === 'ALL' || ids.has(node.id)) chosen.push({ id: node.id, code: node.dossier.code })
    if (chosen.length > MOST_AT_ONCE) return null
    if (!data.transfers.pageInfo.hasNextPage || (kind === 'SOME' && chosen.length === ids.size)) return chosen
    after = data.transfers.pageInfo.endCursor
  }
}

/** Replays one after the other and tells of each. What the gateway refuses, or does not answer, is told and left as it is. */
export const replayMany = async (
  client: Client,
  given: { readonly filter: TransferFilterInput; readonly selection: Selection; readonly reason: string; readonly signal: AbortSignal },
  tell: (progress: ReplayProgress) => void,
  unanswered: string,
): Promise<'TOO_MANY' | 'ENDED'> => {
  const chosen = await listChosen(client, given.filter, given.selection)
  if (chosen === null) return 'TOO_MANY'
  let progress: ReplayProgress = { total: chosen.length, done: 0, refused: [] }
  tell(progress)
  for (const { id, code } of chosen) {
    if (given.signal.aborted) break
    const input = { clientKey: newClientKey(), transferId: id, reason: given.reason }
    const { data, error } = await client.mutation(asDocument(ReplayTransferDocument), { input })
    const outcome = data?.replayTransfer
    if (outcome?.__typename === 'TransferActDone') progress = { ...progress, done: progress.done + 1 }
    else {
      const sentence = outcome?.message ?? error?.graphQLErrors[0]?.message ?? unanswered
      progress = { ...progress, refused: [...progress.refused, { id, code, sentence }] }
    }
    tell(progress)
  }
  return 'ENDED'
}
