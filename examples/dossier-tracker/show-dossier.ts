import type { Answer, Gateway } from './gateway.js'
import { OneDossierDocument, type OneDossierQuery } from './generated/graphql.js'
import { readInParts } from './read-in-parts.js'

export type DossierView = Answer<OneDossierQuery>

/** A dossier as far as it is known: at once what the gateway has, then what the land registry says. NOT_FOUND stands in `faults`. */
export const showDossier = (gateway: Gateway, code: string): AsyncGenerator<DossierView> =>
  readInParts(gateway, OneDossierDocument, { code })
