import type { Command } from 'commander'
import type { Session } from './session.js'

/** Options that every command with an answer has. */
export interface Answered {
  readonly json?: boolean
}

export const declareCommand = (parent: Command, usage: string, description: string, { say }: Session): Command =>
  parent.command(usage).description(description).option('--json', say('trả lời bằng JSON, cho chương trình', 'answer in JSON, for scripts'))
