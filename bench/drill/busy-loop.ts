import { existsSync } from 'node:fs'

/**
 * Preloaded into a program whose event loop is to be busy: at SIGUSR2 it computes until this file is there. Its connections stay open and nobody reads
 * them, its timers come late.
 */
const file = process.env.DRILL_BUSY_UNTIL_FILE ?? ''

process.on('SIGUSR2', () => {
  while (!existsSync(file));
})
