import type { SystemFactsFragment } from '../generated/graphql.js'

/** What every dialog about a system is given. `onDone`: closes it, with a sentence of what was done. */
export interface DialogProps {
  readonly system: SystemFactsFragment
  readonly onDone: (sentence: string) => void
  readonly onClose: () => void
}
