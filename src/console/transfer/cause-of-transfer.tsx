import { useEffect } from 'react'
import { useQuery } from 'urql'
import { CauseCard } from '../causes/cause-card.js'
import { asDocument } from '../data/documents.js'
import { TransferCauseDocument } from '../generated/graphql.js'
import type { TransferDetail } from './what-happened.js'

/** The cause that this failure shares with others, and what somebody has found out about it. Read with each move of the transfer. */
export const CauseOfTransfer = ({ transfer }: { readonly transfer: Pick<TransferDetail, 'id' | 'version' | 'explanation'> }) => {
  const { id, version, explanation } = transfer
  const [{ data }, read] = useQuery({ query: asDocument(TransferCauseDocument), variables: { id } })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version, perhaps another cause
  useEffect(() => read(), [version])
  const cause = data?.transfer?.cause
  return cause ? <CauseCard cause={cause} again={read} isAdvised={cause.nextStep === explanation.nextStep} /> : null
}
