import { describeLostAnswers } from '../support/uncertain-life.js'

/** Each operation of a life has an agreement of its own: what cannot be inquired is left to people, what follows it in the same order is asked for. */
describeLostAnswers('NONE', {
  SUPPLEMENT: 'EXISTS',
  WITHDRAW: 'FIELDS',
  POST_SUPPLEMENT: 'KEY_AND_DIGEST',
  UPDATE_STATUS: 'FIELDS',
  SYNC_PROGRESS: 'EXISTS',
})
