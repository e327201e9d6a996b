import { ask, type Gateway } from './gateway.js'
import { SubmitDossierDocument, type SubmitDossierInput, type SubmitDossierMutation } from './generated/graphql.js'
import { tryAgain } from './try-again.js'

export type Submitted =
  | { readonly kind: 'ACCEPTED'; readonly code: string; readonly repeated: boolean }
  /** `field`: which input to mark, in the names of `SubmitDossierInput`. */
  | { readonly kind: 'REFUSED'; readonly message: string; readonly field: string | null }

const inOurWords = (answer: SubmitDossierMutation['submitDossier']): Submitted => {
  switch (answer.__typename) {
    case 'DossierAccepted':
      return { kind: 'ACCEPTED', code: answer.dossierCode, repeated: answer.repeated }
    case 'InputRefused':
      return { kind: 'REFUSED', message: answer.message, field: answer.field }
    case 'ClientKeyReused':
      return { kind: 'REFUSED', message: answer.message, field: 'clientKey' }
    default:
      // A member that joins the union later does not compile here.
      return answer satisfies never
  }
}

/**
 * Hands a dossier in. `input.clientKey` is made when the person presses the button and kept until there is an answer: whatever is lost on
 * the way, the request is sent again with it, and the dossier is stored once.
 */
export const submitDossier = async (gateway: Gateway, input: SubmitDossierInput): Promise<Submitted> => {
  const { data } = await tryAgain(() => ask(gateway, SubmitDossierDocument, { input }))
  return inOurWords(data.submitDossier)
}
