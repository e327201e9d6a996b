/**
 * The order of the test files: those that take longest first, so that at the end no worker stands idle beside a long one. Jest knows how long a file took
 * only where it has run before; in a fresh clone it goes by the size of the file, and the longest of ours are not the largest.
 */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import TestSequencer from '@jest/test-sequencer'

const tests = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Longest first; about ten seconds and more. */
const LONGEST = [
  'flow/drill',
  'browser/console-night',
  'browser/console-watch',
  'browser/console',
  'browser/console-plans',
  'flow/command-line-gateway',
  'flow/replay-plan',
  'flow/process-refusals',
  'flow/feed-large-files',
  'flow/delivery-lost-answer-key-and-digest',
  'flow/delivery-lost-answer-exists',
  'flow/delivery-lost-answer-fields',
  'flow/recovery',
  'flow/reconciliation',
  'browser/console-sign-in',
  'flow/search-at-size',
  'flow/delivery-lost-answer-none',
  'flow/queue-path',
  'flow/process-kill',
  'flow/gate-processes',
  'flow/causes',
  'flow/queue-rebuild',
  'flow/database-gone',
  'flow/delivery-random',
  'flow/delivery-commit-late',
  'flow/embedded-postgres',
  'flow/reform-2025',
  'flow/command-line-database',
  'flow/time-ledger',
  'flow/reconciliation-process',
  'flow/replay-plan-process',
  'flow/process-events',
  'flow/recovery-noticed',
].map((name) => join(tests, `${name}.test.ts`))

const missing = LONGEST.filter((path) => !existsSync(path))
if (missing.length > 0) throw new Error(`tests/support/longest-first.mjs names files that are not there: ${missing.join(', ')}`)

export default class LongestFirst extends TestSequencer {
  sort(given) {
    const placeOf = ({ path }) => (LONGEST.includes(path) ? LONGEST.indexOf(path) : LONGEST.length)
    // Stable: all others stay as Jest has sorted them.
    return super.sort(given).sort((one, other) => placeOf(one) - placeOf(other))
  }
}
