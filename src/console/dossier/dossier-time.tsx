import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { DossierTimeDocument } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { Failure } from '../show/failure.js'
import { LetterCard } from './letter-card.js'
import { TimeLedgerCard } from './time-ledger-card.js'

const Time = asDocument(DossierTimeDocument)
const EVERY_MS = 30_000

/** Read apart from the rest of the page, which does not wait for it. */
export const DossierTime = ({ code }: { readonly code: string }) => {
  const mayIssue = useMay('issueLetters')
  const { data, error, again } = useFresh(Time, { code }, { everyMs: EVERY_MS })
  const dossier = data?.dossier
  return (
    <>
      {error && !dossier && <Failure error={error} again={again} />}
      {dossier?.timeLedger && <TimeLedgerCard ledger={dossier.timeLedger} />}
      {mayIssue && dossier?.apologyProposal && (
        <LetterCard code={dossier.code} proposal={dossier.apologyProposal} letters={dossier.apologyLetters ?? []} onIssued={again} />
      )}
    </>
  )
}
