import type { MisbehaviourRule } from './misbehaviour.js'

/** What stands in place of the only attachment's content when it is swapped: another file, in base64. */
const ANOTHER_FILE = Buffer.from('Tệp của hồ sơ khác', 'utf8').toString('base64')

/**
 * The attachments as a misbehaving twin keeps or sends them: the last one lost, the first one doubled, or their contents given to
 * the wrong names. Without such a rule: the list itself. `contentKey` names the field that holds the content.
 */
export function mangledAttachments<T extends object>(rule: MisbehaviourRule | undefined, list: readonly T[], contentKey: keyof T): T[] {
  switch (rule?.kind) {
    case 'LOSE_ATTACHMENT':
      return list.slice(0, -1)
    case 'DOUBLE_ATTACHMENT':
      return [...list.slice(0, 1), ...list]
    case 'SWAP_ATTACHMENT':
      return list.map((file, i) => ({ ...file, [contentKey]: list.length > 1 ? list[(i + 1) % list.length]?.[contentKey] : ANOTHER_FILE }))
    default:
      return [...list]
  }
}
