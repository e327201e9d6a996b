import type { SystemFactsFragment } from '../generated/graphql.js'
import classes from './trouble.module.css'

/** The mark of a card whose system does not answer or serve, or is not called; undefined: nothing is wrong. */
export const troubleMark = ({ health, paused, breakers }: SystemFactsFragment): string | undefined => {
  if (health === 'DOWN' || health === 'REFUSING') return classes.down
  return paused || breakers?.some(({ state }) => state !== 'CLOSED') ? classes.halted : undefined
}
